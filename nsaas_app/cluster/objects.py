"""What is read from the cluster: small structs with only the fields the product uses.

msgspec skips everything else, so ten thousand objects decode in a tenth of a second and an object
that breaks the official models (an Event without eventTime) cannot fail a whole list. What comes
out of JSON holds no circles, so none of it is looked through for garbage (`gc=False`).
"""

from typing import Any, ClassVar

import msgspec

from ..domain import keys

__all__ = [
    "Condition",
    "Deployment",
    "LimitRange",
    "Metadata",
    "Namespace",
    "NetworkPolicy",
    "Object",
    "ResourceQuota",
    "RoleBinding",
    "ServiceAccount",
    "Subject",
]


class _Owner(msgspec.Struct, rename="camel", frozen=True, gc=False):
    kind: str = ""
    name: str = ""
    controller: bool = False


class Metadata(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """Object metadata without managedFields, which are half of the bytes."""

    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    generation: int = 0
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    creation_timestamp: str = ""
    deletion_timestamp: str | None = None
    finalizers: list[str] | None = None
    owner_references: list[_Owner] | None = None

    @property
    def owner_kind(self) -> str:
        """Kind of the controller that made the object; empty where nobody did."""
        return next((each.kind for each in self.owner_references or () if each.controller), "")

    @property
    def owner_name(self) -> str:
        """Name of the controller that made the object; empty where nobody did."""
        return next((each.name for each in self.owner_references or () if each.controller), "")


class Object(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """Any object, as far as a cache needs it."""

    alike: ClassVar[tuple[str, ...]] = ("metadata.labels",)
    """Parts that many objects of the kind have alike; see `sharing`."""

    metadata: Metadata = Metadata()

    @property
    def key(self) -> tuple[str, str]:
        """Namespace and name."""
        return self.metadata.namespace, self.metadata.name

    @property
    def labels(self) -> dict[str, str]:
        """Labels, empty where there are none."""
        return self.metadata.labels or {}

    @property
    def annotations(self) -> dict[str, str]:
        """Annotations, empty where there are none."""
        return self.metadata.annotations or {}

    @property
    def is_managed(self) -> bool:
        """Whether it carries the portal's label."""
        return self.labels.get(keys.MANAGED) == keys.MANAGED_VALUE


class Condition(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """One condition of a status."""

    type: str = ""
    status: str = ""
    reason: str = ""
    message: str = ""


class _NamespaceStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    phase: str = ""
    conditions: list[Condition] | None = None


class Namespace(Object, rename="camel", frozen=True, gc=False):
    """A Namespace: labels, annotations, phase, conditions of a deletion."""

    alike: ClassVar[tuple[str, ...]] = ("metadata.finalizers", "status")

    status: _NamespaceStatus = _NamespaceStatus()

    @property
    def is_active(self) -> bool:
        """Whether it takes objects."""
        return self.status.phase == "Active" and self.metadata.deletion_timestamp is None


class _QuotaAmounts(msgspec.Struct, rename="camel", frozen=True, gc=False):
    hard: dict[str, str] | None = None
    used: dict[str, str] | None = None


class ResourceQuota(Object, rename="camel", frozen=True, gc=False):
    """A ResourceQuota: what is allowed, what is counted."""

    alike: ClassVar[tuple[str, ...]] = ("metadata.labels", "spec", "status.hard", "status.used")

    spec: _QuotaAmounts = _QuotaAmounts()
    status: _QuotaAmounts = _QuotaAmounts()


class LimitRange(Object, rename="camel", frozen=True, gc=False):
    """A LimitRange with its rows as they are."""

    alike: ClassVar[tuple[str, ...]] = ("metadata.labels", "spec")

    spec: dict[str, Any] = {}


class NetworkPolicy(Object, rename="camel", frozen=True, gc=False):
    """A NetworkPolicy with its rules as they are."""

    alike: ClassVar[tuple[str, ...]] = ("metadata.labels", "spec")

    spec: dict[str, Any] = {}


class Subject(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """Who a RoleBinding names."""

    api_group: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""


class _RoleRef(msgspec.Struct, rename="camel", frozen=True, gc=False):
    api_group: str = ""
    kind: str = ""
    name: str = ""


class RoleBinding(Object, rename="camel", frozen=True, gc=False):
    """A RoleBinding: role and subjects."""

    alike: ClassVar[tuple[str, ...]] = ("metadata.labels", "role_ref", "subjects")

    role_ref: _RoleRef = _RoleRef()
    subjects: list[Subject] | None = None


class ServiceAccount(Object, rename="camel", frozen=True, gc=False):
    """A ServiceAccount, for its existence."""


class _WorkloadSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    replicas: int | None = None


class _WorkloadStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    replicas: int | None = None
    available_replicas: int | None = None
    ready_replicas: int | None = None
    conditions: list[Condition] | None = None


class Deployment(Object, rename="camel", frozen=True, gc=False):
    """A Deployment: how many replicas are wanted and available, and why not."""

    spec: _WorkloadSpec = _WorkloadSpec()
    status: _WorkloadStatus = _WorkloadStatus()

    @property
    def is_available(self) -> bool:
        """Whether at least one replica is available."""
        return (self.status.available_replicas or 0) > 0
