"""Environments and the policy each one carries. One table; every rule reads it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from .network import NetworkPreset
from .sleep import NIGHTS_AND_WEEKENDS
from .tiers import Tier

__all__ = ["POLICIES", "Environment", "EnvironmentPolicy"]


class Environment(StrEnum):
    """Where a namespace stands on the way to production."""

    DEVELOPMENT = "development"
    TESTING = "testing"
    STAGING = "staging"
    PRODUCTION = "production"

    @property
    def short(self) -> str:
        """The suffix of suggested names."""
        return {"development": "dev", "testing": "test", "staging": "stg", "production": "prod"}[
            self.value
        ]

    @property
    def peers(self) -> tuple["Environment", ...]:
        """Environments that team-shared networking joins: production only with itself."""
        if self is Environment.PRODUCTION:
            return (Environment.PRODUCTION,)
        return (Environment.DEVELOPMENT, Environment.TESTING, Environment.STAGING)


@dataclass(frozen=True, slots=True)
class EnvironmentPolicy:
    """What an environment allows and what it gives by default."""

    default_tier: Tier
    tiers: tuple[Tier, ...]
    default_network: NetworkPreset
    networks: tuple[NetworkPreset, ...]
    pod_security: str
    """Level that is enforced; warn and audit are always restricted."""
    default_ttl: timedelta | None
    """None means no expiry."""
    max_ttl: timedelta | None
    renewals: int | None
    """How often the end may be put off before each time takes a lead; None is without limit."""
    cost_center_required: bool
    grace: timedelta
    """How long a released namespace can be restored."""
    max_per_team: int
    developer_role: str
    """What the team's developers get inside: `developer` or `viewer`."""
    may_sleep: bool = True
    """Whether its workloads may be put to sleep."""
    sleeps: tuple[str, ...] = ()
    """Windows of the schedule by which it sleeps unless somebody says otherwise."""
    recertify_every: timedelta | None = None
    """How often a lead must say that it is still needed; None where an end asks that anyway."""


_ALL: Final = (Tier.MICRO, Tier.SMALL, Tier.MEDIUM, Tier.LARGE)
_OPEN: Final = (NetworkPreset.ISOLATED, NetworkPreset.TEAM_SHARED, NetworkPreset.OPEN)
_CLOSED: Final = (NetworkPreset.ISOLATED, NetworkPreset.TEAM_SHARED)

POLICIES: Final[dict[Environment, EnvironmentPolicy]] = {
    Environment.DEVELOPMENT: EnvironmentPolicy(
        default_tier=Tier.SMALL, tiers=_ALL[:3],
        default_network=NetworkPreset.TEAM_SHARED, networks=_OPEN,
        pod_security="baseline",
        default_ttl=timedelta(days=30), max_ttl=timedelta(days=90), renewals=3,
        cost_center_required=False, grace=timedelta(hours=24), max_per_team=5,
        developer_role="developer", sleeps=NIGHTS_AND_WEEKENDS,
    ),
    Environment.TESTING: EnvironmentPolicy(
        default_tier=Tier.SMALL, tiers=_ALL[:3],
        default_network=NetworkPreset.TEAM_SHARED, networks=_OPEN,
        pod_security="baseline",
        default_ttl=timedelta(days=14), max_ttl=timedelta(days=30), renewals=3,
        cost_center_required=False, grace=timedelta(hours=24), max_per_team=5,
        developer_role="developer",
    ),
    Environment.STAGING: EnvironmentPolicy(
        default_tier=Tier.MEDIUM, tiers=_ALL[1:],
        default_network=NetworkPreset.ISOLATED, networks=_OPEN,
        pod_security="restricted",
        default_ttl=timedelta(days=90), max_ttl=timedelta(days=365), renewals=0,
        cost_center_required=True, grace=timedelta(hours=72), max_per_team=3,
        developer_role="developer",
    ),
    Environment.PRODUCTION: EnvironmentPolicy(
        default_tier=Tier.MEDIUM, tiers=_ALL[1:],
        default_network=NetworkPreset.ISOLATED, networks=_CLOSED,
        pod_security="restricted",
        default_ttl=None, max_ttl=None, renewals=None,
        cost_center_required=True, grace=timedelta(days=7), max_per_team=3,
        developer_role="viewer", may_sleep=False, recertify_every=timedelta(days=365),
    ),
}  # fmt: skip
