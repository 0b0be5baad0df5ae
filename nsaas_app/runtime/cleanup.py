"""Building what cleanup is made of."""

from datetime import timedelta

from ..cleanup.activity import Activity
from ..cleanup.candidates import Candidates
from ..cleanup.desk import Desk
from ..cleanup.sightings import Sightings
from ..cleanup.sweeps import Sweeps
from ..cluster.mirror import Mirror
from ..directory.directory import Directory
from ..directory.requests import RequestBoard
from ..identity.roles import GlobalGroups
from ..provisioning.stores import Stores
from ..settings import Settings
from ..store.cleanup import CleanupStore
from ..store.sessions import SessionStore
from ..store.turns import TurnStore
from ..teams.teams import Teams
from .clock import utc_now

__all__ = ["build_cleanup"]


def build_cleanup(
    settings: Settings,
    *,
    stores: Stores,
    mirror: Mirror | None,
    directory: Directory,
    board: RequestBoard,
    teams: Teams,
) -> Desk:
    """Build the use cases of cleanup on what the portal has."""
    cleanup = CleanupStore()
    sightings = Sightings(
        directory=directory,
        board=board,
        mirror=mirror,
        cluster_name=settings.cluster_name,
        clock=utc_now,
    )
    sweeps = Sweeps(
        stores=stores,
        cleanup=cleanup,
        turns=TurnStore(),
        sessions=SessionStore(),
        sightings=sightings,
        activity=Activity(mirror, clock=utc_now) if mirror is not None else None,
        teams=teams,
        global_groups=GlobalGroups(
            frozenset(settings.admin_groups), frozenset(settings.auditor_groups)
        ),
        hub=directory.hub,
        cluster_name=settings.cluster_name,
        every=timedelta(seconds=settings.cleanup_sweep_seconds),
        clock=utc_now,
    )
    candidates = Candidates(
        sightings=sightings,
        sweeps=sweeps,
        stores=stores,
        cleanup=cleanup,
        directory=directory,
        hub=directory.hub,
        cluster_name=settings.cluster_name,
        clock=utc_now,
    )
    return Desk(candidates=candidates, sweeps=sweeps)
