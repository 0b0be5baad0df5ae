"""Who is asking now: a person, a program or the portal itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from .names import TeamName

__all__ = ["CARETAKER", "SYSTEM_ACTOR", "Actor", "AuthMethod", "Role"]


class Role(StrEnum):
    """Rows of the permission table. The first three are held in a team, the last two globally."""

    VIEWER = "viewer"
    DEVELOPER = "developer"
    LEAD = "lead"
    ADMIN = "admin"
    AUDITOR = "auditor"


class AuthMethod(StrEnum):
    """How the actor proved who they are; written into every audit event."""

    DEV = "dev"
    OIDC = "oidc"
    SERVICE_ACCOUNT = "service-account"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """An identity with its roles, derived anew from the login session or token each time."""

    subject: str
    """Stable identity string, unique over all issuers."""
    display_name: str = ""
    teams: Mapping[TeamName, Role] = field(default_factory=dict)
    is_admin: bool = False
    is_auditor: bool = False
    auth: AuthMethod = AuthMethod.OIDC
    groups: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset({"read", "write", "approve"})
    """What an API token narrows the actor to; a login session has all."""
    session: str = ""
    """Key of the login session or token this actor came from; empty for the system."""

    def role_in(self, team: TeamName) -> Role | None:
        """The strongest role that counts for a thing of that team."""
        if self.is_admin:
            return Role.ADMIN
        return self.teams.get(team) or (Role.AUDITOR if self.is_auditor else None)

    def roles_in(self, team: TeamName) -> frozenset[Role]:
        """Every role that counts: an auditor who is also a member may do what either may."""
        held = {self.teams.get(team)}
        held |= {Role.ADMIN} if self.is_admin else set()
        held |= {Role.AUDITOR} if self.is_auditor else set()
        return frozenset(role for role in held if role is not None)

    @property
    def is_outsider(self) -> bool:
        """Whether nobody gave the actor a role yet: signed in, and in no team."""
        return not (self.teams or self.is_admin or self.is_auditor)

    @property
    def sees_all_teams(self) -> bool:
        """Whether reads are not narrowed to own teams."""
        return self.is_admin or self.is_auditor


SYSTEM_ACTOR: Final = Actor(subject="system", display_name="portal", auth=AuthMethod.SYSTEM)
"""The portal itself, where nothing is asked of the permission table."""
CARETAKER: Final = replace(SYSTEM_ACTOR, is_admin=True)
"""The portal where it hands in requests that time asks for."""
