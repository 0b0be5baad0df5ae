"""Reports on one team: its scorecard, the review of its access, who takes what of its budget."""

from typing import Annotated, Any, Final

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, Path, Response
from pydantic import Field

from ..domain.actors import Actor
from ..identity.permissions import Permission
from ..teams.change import TeamChange
from .access import CurrentActor, CurrentRuntime, needs
from .models import Body
from .team_models import BudgetAskOut, BudgetAskPage, ReviewOut, ScorecardOut, SharePage
from .teams import IfMatch, version_in

__all__ = ["router"]

router = APIRouter(prefix="/teams", tags=["teams"])

SOURCE: Final = "rest"
Name = Annotated[str, Path(max_length=63)]


class BudgetAskIn(Body):
    """What is wanted, in the names of a team's budget, and why."""

    budget: dict[str, Any]
    reason: str = Field(max_length=2000)


class DeclineIn(Body):
    """Which wish is declined, and why."""

    id: str = Field(max_length=64)
    comment: str = Field(max_length=2000)


def _change(actor: Actor, version: str = "") -> TeamChange:
    return TeamChange(actor, SOURCE, correlation_id.get() or "", version)


@router.get("/{name}/shares", summary="What each namespace takes out of the team's budget")
@needs(Permission.TEAM_READ)
async def shares(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> SharePage:
    return SharePage.of(await rt.team_overviews.shares(name, actor=actor))


@router.get("/{name}/scorecard", summary="Rules a good team keeps, with results and what to do")
@needs(Permission.TEAM_READ)
async def scorecard(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> ScorecardOut:
    return ScorecardOut.of(await rt.organisation.scorecards.of(name, actor=actor))


@router.get("/{name}/access-review", summary="When the team's access was reviewed and is due")
@needs(Permission.TEAM_READ)
async def access_review(
    name: Name, actor: CurrentActor, rt: CurrentRuntime, response: Response
) -> ReviewOut:
    reviews = rt.organisation.reviews
    review = await reviews.of(name, actor=actor)
    response.headers["ETag"] = f'"{await reviews.version(name)}"'
    return ReviewOut.of(review, now=rt.clock())


@router.post("/{name}/access-review", summary="Confirm that the groups are right as they are")
@needs(Permission.TEAM_MEMBERS)
async def confirm_access(
    name: Name, actor: CurrentActor, rt: CurrentRuntime, *, if_match: IfMatch = ""
) -> ReviewOut:
    review = await rt.organisation.reviews.confirm(name, _change(actor, version_in(if_match)))
    return ReviewOut.of(review, now=rt.clock())


@router.get("/{name}/budget-requests", summary="Wishes for a larger budget that wait")
@needs(Permission.TEAM_READ)
async def budget_requests(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> BudgetAskPage:
    return BudgetAskPage.of(await rt.organisation.asks.of(name, actor=actor))


@router.post("/{name}/budget-requests", status_code=202, summary="Ask for a larger budget")
@needs(Permission.TEAM_MEMBERS)
async def ask_for_budget(
    name: Name, body: BudgetAskIn, actor: CurrentActor, rt: CurrentRuntime
) -> BudgetAskOut:
    asks = rt.organisation.asks
    return BudgetAskOut.of(await asks.ask(name, body.budget, body.reason, _change(actor)))


@router.post("/{name}/budget-requests/decline", summary="Decline a wish, with the reason")
@needs(Permission.TEAM_MANAGE)
async def decline_budget(
    name: Name, body: DeclineIn, actor: CurrentActor, rt: CurrentRuntime
) -> BudgetAskPage:
    await rt.organisation.asks.decline(name, body.id, body.comment, _change(actor))
    return await budget_requests(name, actor, rt)
