"""Concerns: what cleanup has in mind for the namespaces of one person's teams."""

from dataclasses import dataclass
from datetime import datetime

from ..domain.actors import Actor
from ..domain.cleanup import Candidate, Stage
from ..domain.cleanup_plans import Plan
from ..domain.names import TeamName
from ..provisioning.stores import Stores
from ..store.cleanup import CleanupStore
from .candidates import Candidates
from .speaking import why_not_keep

__all__ = ["Concern", "Concerns"]


@dataclass(frozen=True, slots=True)
class Concern:
    """A candidate of somebody's team, and what a plan does next to it."""

    candidate: Candidate
    why_not_keep: str
    """Why this person cannot say that it is wanted; empty when they can."""
    plan_id: str = ""
    next_stage: Stage | None = None
    due_at: datetime | None = None

    @property
    def kept(self) -> str:
        """In which words somebody wants it; empty where nobody said so."""
        return next((one.message for one in self.candidate.exclusions if one.code == "kept"), "")


class Concerns:
    """Answers from the latest look at the fleet, for everybody in a team."""

    def __init__(
        self,
        *,
        candidates: Candidates,
        stores: Stores,
        cleanup: CleanupStore,
        cluster_name: str,
    ) -> None:
        self._candidates = candidates
        self._stores = stores
        self._cleanup = cleanup
        self._cluster = cluster_name

    async def of(self, actor: Actor, *, team: str = "", name: str = "") -> list[Concern]:
        """Candidates that the actor may see, by name; of one team or one namespace alone.

        What has no record belongs to nobody and concerns platform admins alone.

        Raises:
            UnavailableError: the picture of the cluster is not whole.
        """
        return await self._among(await self._candidates.recent(), actor, team=team, name=name)

    async def known(self, actor: Actor, *, team: str = "", name: str = "") -> list[Concern]:
        """The same of what was found last, for pages: nobody waits for a look at the fleet."""
        return await self._among(self._candidates.known(), actor, team=team, name=name)

    async def _among(
        self, candidates: tuple[Candidate, ...], actor: Actor, *, team: str, name: str
    ) -> list[Concern]:
        found = [
            one
            for one in candidates
            if (not team or one.team == team)
            and (not name or one.namespace == name)
            and one.owner
            and actor.role_in(TeamName(one.team)) is not None
        ]
        if not found:
            return []
        async with self._stores.database.reading() as connection:
            plans = await self._cleanup.open_plans(connection, cluster=self._cluster)
        return [_concern(one, plans, actor) for one in found]


def _concern(one: Candidate, plans: list[Plan], actor: Actor) -> Concern:
    why = why_not_keep(actor, team=TeamName(one.team), owner=one.owner)
    for plan in plans:
        for line in plan.lines:
            coming = next((each for each in line.actions if each.is_open), None)
            if line.uid == one.uid and line.is_open and coming is not None:
                return Concern(one, why, plan.plan_id, coming.stage, coming.due_at)
    return Concern(one, why)
