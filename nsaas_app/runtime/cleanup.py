"""Building what cleanup is made of."""

from collections.abc import Callable
from datetime import datetime, timedelta

from ..cleanup.activity import Activity
from ..cleanup.advance import Advance
from ..cleanup.archiving import Archiving
from ..cleanup.book import PlanBook
from ..cleanup.candidates import Candidates
from ..cleanup.concerns import Concerns
from ..cleanup.desk import Desk
from ..cleanup.missing import MissingNamespaces
from ..cleanup.moves import Moves, Tell
from ..cleanup.plans import CleanupPlans
from ..cleanup.progress import Progress
from ..cleanup.returns import Returns
from ..cleanup.rules import CleanupRules
from ..cleanup.sightings import Sightings
from ..cleanup.steering import Steering
from ..cleanup.stuck import StuckNamespaces
from ..cleanup.sweeps import Sweeps
from ..cleanup.unmanaged import UnmanagedNamespaces
from ..cluster.mirror import Mirror
from ..cluster.pulse import Pulse
from ..directory.directory import Directory
from ..directory.requests import RequestBoard
from ..domain.cleanup import Stage
from ..identity.roles import GlobalGroups
from ..provisioning.changes import Changes
from ..provisioning.intake import Intake
from ..provisioning.stores import Stores
from ..settings import Settings
from ..store.cleanup import CleanupStore
from ..store.cleanup_rules import CleanupRuleStore
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
    changes: Changes,
    intake: Intake,
    wake_worker: Callable[[], None],
    tell: Tell,
    attend: Callable[[Callable[[str], datetime | None]], None],
) -> Desk:
    """Build the use cases of cleanup on what the portal has.

    `tell` tells people of a stage; `attend` learns whom to ask what nobody uses.
    """
    cleanup = CleanupStore()
    sightings = Sightings(
        directory=directory,
        board=board,
        mirror=mirror,
        cluster_name=settings.cluster_name,
        clock=utc_now,
    )
    pulse = (
        Pulse(mirror.cluster, clock=utc_now, has_usage=settings.usage_source != "off")
        if mirror is not None
        else None
    )
    sweeps = Sweeps(
        stores=stores,
        cleanup=cleanup,
        turns=TurnStore(),
        sessions=SessionStore(),
        sightings=sightings,
        activity=Activity(mirror, clock=utc_now) if mirror is not None else None,
        pulse=pulse,
        teams=teams,
        global_groups=GlobalGroups(
            frozenset(settings.admin_groups), frozenset(settings.auditor_groups)
        ),
        hub=directory.hub,
        cluster_name=settings.cluster_name,
        every=timedelta(seconds=settings.cleanup_sweep_seconds),
        clock=utc_now,
    )
    attend(sweeps.quiet_since)
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
    waits = {
        Stage.NOTIFY: timedelta(days=settings.cleanup_notice_days),
        Stage.SLEEP: timedelta(days=settings.cleanup_sleep_days),
        Stage.REVOKE: timedelta(days=settings.cleanup_revoke_days),
    }
    cluster = mirror.cluster if mirror is not None else None
    moves = Moves(
        changes=changes,
        stores=stores,
        mirror=mirror,
        wake_worker=wake_worker,
        archiving=Archiving(stores=stores, cluster=cluster, clock=utc_now),
        tell=tell,
        waits=waits,
        clock=utc_now,
    )
    returns = Returns(changes=changes, stores=stores, clock=utc_now)
    book = PlanBook(
        stores=stores,
        cleanup=cleanup,
        hub=directory.hub,
        cluster_name=settings.cluster_name,
        clock=utc_now,
    )
    progress = Progress(
        candidates=candidates,
        advance=Advance(moves=moves, returns=returns, waits=waits, clock=utc_now),
        stores=stores,
        cleanup=cleanup,
        turns=TurnStore(),
        directory=directory,
        cluster_name=settings.cluster_name,
        clock=utc_now,
    )
    return Desk(
        candidates=candidates,
        concerns=Concerns(
            candidates=candidates,
            stores=stores,
            cleanup=cleanup,
            cluster_name=settings.cluster_name,
        ),
        sweeps=sweeps,
        plans=CleanupPlans(book=book, candidates=candidates, wake=progress.wake),
        steering=Steering(book=book, candidates=candidates, returns=returns, wake=progress.wake),
        progress=progress,
        rules=CleanupRules(
            candidates=candidates,
            stores=stores,
            cleanup=cleanup,
            rules=CleanupRuleStore(),
            directory=directory,
            cluster_name=settings.cluster_name,
            clock=utc_now,
            wake=progress.wake,
        ),
        pulse=pulse,
        stuck=StuckNamespaces(mirror=mirror, directory=directory, stores=stores, clock=utc_now),
        unmanaged=UnmanagedNamespaces(mirror=mirror, directory=directory, clock=utc_now),
        missing=MissingNamespaces(
            stores=stores,
            intake=intake,
            directory=directory,
            candidates=candidates,
            cluster=cluster,
            cluster_name=settings.cluster_name,
            clock=utc_now,
        ),
    )
