"""What pages and REST show of a namespace: the record joined with what the cluster shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from ..domain.drift import DriftItem
from ..domain.environments import Environment
from ..domain.names import TeamName
from ..domain.namespaces import NamespaceState
from ..domain.network import NetworkPreset
from ..domain.quantities import parse_quantity
from ..domain.sleep import Asleep, SleepSchedule
from ..domain.tiers import Tier

__all__ = ["Health", "HealthReason", "NamespaceRow", "QuotaUse"]


@lru_cache(maxsize=16_384)
def _ratio(used_text: str, hard_text: str) -> float:
    """The same few quantities fill most quotas, and every row and order asks for their ratio."""
    hard, used = parse_quantity(hard_text), parse_quantity(used_text)
    if hard == 0:
        return 1.0 if used else 0.0
    return float(used / hard)


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """One resource of a ResourceQuota, in Kubernetes notation."""

    used: str
    hard: str

    @property
    def ratio(self) -> float:
        """Used part of hard, 0 to 1 and beyond; 0 where nothing is allowed and nothing used."""
        return _ratio(self.used, self.hard)


@dataclass(frozen=True, slots=True)
class HealthReason:
    """One thing that takes points from the health score."""

    code: str
    message: str
    points: int


@dataclass(frozen=True, slots=True)
class Health:
    """Score 0 to 100 with each deduction named."""

    score: int = 100
    reasons: tuple[HealthReason, ...] = ()


@dataclass(frozen=True, slots=True)
class NamespaceRow:
    """One managed namespace as people see it."""

    name: str
    cluster: str
    team: TeamName
    environment: Environment
    tier: Tier
    network: NetworkPreset
    state: NamespaceState
    owner: str
    request_id: str
    created_at: datetime
    ready_at: datetime | None = None
    expires_at: datetime | None = None
    uid: str = ""
    display_name: str = ""
    description: str = ""
    cost_center: str = ""
    is_protected: bool = False
    restorable_until: datetime | None = None
    renewals: int = 0
    """How often its end was put off."""
    asleep: Asleep | None = None
    """Set while its workloads sleep."""
    certified_at: datetime | None = None
    """When somebody last confirmed that it is still needed."""
    certify_by: datetime | None = None
    """Until when somebody must confirm it next; None where nobody must."""
    sleep: SleepSchedule | None = None
    """When it sleeps by itself."""
    quota: Mapping[str, QuotaUse] = field(default_factory=dict)
    deployments: int = 0
    active_deployments: int = 0
    """Deployments with at least one available replica."""
    drift: tuple[DriftItem, ...] = ()
    health: Health = field(default_factory=Health)
    labels: Mapping[str, str] = field(default_factory=dict)
