"""The permission table in words: what each permission is for, and who has it."""

from typing import Final

from ..domain.actors import Role

__all__ = ["DEEDS", "who_may"]

DEEDS: Final[dict[str, str]] = {
    "self": "see settings of their own",
    "self:change": "change settings and tokens",
    "namespace:read": "see namespaces",
    "namespace:request": "ask for namespaces",
    "namespace:change": "change namespaces",
    "namespace:sleep": "send namespaces to sleep and wake them",
    "namespace:export": "export namespaces",
    "namespace:certify": "confirm that a namespace is still needed",
    "namespace:release": "release namespaces",
    "namespace:release-production": "release production namespaces",
    "namespace:restore": "restore namespaces",
    "namespace:delete": "delete namespaces for good",
    "namespace:adopt": "adopt namespaces",
    "namespace:repair": "repair drift",
    "namespace:protect": "put protection on namespaces and lift it",
    "request:read": "see requests",
    "request:steer": "cancel and retry requests",
    "request:decide": "approve and reject requests",
    "team:read": "see teams",
    "team:members": "change who is in a team",
    "team:manage": "create teams and change their budgets",
    "catalog:read": "see the catalog",
    "status:read": "see the status",
    "platform:read": "see how the platform is set",
    "audit:read": "read the audit log",
    "audit:verify": "verify the audit log",
    "metrics:read": "see figures of use and cost",
    "cleanup:read": "see what can be cleaned up",
    "cleanup:run": "carry out cleanups",
    "cleanup:keep": "keep namespaces from a cleanup",
}
"""What somebody with the permission may do, by its name."""

_WHO: Final = {
    Role.VIEWER: "member of a team",
    Role.DEVELOPER: "developer or lead of a team",
    Role.LEAD: "team lead or platform admin",
    Role.ADMIN: "platform admin",
}
"""Who has it, by the weakest role that does."""


def who_may(roles: frozenset[Role]) -> str:
    """Name those whom one can turn to: who has one of these roles. Auditors help nobody do it."""
    return next((words for role, words in _WHO.items() if role in roles), "")
