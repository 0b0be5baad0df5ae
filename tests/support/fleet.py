"""A fleet in memory: records and namespaces in a mirror whose cluster nobody reaches."""

from datetime import timedelta

from nsaas_app.cleanup.activity import Activity
from nsaas_app.cleanup.sightings import Sightings
from nsaas_app.cleanup.sweeps import Sweeps
from nsaas_app.cluster.pulse import Pulse
from nsaas_app.domain import keys
from nsaas_app.identity.roles import GlobalGroups
from nsaas_app.provisioning.stores import Stores
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.cleanup import CleanupStore
from nsaas_app.store.database import Database
from nsaas_app.store.jobs import JobStore
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.requests import RequestStore
from nsaas_app.store.sessions import SessionStore
from nsaas_app.store.teams import TeamStore
from nsaas_app.store.turns import TurnStore
from nsaas_app.teams.teams import Teams
from tests.directory.samples import Desk, namespace, record

__all__ = ["put", "sweeps_of"]


def sweeps_of(
    desk: Desk,
    database: Database,
    *,
    pulse: Pulse | None = None,
    cleanup: CleanupStore | None = None,
) -> tuple[Sweeps, Sightings]:
    """Sweeps of a fleet in memory, by the desk's clock; without a pulse, of one that is silent."""
    audit = AuditStore(key=b"test")
    stores = Stores(
        database=database,
        requests=RequestStore(),
        namespaces=NamespaceStore(),
        jobs=JobStore(),
        ledger=LedgerStore(),
        audit=audit,
    )
    sightings = Sightings(
        directory=desk.directory,
        board=desk.board,
        mirror=desk.mirror,
        cluster_name="local",
        clock=lambda: desk.now,
    )
    teams = Teams(
        database=database,
        teams=TeamStore(),
        ledger=LedgerStore(),
        audit=audit,
        clock=lambda: desk.now,
    )
    if pulse is None:
        pulse = Pulse(desk.mirror.cluster, clock=lambda: desk.now)
        pulse.trouble.clear()  # As if events and Leases had been read, and there were none.
    sweeps = Sweeps(
        stores=stores,
        cleanup=cleanup or CleanupStore(),
        turns=TurnStore(),
        sessions=SessionStore(),
        sightings=sightings,
        activity=Activity(desk.mirror, clock=lambda: desk.now),
        pulse=pulse,
        teams=teams,
        global_groups=GlobalGroups(),
        hub=desk.hub,
        cluster_name="local",
        every=timedelta(minutes=1),
        clock=lambda: desk.now,
    )
    return sweeps, sightings


def put(desk: Desk, *names: str) -> None:
    """Namespaces with their records, with the label that makes them ours."""
    for name in names:
        desk.mirror.namespaces.put(namespace(name, labels={keys.MANAGED: keys.MANAGED_VALUE}))
        desk.directory.put_record(record(name))
