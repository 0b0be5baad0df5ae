"""From an identity and its groups to an actor with roles. Evaluated anew each time."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..domain.actors import Actor, AuthMethod, Role
from ..domain.names import TeamName
from ..domain.teams import Team

__all__ = ["ALL_SCOPES", "GlobalGroups", "Identity", "actor_from", "rights_of"]

ALL_SCOPES: Final = frozenset({"read", "write", "approve"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody proved to be."""

    subject: str
    display_name: str
    groups: tuple[str, ...]
    auth: AuthMethod


@dataclass(frozen=True, slots=True)
class GlobalGroups:
    """Groups that give a role over all teams."""

    admins: frozenset[str] = frozenset({"platform-admins"})
    auditors: frozenset[str] = frozenset({"platform-auditors"})


def _role_in(team: Team, groups: frozenset[str]) -> Role | None:
    """The strongest role that any of the groups gives in the team."""
    for role, named in (
        (Role.LEAD, team.groups.lead),
        (Role.DEVELOPER, team.groups.developer),
        (Role.VIEWER, team.groups.viewer),
    ):
        if groups & set(named):
            return role
    return None


def actor_from(
    identity: Identity,
    *,
    teams: Iterable[Team],
    global_groups: GlobalGroups,
    session: str,
    scopes: frozenset[str] = ALL_SCOPES,
) -> Actor:
    """Derive roles from groups by the teams' configuration."""
    groups = frozenset(identity.groups)
    roles: dict[TeamName, Role] = {
        team.name: role for team in teams if (role := _role_in(team, groups)) is not None
    }
    return Actor(
        subject=identity.subject,
        display_name=identity.display_name,
        teams=roles,
        is_admin=bool(groups & global_groups.admins),
        is_auditor=bool(groups & global_groups.auditors),
        auth=identity.auth,
        groups=identity.groups,
        scopes=scopes,
        session=session,
    )


def rights_of(actor: Actor) -> str:
    """A fingerprint of somebody's roles: it differs as soon as any of them does."""
    roles = sorted(f"{team}={role.value}" for team, role in actor.teams.items())
    words = [f"admin={actor.is_admin}", f"auditor={actor.is_auditor}", *roles]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]
