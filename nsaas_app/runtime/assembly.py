"""Building the singletons: which part gets which collaborator."""

import time
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from ..cluster.client import Cluster
from ..cluster.connection import ClusterAddress, connect
from ..cluster.mirror import Mirror
from ..cluster.pulse import Pulse
from ..directory.directory import Directory
from ..directory.feed import Feed
from ..directory.hub import FEED, SESSIONS, TEAMS, Hub
from ..directory.requests import RequestBoard
from ..identity.audit_anchors import AuditAnchors
from ..identity.audit_trail import AuditTrail
from ..identity.limits import RateLimits
from ..identity.live import LiveConnections
from ..identity.personal import Personal
from ..identity.preferences import PreferenceBook
from ..identity.service_accounts import AUDIENCE, ServiceAccountTokens
from ..insights.access import AccessReports
from ..insights.endings import Endings
from ..insights.kubeconfig import Kubeconfigs
from ..insights.network import Networks
from ..insights.objects import Objects
from ..insights.offerings import Offerings
from ..insights.performance import Performances
from ..insights.reports import Reports
from ..insights.shipped import Shipped, read_shipped
from ..insights.sizing import Sizings
from ..insights.team_use import TeamUses
from ..insights.topology import Topologies
from ..insights.trends import Trends
from ..insights.usage import Usages
from ..insights.warnings import WarningReports
from ..insights.workloads import WorkloadReports
from ..manifests.network_policies import NetworkSettings
from ..provisioning.adoption import Adoptions
from ..provisioning.change_preview import ChangePreviews
from ..provisioning.changes import Changes
from ..provisioning.consent import ConsentWatch
from ..provisioning.crashpoints import CrashPoints
from ..provisioning.decisions import Decisions
from ..provisioning.departure_preview import DeparturePreviews
from ..provisioning.drift import DriftWatch
from ..provisioning.identifiers import new_key
from ..provisioning.intake import Intake
from ..provisioning.plans import Plans
from ..provisioning.preview import Previews
from ..provisioning.protection import Protections
from ..provisioning.provisioner import Provisioner
from ..provisioning.questions import Questions
from ..provisioning.reminders import Reminders
from ..provisioning.repairs import Repairs
from ..provisioning.run import RunTools
from ..provisioning.sets import NamespaceSets
from ..provisioning.stores import Stores
from ..provisioning.worker import Worker
from ..settings import Settings
from ..store.bookings import BookingStore
from ..store.database import Database
from ..store.jobs import JobStore
from ..store.ledger import LedgerStore
from ..store.namespaces import NamespaceStore
from ..store.personal import PersonalStore
from ..store.requests import RequestStore
from ..store.samples import SampleStore
from ..store.schema import upgrade
from ..store.turns import TurnStore
from ..teams.teams import Teams
from .checkup import Checkup
from .cleanup import build_cleanup
from .clock import utc_now
from .identity import build_identity, global_groups
from .lifetime import build_lifetime
from .organisation import build_organisation
from .singletons import Runtime

__all__ = ["build"]

_SHIPPED: Final = Path("apps", "portal")


def _shipped() -> Shipped:
    """Read what is shipped for clusters: beside the package, or where the image has it."""
    for base in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (base / _SHIPPED).is_dir():
            return read_shipped(base / _SHIPPED)
    return Shipped()


async def _mirror(settings: Settings, stack: AsyncExitStack) -> Mirror | None:
    if settings.no_cluster:
        return None
    address = ClusterAddress(
        name=settings.cluster_name,
        kubeconfig=settings.kubeconfig,
        context=settings.kube_context,
    )
    cluster: Cluster = await connect(address)
    stack.push_async_callback(cluster.close)
    return Mirror(cluster)


def _personal(database: Database) -> Personal:
    return Personal(database=database, store=PersonalStore(), clock=utc_now)


def _network(settings: Settings) -> NetworkSettings:
    return NetworkSettings(
        dns_namespace=settings.dns_namespace,
        gateway_namespaces=settings.gateway_namespaces,
        monitoring_namespaces=settings.monitoring_namespaces,
        apiserver_cidrs=settings.apiserver_cidrs,
        database_cidrs=settings.database_cidrs,
        database_port=settings.database_port,
    )


def _reports(
    settings: Settings,
    mirror: Mirror | None,
    *,
    directory: Directory,
    board: RequestBoard,
    teams: Teams,
    database: Database,
    pulse: Pulse | None,
) -> Reports:
    network = _network(settings)
    return Reports(
        usage=Usages(directory=directory, teams=teams, mirror=mirror, pulse=pulse),
        trends=Trends(
            directory=directory,
            database=database,
            samples=SampleStore(),
            turns=TurnStore(),
            cluster_name=settings.cluster_name,
            process=new_key(),
            clock=utc_now,
        ),
        network=Networks(directory=directory, mirror=mirror, settings=network),
        access=AccessReports(directory=directory, mirror=mirror, clock=utc_now),
        objects=Objects(directory=directory, mirror=mirror, settings=network, clock=utc_now),
        kubeconfig=Kubeconfigs(
            directory=directory,
            mirror=mirror,
            server=settings.cluster_server,
            is_local=settings.is_dev,
        ),
        workloads=WorkloadReports(directory=directory, mirror=mirror),
        endings=Endings(directory=directory, mirror=mirror, board=board),
        topology=Topologies(directory=directory, mirror=mirror),
        warnings=WarningReports(directory=directory, mirror=mirror, clock=utc_now),
        team_use=TeamUses(
            teams=teams,
            directory=directory,
            database=database,
            bookings=BookingStore(),
            clock=utc_now,
        ),
        sizing=Sizings(directory=directory, clock=utc_now),
        performance=Performances(board=board, clock=utc_now),
        offerings=Offerings(settings=network),
    )


def _worker(
    settings: Settings,
    mirror: Mirror | None,
    stores: Stores,
    board: RequestBoard,
    directory: Directory,
) -> Worker | None:
    if mirror is None or settings.role not in ("worker", "all"):
        return None
    tools = RunTools(
        cluster=mirror.cluster,
        mirror=mirror,
        network=_network(settings),
        crash=CrashPoints(settings.crash_at if settings.is_dev else ""),
        clock=utc_now,
        gone_within_s=settings.deletion_wait_seconds,
    )
    return Worker(stores=stores, tools=tools, board=board, directory=directory)


def _service_accounts(
    settings: Settings, cluster: Cluster | None, teams: Teams
) -> ServiceAccountTokens | None:
    if cluster is None:
        return None
    return ServiceAccountTokens(
        review=partial(cluster.review_token, audience=AUDIENCE),
        groups=settings.groups_of_accounts,
        teams=teams.all,
        global_groups=global_groups(settings),
    )


def _drift_watch(
    settings: Settings, mirror: Mirror, directory: Directory, stores: Stores, worker: Worker
) -> DriftWatch:
    drift = DriftWatch(
        mirror=mirror,
        directory=directory,
        stores=stores,
        network=_network(settings),
        clock=utc_now,
        wake_worker=worker.wake,
    )
    worker.listen_repairs(drift.look_at)
    return drift


async def build(settings: Settings, stack: AsyncExitStack) -> Runtime:
    """Build every part of a process; `stack` closes what was opened.

    Raises:
        SettingsError: a key is missing. UnavailableError: the database does not answer.
    """
    await upgrade(settings.database)
    database = Database(settings.database)
    stack.push_async_callback(database.close)
    hub = Hub()
    identity = build_identity(settings, database, on_ended=lambda: hub.publish(SESSIONS))
    stack.push_async_callback(identity.close)
    mirror = await _mirror(settings, stack)
    cluster = mirror.cluster if mirror is not None else None
    feed = Feed(hub.publish, FEED, start=time.time_ns() // 1_000_000)
    board = RequestBoard(hub=hub, feed=feed, clock=utc_now)
    directory = Directory(hub=hub, feed=feed, mirror=mirror, board=board, clock=utc_now)
    stores = Stores(
        database=database,
        requests=RequestStore(),
        namespaces=NamespaceStore(),
        jobs=JobStore(),
        ledger=LedgerStore(),
        audit=identity.audit,
    )
    worker = _worker(settings, mirror, stores, board, directory)
    identity.teams.listen(lambda: hub.publish(TEAMS))
    wake = worker.wake if worker is not None else lambda: None
    intake = Intake(
        stores=stores, directory=directory, board=board, clock=utc_now, wake_worker=wake
    )
    provisioner = Provisioner(
        stores=stores,
        intake=intake,
        teams=identity.teams,
        directory=directory,
        members=identity.members,
        cluster_name=settings.cluster_name,
        sleep_timezone=settings.default_sleep_timezone,
        house=settings.house_rules,
        clock=utc_now,
    )
    plans = Plans(
        stores=stores,
        teams=identity.teams,
        directory=directory,
        cluster_name=settings.cluster_name,
        house=settings.house_rules,
        clock=utc_now,
    )
    changes = Changes(
        stores=stores,
        intake=intake,
        plans=plans,
        provisioner=provisioner,
        teams=identity.teams,
        clock=utc_now,
    )
    previews = Previews(
        provisioner=provisioner,
        teams=identity.teams,
        board=board,
        cluster=cluster,
        network=_network(settings),
        clock=utc_now,
    )
    adoptions = Adoptions(
        intake=intake,
        provisioner=provisioner,
        previews=previews,
        teams=identity.teams,
        directory=directory,
        cluster=cluster,
        network=_network(settings),
        clock=utc_now,
    )
    change_previews = ChangePreviews(
        plans=plans,
        teams=identity.teams,
        board=board,
        cluster=cluster,
        network=_network(settings),
        clock=utc_now,
    )
    decisions = Decisions(
        stores=stores,
        teams=identity.teams,
        board=board,
        directory=directory,
        clock=utc_now,
        wake_worker=wake,
    )
    drift = consent = None
    if mirror is not None and worker is not None:
        consent = ConsentWatch(mirror=mirror, directory=directory, stores=stores, wake_worker=wake)
        drift = _drift_watch(settings, mirror, directory, stores, worker)
    lifetime = build_lifetime(
        settings,
        stores=stores,
        directory=directory,
        changes=changes,
        plans=plans,
        teams=identity.teams,
        cluster=cluster,
        clock=utc_now,
    )
    cleanup = build_cleanup(
        settings,
        stores=stores,
        mirror=mirror,
        directory=directory,
        board=board,
        teams=identity.teams,
        changes=changes,
        intake=intake,
        wake_worker=wake,
        tell=lifetime.notices.tell_of,
        attend=lifetime.timetable.attend,
    )
    return Runtime(
        settings=settings,
        database=database,
        stores=stores,
        directory=directory,
        requests=board,
        provisioner=provisioner,
        sets=NamespaceSets(provisioner=provisioner, intake=intake, teams=identity.teams),
        previews=previews,
        change_previews=change_previews,
        departure_previews=DeparturePreviews(
            plans=plans,
            teams=identity.teams,
            directory=directory,
            board=board,
            cluster=cluster,
            network=_network(settings),
            clock=utc_now,
        ),
        plans=plans,
        changes=changes,
        adoptions=adoptions,
        decisions=decisions,
        questions=Questions(
            stores=stores,
            board=board,
            directory=directory,
            clock=utc_now,
            tell=lifetime.notices.tell_of,
        ),
        reminders=Reminders(
            stores=stores,
            board=board,
            clock=utc_now,
            moments=[timedelta(days=days) for days in settings.approval_reminder_days],
        ),
        protections=Protections(
            stores=stores,
            directory=directory,
            cluster_name=settings.cluster_name,
            clock=utc_now,
        ),
        repairs=Repairs(stores=stores, directory=directory, clock=utc_now, wake_worker=wake),
        cleanup=cleanup,
        reports=_reports(
            settings,
            mirror,
            directory=directory,
            board=board,
            teams=identity.teams,
            database=database,
            pulse=cleanup.pulse,
        ),
        teams=identity.teams,
        organisation=build_organisation(
            stores=stores,
            teams=identity.teams,
            members=identity.members,
            directory=directory,
            board=board,
            inbox=lifetime.inbox,
        ),
        sign_in=identity.sign_in,
        oidc=identity.oidc,
        connections=LiveConnections(per_person=settings.live_connections),
        tokens=identity.tokens,
        own_tokens=identity.own_tokens,
        personal=_personal(database),
        preferences=PreferenceBook(personal=_personal(database)),
        service_accounts=_service_accounts(settings, cluster, identity.teams),
        audit_trail=AuditTrail(
            database=database,
            audit=identity.audit,
            anchors=AuditAnchors(database=database, audit=identity.audit, clock=utc_now),
            clock=utc_now,
        ),
        checkup=Checkup(
            database=database,
            jobs=stores.jobs,
            directory=directory,
            mirror=mirror,
            shipped=_shipped(),
            has_worker=worker is not None,
            role=settings.role,
            cluster_name=settings.cluster_name,
            clock=utc_now,
        ),
        limits=RateLimits(burst=settings.rate_burst, per_second=settings.rate_per_second),
        live_limits=RateLimits(burst=settings.live_burst, per_second=settings.live_per_second),
        auth_limits=RateLimits(
            burst=settings.auth_rate_burst, per_second=settings.auth_rate_per_second
        ),
        mirror=mirror,
        worker=worker,
        drift=drift,
        consent=consent,
        lifetime=lifetime,
        clock=utc_now,
    )
