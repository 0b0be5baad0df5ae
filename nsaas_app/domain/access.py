"""Who gets into a namespace, and as what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from .errors import FieldIssue
from .names import is_subdomain

__all__ = [
    "MAX_GRANTS",
    "AccessGrant",
    "AccessRole",
    "SubjectKind",
    "grant_issues",
    "subject_issue",
]

MAX_GRANTS: Final = 50
MAX_SUBJECT: Final = 253


class SubjectKind(StrEnum):
    """RBAC's kinds of subject. ServiceAccounts are those of the namespace itself."""

    GROUP = "Group"
    USER = "User"
    SERVICE_ACCOUNT = "ServiceAccount"


class AccessRole(StrEnum):
    """What a subject may do inside; each is one ClusterRole `nsaas-<role>`."""

    VIEWER = "viewer"
    DEVELOPER = "developer"
    LEAD = "lead"

    @property
    def cluster_role(self) -> str:
        """The ClusterRole that is bound."""
        return f"nsaas-{self.value}"


@dataclass(frozen=True, slots=True, order=True)
class AccessGrant:
    """One subject with one role, perhaps until an instant."""

    kind: SubjectKind
    name: str
    role: AccessRole
    expires_at: datetime | None = None

    def has_ended(self, now: datetime) -> bool:
        """Whether it gives nothing any more."""
        return self.expires_at is not None and self.expires_at <= now


def subject_issue(grant: AccessGrant) -> str:
    """Say why the subject of a grant is none that may be given a role; empty when it may."""
    name = grant.name
    if not name or len(name) > MAX_SUBJECT or not name.isprintable() or name != name.strip():
        return f"A subject needs 1 to {MAX_SUBJECT} printable characters without blanks around."
    if name.startswith("system:") or "*" in name:
        return f"{name} is a platform identity or wildcard."
    if grant.kind is SubjectKind.SERVICE_ACCOUNT and not is_subdomain(name):
        return f"{name} is no name of a ServiceAccount: use a-z, 0-9, dashes and dots."
    return ""


def grant_issues(grants: tuple[AccessGrant, ...]) -> list[FieldIssue]:
    """Check subjects: count, grammar, no platform identities, no subject twice in one role."""
    issues = []
    if len(grants) > MAX_GRANTS:
        issues.append(FieldIssue("access", f"{len(grants)} grants; {MAX_GRANTS} are allowed."))
    seen: set[tuple[SubjectKind, str, AccessRole]] = set()
    for index, grant in enumerate(grants):
        field = f"access[{index}].name"
        if why := subject_issue(grant):
            issues.append(FieldIssue(field, why))
        key = (grant.kind, grant.name, grant.role)
        if key in seen:
            issues.append(FieldIssue(field, f"{grant.name} is listed twice as {grant.role}."))
        seen.add(key)
    return issues
