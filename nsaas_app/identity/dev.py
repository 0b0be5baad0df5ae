"""Identities and teams of a local run, and the five conditions without which they do not exist."""

from dataclasses import dataclass
from typing import Final

from ..domain.actors import AuthMethod
from ..domain.environments import Environment
from ..domain.names import TeamName
from ..domain.teams import Budget, Resources, Team, TeamGroups
from .roles import Identity

__all__ = ["DEV_IDENTITIES", "DEV_TEAMS", "DevConditions", "dev_identity"]


@dataclass(frozen=True, slots=True)
class DevConditions:
    """What must hold for dev sign-in to exist. All of it, always."""

    is_dev_environment: bool
    listens_on_loopback: bool
    is_outside_a_cluster: bool
    has_no_identity_provider: bool
    is_on_sqlite: bool

    def missing(self) -> list[str]:
        """Say which conditions fail; empty when dev sign-in is allowed."""
        rows = [
            (self.is_dev_environment, "NSAAS_ENV is not dev"),
            (self.listens_on_loopback, "the listener is not 127.0.0.1 or ::1"),
            (self.is_outside_a_cluster, "KUBERNETES_SERVICE_HOST is set: this runs in a cluster"),
            (self.has_no_identity_provider, "an identity provider is configured"),
            (self.is_on_sqlite, "the database is not SQLite"),
        ]
        return [reason for holds, reason in rows if not holds]


_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "admin": ("platform-admins",),
    "auditor": ("platform-auditors",),
    "frontend-lead": ("frontend-leads",),
    "frontend-dev": ("frontend-devs",),
    "frontend-viewer": ("frontend-viewers",),
    "payments-lead": ("payments-leads",),
    "payments-dev": ("payments-devs",),
}

DEV_IDENTITIES: Final[dict[str, Identity]] = {
    name: Identity(
        subject=name,
        display_name=name.replace("-", " ").title(),
        groups=groups,
        auth=AuthMethod.DEV,
    )
    for name, groups in _GROUPS.items()
}


def _team(name: str) -> Team:
    return Team(
        name=TeamName(name),
        display_name=name.title(),
        cost_center=name,
        groups=TeamGroups(
            viewer=(f"{name}-viewers",), developer=(f"{name}-devs",), lead=(f"{name}-leads",)
        ),
        budget=Budget(
            namespaces=100,
            per_environment=dict.fromkeys(Environment, 100),
            resources=Resources.parse("200", "400Gi", "4Ti"),
        ),
    )


DEV_TEAMS: Final = (_team("frontend"), _team("payments"))


def dev_identity(name: str) -> Identity | None:
    """An identity of a local run, None for any other name."""
    return DEV_IDENTITIES.get(name)
