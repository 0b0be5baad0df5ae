"""What was asked for: `NamespaceSpec`, complete and checked, and the draft it is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .access import AccessGrant
from .environments import Environment
from .names import NamespaceName, TeamName
from .network import NetworkSpec
from .overrides import sized
from .sleep import SleepSchedule
from .tiers import Tier, TierSize

__all__ = ["NamespaceSpec", "SpecDraft"]


@dataclass(frozen=True, slots=True)
class SpecDraft:
    """A spec as somebody wrote it: unchecked text, None where the policy's default is wanted."""

    name: str = ""
    team: str = ""
    environment: str = ""
    tier: str | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Quantities by resource of the quota, in place of the tier's own."""
    preset: str | None = None
    egress: str | None = None
    accept_from_gateway: bool | None = None
    cidrs: tuple[str, ...] = ()
    display_name: str = ""
    description: str = ""
    cost_center: str | None = None
    owner: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    access: tuple[Mapping[str, str], ...] | None = None
    """Each with kind, name, role and perhaps expires_at (RFC 3339)."""
    expires_in_days: int | None = None
    expires_at: datetime | None = None
    features: tuple[str, ...] = ()
    cluster: str | None = None
    sleep_timezone: str | None = None
    sleep_windows: tuple[str, ...] | None = None
    """None wants the environment's own schedule; none with no zone is: it never sleeps."""


@dataclass(frozen=True, slots=True)
class NamespaceSpec:
    """One namespace as it shall be. Every value is checked and every default is filled in."""

    name: NamespaceName
    team: TeamName
    environment: Environment
    tier: Tier
    network: NetworkSpec
    owner: str
    cluster: str
    access: tuple[AccessGrant, ...]
    expires_at: datetime | None = None
    display_name: str = ""
    description: str = ""
    cost_center: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    sleep: SleepSchedule | None = None
    """When it sleeps by itself; None is never."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Numbers of the tier that it has otherwise, as the cluster writes them."""
    certified_at: datetime | None = None
    """When somebody last confirmed that it is still needed; nobody writes it but that request."""

    @property
    def size(self) -> TierSize:
        """The numbers of the tier, overrides in their place."""
        return sized(self.tier, self.overrides)

    def renews(self, before: "NamespaceSpec") -> bool:
        """Whether it ends later than before: the end was put off, or taken away."""
        if before.expires_at is None:
            return False
        return self.expires_at is None or self.expires_at > before.expires_at
