"""Reports on one team: its scorecard, the review of its access, who takes what of its budget."""

from typing import Annotated, Final

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, Path

from ..identity.permissions import Permission
from ..teams.change import TeamChange
from .access import CurrentActor, CurrentRuntime, needs
from .team_models import ReviewOut, ScorecardOut, SharePage

__all__ = ["router"]

router = APIRouter(prefix="/teams", tags=["teams"])

SOURCE: Final = "rest"
Name = Annotated[str, Path(max_length=63)]


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
async def access_review(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> ReviewOut:
    return ReviewOut.of(await rt.organisation.reviews.of(name, actor=actor), now=rt.clock())


@router.post("/{name}/access-review", summary="Confirm that the groups are right as they are")
@needs(Permission.TEAM_MEMBERS)
async def confirm_access(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> ReviewOut:
    change = TeamChange(actor, SOURCE, correlation_id.get() or "")
    return ReviewOut.of(await rt.organisation.reviews.confirm(name, change), now=rt.clock())
