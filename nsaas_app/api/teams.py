"""Teams: those the actor may see, with their budgets and members; changed by admins and leads."""

from typing import Annotated, Any, Final

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, Body, Header, Path, Response

from ..domain.actors import Actor
from ..identity.permissions import Permission
from ..teams.change import TeamChange
from .access import CurrentActor, CurrentRuntime, needs
from .team_models import MembersOut, TeamOut, TeamPage

__all__ = ["IfMatch", "router", "version_in"]

router = APIRouter(prefix="/teams", tags=["teams"])

SOURCE: Final = "rest"
Name = Annotated[str, Path(max_length=63)]
IfMatch = Annotated[
    str, Header(max_length=100, description="The `ETag` of what was edited; else 409.")
]
Document = Annotated[dict[str, Any], Body()]


def version_in(if_match: str) -> str:
    """The version that the header names; empty where any will do."""
    version = if_match.removeprefix("W/").strip('"')
    return "" if version == "*" else version


def _change(actor: Actor, if_match: str) -> TeamChange:
    return TeamChange(actor, SOURCE, correlation_id.get() or "", version_in(if_match))


@router.get("", summary="Teams")
@needs(Permission.TEAM_READ)
async def teams(actor: CurrentActor, rt: CurrentRuntime) -> TeamPage:
    items = [TeamOut.of(one) for one in await rt.team_overviews.all(actor=actor)]
    return TeamPage(items=items, total=len(items))


@router.get("/{name}", summary="One team with its budget")
@needs(Permission.TEAM_READ)
async def team(name: Name, actor: CurrentActor, rt: CurrentRuntime, response: Response) -> TeamOut:
    found = TeamOut.of(await rt.team_overviews.one(name, actor=actor))
    response.headers["ETag"] = found.etag
    return found


@router.put("/{name}", summary="Create a team, or change what the body names")
@needs(Permission.TEAM_MANAGE)
async def put_team(
    name: Name,
    body: Document,
    actor: CurrentActor,
    rt: CurrentRuntime,
    response: Response,
    *,
    if_match: IfMatch = "",
) -> TeamOut:
    await rt.teams.change(name, body, _change(actor, if_match))
    return await team(name, actor, rt, response)


@router.get("/{name}/members", summary="The groups of a team, and who was seen with them")
@needs(Permission.TEAM_READ)
async def members(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> MembersOut:
    return MembersOut.of(await rt.members.of(name, actor=actor))


@router.put("/{name}/members", summary="Say which groups give which role")
@needs(Permission.TEAM_MEMBERS)
async def put_members(
    name: Name,
    body: Document,
    actor: CurrentActor,
    rt: CurrentRuntime,
    *,
    if_match: IfMatch = "",
) -> MembersOut:
    await rt.teams.set_groups(name, body.get("groups", body), _change(actor, if_match))
    return await members(name, actor, rt)
