"""The permission table: role x action. Code, documentation and test generator at once."""

from enum import StrEnum
from typing import Final

from ..domain.actors import Actor, Role
from ..domain.errors import ForbiddenError, NotFoundError
from ..domain.names import TeamName
from .permission_words import DEEDS, who_may

__all__ = [
    "TABLE",
    "Permission",
    "ensure_may",
    "ensure_may_anywhere",
    "ensure_may_see",
    "may",
    "may_anywhere",
    "refusal_of",
]


class Permission(StrEnum):
    """What can be done. Every route and every event handler declares one of these."""

    SELF = "self"
    """Read one's own identity and settings: everybody who is signed in."""
    SELF_CHANGE = "self:change"
    """Make and revoke one's own tokens; auditors write nothing, not even these."""
    NAMESPACE_READ = "namespace:read"
    NAMESPACE_REQUEST = "namespace:request"
    NAMESPACE_CHANGE = "namespace:change"
    NAMESPACE_SLEEP = "namespace:sleep"
    """Put to sleep and wake."""
    NAMESPACE_EXPORT = "namespace:export"
    NAMESPACE_CERTIFY = "namespace:certify"
    """Confirm that production is still needed."""
    NAMESPACE_RELEASE = "namespace:release"
    NAMESPACE_RELEASE_PRODUCTION = "namespace:release-production"
    NAMESPACE_RESTORE = "namespace:restore"
    NAMESPACE_DELETE = "namespace:delete"
    NAMESPACE_ADOPT = "namespace:adopt"
    NAMESPACE_REPAIR = "namespace:repair"
    NAMESPACE_PROTECT = "namespace:protect"
    """Put protection on and lift it."""
    REQUEST_READ = "request:read"
    REQUEST_STEER = "request:steer"
    """Cancel and retry; developers their own requests, leads the whole team's."""
    REQUEST_DECIDE = "request:decide"
    TEAM_READ = "team:read"
    TEAM_MEMBERS = "team:members"
    """Say which groups give which role."""
    TEAM_MANAGE = "team:manage"
    """Create a team; change its name, cost centre and budget."""
    CATALOG_READ = "catalog:read"
    STATUS_READ = "status:read"
    PLATFORM_READ = "platform:read"
    """See how the platform is set: policies, integrations, the portal's own rights."""
    AUDIT_READ = "audit:read"
    AUDIT_VERIFY = "audit:verify"
    METRICS_READ = "metrics:read"
    CLEANUP_READ = "cleanup:read"
    CLEANUP_RUN = "cleanup:run"
    """Make plans, carry them out, stop and undo them."""
    CLEANUP_KEEP = "cleanup:keep"
    """Say that a namespace is wanted, or no longer; developers of those that they own."""


_READERS: Final = frozenset(Role)
_WRITERS: Final = frozenset({Role.DEVELOPER, Role.LEAD, Role.ADMIN})
_LEADS: Final = frozenset({Role.LEAD, Role.ADMIN})
_ADMINS: Final = frozenset({Role.ADMIN})

TABLE: Final[dict[Permission, frozenset[Role]]] = {
    Permission.SELF: _READERS,
    Permission.SELF_CHANGE: _READERS - {Role.AUDITOR},
    Permission.NAMESPACE_READ: _READERS,
    Permission.NAMESPACE_REQUEST: _WRITERS,
    Permission.NAMESPACE_CHANGE: _WRITERS,
    Permission.NAMESPACE_SLEEP: _WRITERS,
    Permission.NAMESPACE_EXPORT: _WRITERS,
    Permission.NAMESPACE_CERTIFY: _LEADS,
    Permission.NAMESPACE_RELEASE: _WRITERS,
    Permission.NAMESPACE_RELEASE_PRODUCTION: _LEADS,
    Permission.NAMESPACE_RESTORE: _LEADS,
    Permission.NAMESPACE_DELETE: _ADMINS,
    Permission.NAMESPACE_ADOPT: _ADMINS,
    Permission.NAMESPACE_REPAIR: _LEADS,
    Permission.NAMESPACE_PROTECT: _LEADS,
    Permission.REQUEST_READ: _READERS,
    Permission.REQUEST_STEER: _WRITERS,
    Permission.REQUEST_DECIDE: _LEADS,
    Permission.TEAM_READ: _READERS,
    Permission.TEAM_MEMBERS: _LEADS,
    Permission.TEAM_MANAGE: _ADMINS,
    Permission.CATALOG_READ: _READERS,
    Permission.STATUS_READ: _READERS,
    Permission.PLATFORM_READ: frozenset({Role.ADMIN, Role.AUDITOR}),
    Permission.AUDIT_READ: frozenset({Role.LEAD, Role.ADMIN, Role.AUDITOR}),
    Permission.AUDIT_VERIFY: frozenset({Role.ADMIN, Role.AUDITOR}),
    Permission.METRICS_READ: _READERS,
    Permission.CLEANUP_READ: frozenset({Role.ADMIN, Role.AUDITOR}),
    Permission.CLEANUP_RUN: _ADMINS,
    Permission.CLEANUP_KEEP: _WRITERS,
}
"""For a thing of a team: which roles in that team, or globally, may do it."""

_FOR_ANYBODY: Final = frozenset({Permission.SELF, Permission.CATALOG_READ, Permission.STATUS_READ})
"""Permissions about no team's things: being signed in is enough."""

_READS: Final = frozenset(
    {
        Permission.SELF,
        Permission.NAMESPACE_READ,
        Permission.REQUEST_READ,
        Permission.TEAM_READ,
        Permission.CATALOG_READ,
        Permission.STATUS_READ,
        Permission.PLATFORM_READ,
        Permission.AUDIT_READ,
        Permission.AUDIT_VERIFY,
        Permission.METRICS_READ,
        Permission.CLEANUP_READ,
    }
)


def _scope_of(permission: Permission) -> str:
    """The scope an API token needs for it."""
    if permission is Permission.REQUEST_DECIDE:
        return "approve"
    return "read" if permission in _READS else "write"


def may(actor: Actor, permission: Permission, team: TeamName) -> bool:
    """Tell whether the actor may do this to a thing of that team."""
    is_allowed = not TABLE[permission].isdisjoint(actor.roles_in(team))
    return is_allowed and _scope_of(permission) in actor.scopes


def may_anywhere(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor may do this to anything at all: the coarse check of the edges."""
    if _scope_of(permission) not in actor.scopes:
        return False
    if permission in _FOR_ANYBODY:
        return True
    roles = set(actor.teams.values())
    roles |= {Role.ADMIN} if actor.is_admin else set()
    roles |= {Role.AUDITOR} if actor.is_auditor else set()
    return bool(roles & TABLE[permission])


def ensure_may_see(actor: Actor, team: TeamName, *, kind: str, name: str) -> None:
    """Refuse as if the thing did not exist.

    Raises:
        NotFoundError: the actor has no role that counts for the team.
    """
    if actor.role_in(team) is None:
        raise NotFoundError(kind, name)


def ensure_may(
    actor: Actor, permission: Permission, team: TeamName, *, kind: str, name: str
) -> None:
    """Refuse what the table does not allow: absent first, then forbidden.

    Raises:
        NotFoundError: the actor may not even see the thing.
        ForbiddenError: the actor sees it but the role or scope is too weak.
    """
    ensure_may_see(actor, team, kind=kind, name=name)
    if not may(actor, permission, team):
        role = f"The role {actor.role_in(team)} in team {team}"
        raise refusal_of(permission, actor, role=role)


def ensure_may_anywhere(actor: Actor, permission: Permission) -> None:
    """Refuse what is part of none of the actor's roles.

    Raises:
        ForbiddenError: no role of the actor, or no scope of the token, includes it.
    """
    if not may_anywhere(actor, permission):
        raise refusal_of(permission, actor)


def refusal_of(permission: Permission, actor: Actor, *, role: str = "") -> ForbiddenError:
    """Word a refusal: what is not allowed, and who may do it.

    Args:
        permission: what was refused.
        actor: to whom.
        role: which role was asked, in words; empty where all of the actor's were.
    """
    scope = _scope_of(permission)
    if scope not in actor.scopes:
        hint = f"Use a token with the scope {scope}, or sign in."
        return ForbiddenError(f"The scopes of this token do not include {scope}.", hint=hint)
    who, deed = who_may(TABLE[permission]), DEEDS[permission.value]
    told = f"{role} may not {deed}." if role else f"None of your roles may {deed}."
    return ForbiddenError(told, hint=f"Ask a {who}.", who=who)
