"""Teams: the actor's own, with their budgets."""

from typing import Any, Self

from fastapi import APIRouter
from pydantic import BaseModel

from ..domain.errors import NotFoundError
from ..domain.names import TeamName
from ..domain.teams import Team
from ..identity.permissions import Permission, ensure_may_see
from ..teams.teams import BudgetUse
from .access import CurrentActor, CurrentRuntime, needs

__all__ = ["router"]

router = APIRouter(prefix="/teams", tags=["teams"])


class TeamOut(BaseModel):
    """A team."""

    name: str
    display_name: str
    cost_center: str
    groups: dict[str, list[str]]
    budget: dict[str, Any]
    used: dict[str, Any]
    reserved: dict[str, Any]

    @classmethod
    def of(cls, team: Team, use: BudgetUse) -> Self:
        """Show a team with its ledger."""
        counts = {environment.value: n for environment, n in use.per_environment.items()}
        limits = {env.value: n for env, n in team.budget.per_environment.items()}
        return cls(
            name=str(team.name),
            display_name=team.display_name,
            cost_center=team.cost_center,
            groups={
                "viewer": list(team.groups.viewer),
                "developer": list(team.groups.developer),
                "lead": list(team.groups.lead),
            },
            budget={
                "namespaces": team.budget.namespaces,
                "per_environment": limits,
                **team.budget.resources.to_quantities(),
            },
            used={
                "namespaces": use.namespaces,
                "per_environment": counts,
                **use.used.to_quantities(),
            },
            reserved=use.reserved.to_quantities(),
        )


class TeamPage(BaseModel):
    """All teams the actor may see."""

    items: list[TeamOut]
    total: int
    next_cursor: str | None = None


@router.get("", summary="Teams")
@needs(Permission.TEAM_READ)
async def teams(actor: CurrentActor, rt: CurrentRuntime) -> TeamPage:
    visible = [t for t in (await rt.teams.all()).values() if actor.role_in(t.name) is not None]
    items = [TeamOut.of(team, await rt.teams.budget_use(team.name)) for team in visible]
    return TeamPage(items=items, total=len(items))


@router.get("/{name}", summary="One team with its budget")
@needs(Permission.TEAM_READ)
async def team(name: str, actor: CurrentActor, rt: CurrentRuntime) -> TeamOut:
    found = (await rt.teams.all()).get(TeamName(name))
    if found is None:
        raise NotFoundError("team", name)
    ensure_may_see(actor, found.name, kind="team", name=name)
    return TeamOut.of(found, await rt.teams.budget_use(found.name))
