"""GET /me."""

from fastapi import APIRouter
from pydantic import BaseModel

from ..identity.permissions import Permission
from .access import CurrentActor, needs

__all__ = ["router"]

router = APIRouter(tags=["identity"])


class Me(BaseModel):
    """Who the caller is to the portal."""

    subject: str
    display_name: str
    teams: dict[str, str]
    roles: list[str]
    groups: list[str]
    auth: str
    scopes: list[str]


@router.get("/me", summary="Who am I, in which teams, with which roles")
@needs(Permission.SELF)
async def me(actor: CurrentActor) -> Me:
    roles = (["admin"] if actor.is_admin else []) + (["auditor"] if actor.is_auditor else [])
    return Me(
        subject=actor.subject,
        display_name=actor.display_name,
        teams={str(team): role.value for team, role in sorted(actor.teams.items())},
        roles=roles,
        groups=list(actor.groups),
        auth=actor.auth.value,
        scopes=sorted(actor.scopes),
    )
