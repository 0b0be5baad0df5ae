"""Managed namespaces: our durable record, and the word for how one stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .environments import POLICIES
from .names import NamespaceName, TeamName
from .sleep import Asleep
from .spec import NamespaceSpec

__all__ = ["Intent", "ManagedNamespace", "NamespaceState"]


class Intent(StrEnum):
    """What the record wants of the cluster."""

    PROVISIONING = "provisioning"
    ACTIVE = "active"
    CHANGING = "changing"
    WAKING = "waking"
    RELEASED = "released"
    DELETING = "deleting"
    FAILED = "failed"
    DELETED = "deleted"


class NamespaceState(StrEnum):
    """How a namespace stands for people: the record's intent joined with what the cluster shows."""

    PROVISIONING = "provisioning"
    ACTIVE = "active"
    CHANGING = "changing"
    SLEEPING = "sleeping"
    WAKING = "waking"
    RELEASED = "released"
    TERMINATING = "terminating"
    STUCK = "stuck"
    MISSING = "missing"
    FAILED = "failed"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ManagedNamespace:
    """The durable record of what should exist."""

    name: NamespaceName
    team: TeamName
    cluster: str
    intent: Intent
    spec: NamespaceSpec
    request_id: str
    """The request that created it; also an annotation on the object."""
    created_at: datetime
    uid: str = ""
    """The object's uid once the cluster gave one; a later object of this name is not ours."""
    ready_at: datetime | None = None
    is_protected: bool = False
    restorable_until: datetime | None = None
    """End of the grace period of a released namespace."""
    renewals: int = 0
    """How often its end was put off."""
    asleep: Asleep | None = None
    """Set while its workloads sleep."""

    @property
    def certify_by(self) -> datetime | None:
        """Until when somebody must confirm that it is still needed; None where nobody must."""
        every = POLICIES[self.spec.environment].recertify_every
        if every is None:
            return None
        return (self.spec.certified_at or self.ready_at or self.created_at) + every
