"""Cleanup candidates: what was seen of a namespace, how sure, what would be freed and lost."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from .prices import Cost
from .teams import Resources

__all__ = [
    "STAYS",
    "Candidate",
    "Confidence",
    "Evidence",
    "Exclusion",
    "Impact",
    "Reason",
    "Reclaim",
    "Stage",
    "Volume",
]


STAYS: Final = " (stays at the provider)"
"""Marks a cloud resource that outlives its object."""


class Reason(StrEnum):
    """Why a namespace is looked at."""

    EXPIRED = "expired"
    IDLE = "idle"
    ORPHAN = "orphan"
    """Our labels without a record."""
    MISSING = "missing"
    """A record without its namespace."""
    FAILED = "failed"
    """Left over by a request that failed."""
    STUCK = "stuck"
    """Its deletion does not end."""
    OWNER_GONE = "owner-gone"
    OVER_QUOTA = "over-quota"


class Stage(StrEnum):
    """How far a plan goes, in order; each stage hurts a little more than the one before."""

    NOTIFY = "notify"
    SLEEP = "sleep"
    REVOKE = "revoke"
    EXPORT = "export"
    DELETE = "delete"


class Confidence(StrEnum):
    """How sure a candidate is."""

    CERTAIN = "certain"
    """One fact that was checked is enough."""
    STRONG = "strong"
    """Three signals that do not depend on each other."""
    LIKELY = "likely"
    """Two of them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen, for a person to check."""

    reason: Reason
    signal: str
    value: str
    threshold: str
    source: str
    seen_at: datetime
    since: datetime | None = None
    """Since when it holds."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a reason does not count."""

    code: str
    message: str
    stops: frozenset[Reason]


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume claim that goes with the namespace."""

    name: str
    size: str
    storage_class: str
    is_bound: bool
    """Whether there is data in it to lose."""
    is_retained: bool = False
    """Whether the data outlive the claim: an administrator must remove or reuse them by hand."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What would be lost."""

    pods: int = 0
    """Pods that have not ended."""
    volumes: tuple[Volume, ...] = ()
    load_balancers: int = 0
    ingress_hosts: tuple[str, ...] = ()
    cloud_resources: tuple[str, ...] = ()
    """As `Kind.group/name`; what outlives its object is marked with `STAYS`."""
    unseen: tuple[str, ...] = ()
    """Kinds of cloud resources that could not be looked at: of these, more may be lost."""


@dataclass(frozen=True, slots=True)
class Reclaim:
    """What would be freed: what the namespace takes out of its team's budget."""

    amount: Resources = field(default_factory=Resources)
    cost: Cost | None = None
    """A month of it at list price; None where its size is not known."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One namespace for which something speaks."""

    namespace: str
    cluster: str
    uid: str
    """Of the object that was seen; of the record's where it is missing."""
    team: str
    environment: str
    state: str
    owner: str
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]
    exclusions: tuple[Exclusion, ...]
    confidence: Confidence
    impact: Impact
    reclaim: Reclaim
    seen_at: datetime
    in_flight: str = ""
    """A request that runs on it now."""

    @property
    def grounds(self) -> frozenset[Reason]:
        """The reasons that no exclusion stops: a plan may rest on these alone."""
        stopped = frozenset[Reason]().union(*(one.stops for one in self.exclusions))
        return frozenset(self.reasons) - stopped
