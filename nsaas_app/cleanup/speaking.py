"""Whose word counts when it is said that a namespace is wanted."""

from ..domain.actors import Actor, Role
from ..domain.names import TeamName
from ..identity.permissions import Permission, may

__all__ = ["why_not_keep"]


def why_not_keep(actor: Actor, *, team: TeamName, owner: str) -> str:
    """Say why this person's word does not count for a namespace; empty when it does."""
    if not may(actor, Permission.CLEANUP_KEEP, team):
        return "Your role reads only."
    if actor.role_in(team) in (Role.LEAD, Role.ADMIN) or actor.subject == owner:
        return ""
    return f"Its owner, leads of team {team} and platform admins say that it is wanted."
