"""What teams run in a namespace: small structs with only the fields that pages and rules use.

The objects a namespace itself is made of are in `objects`.
"""

from typing import Any, ClassVar

import msgspec

from .objects import Condition, Object

__all__ = [
    "Claim",
    "ContainerStatus",
    "CronJob",
    "DaemonSet",
    "HorizontalPodAutoscaler",
    "Ingress",
    "PersistentVolume",
    "Pod",
    "Reference",
    "Service",
    "StatefulSet",
    "WarningEvent",
]


class Reference(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """The object that something is about, or that something scales."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""


class _WorkloadSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    replicas: int | None = None


class _StatefulSetStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    replicas: int | None = None
    available_replicas: int | None = None
    ready_replicas: int | None = None
    conditions: list[Condition] | None = None


class StatefulSet(Object, rename="camel", frozen=True, gc=False):
    """A StatefulSet: how many replicas are wanted and ready."""

    spec: _WorkloadSpec = _WorkloadSpec()
    status: _StatefulSetStatus = _StatefulSetStatus()


class _DaemonSetStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    desired_number_scheduled: int = 0
    number_ready: int = 0


class DaemonSet(Object, rename="camel", frozen=True, gc=False):
    """A DaemonSet: on how many nodes it should run and is ready."""

    status: _DaemonSetStatus = _DaemonSetStatus()


class _CronJobSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    schedule: str = ""
    time_zone: str | None = None
    suspend: bool = False


class _CronJobStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    active: list[Reference] | None = None
    last_schedule_time: str | None = None
    last_successful_time: str | None = None


class CronJob(Object, rename="camel", frozen=True, gc=False):
    """A CronJob: when it runs and ran, and whether it is suspended."""

    spec: _CronJobSpec = _CronJobSpec()
    status: _CronJobStatus = _CronJobStatus()


class _WaitingState(msgspec.Struct, rename="camel", frozen=True, gc=False):
    reason: str = ""
    message: str = ""


class _EndedState(msgspec.Struct, rename="camel", frozen=True, gc=False):
    reason: str = ""
    exit_code: int = 0
    finished_at: str | None = None


class _ContainerState(msgspec.Struct, rename="camel", frozen=True, gc=False):
    waiting: _WaitingState | None = None
    terminated: _EndedState | None = None


class ContainerStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """One container: ready, how often it was started again, why it waits or ended."""

    name: str = ""
    ready: bool = False
    restart_count: int = 0
    state: _ContainerState = _ContainerState()
    last_state: _ContainerState = _ContainerState()


class _PodResources(msgspec.Struct, rename="camel", frozen=True, gc=False):
    requests: dict[str, str] | None = None


class _Container(msgspec.Struct, rename="camel", frozen=True, gc=False):
    resources: _PodResources = _PodResources()
    restart_policy: str = ""

    @property
    def requests(self) -> dict[str, str]:
        """What it asks for, in Kubernetes notation."""
        return self.resources.requests or {}

    @property
    def is_sidecar(self) -> bool:
        """Whether it begins before the containers and runs beside them."""
        return self.restart_policy == "Always"


class _ClaimSource(msgspec.Struct, rename="camel", frozen=True, gc=False):
    claim_name: str = ""


class _PodVolume(msgspec.Struct, rename="camel", frozen=True, gc=False):
    persistent_volume_claim: _ClaimSource | None = None


class _PodSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    node_name: str = ""
    containers: list[_Container] | None = None
    init_containers: list[_Container] | None = None
    overhead: dict[str, str] | None = None
    """What its runtime class takes beside the containers."""
    volumes: list[_PodVolume] | None = None

    @property
    def claims(self) -> tuple[str, ...]:
        """Names of the volume claims it mounts."""
        sources = (volume.persistent_volume_claim for volume in self.volumes or ())
        return tuple(source.claim_name for source in sources if source is not None)


class _PodStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    phase: str = ""
    reason: str = ""
    message: str = ""
    start_time: str | None = None
    conditions: list[Condition] | None = None
    container_statuses: list[ContainerStatus] | None = None


class Pod(Object, rename="camel", frozen=True, gc=False):
    """A Pod: where it runs, how far it is, and what its containers do."""

    alike: ClassVar[tuple[str, ...]] = (
        "metadata.labels", "metadata.annotations", "spec", "status.conditions",
        "status.container_statuses",
    )  # fmt: skip

    spec: _PodSpec = _PodSpec()
    status: _PodStatus = _PodStatus()


class _ClaimResources(msgspec.Struct, rename="camel", frozen=True, gc=False):
    requests: dict[str, str] | None = None


class _ClaimSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    storage_class_name: str | None = None
    volume_name: str = ""
    resources: _ClaimResources = _ClaimResources()


class _ClaimStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    phase: str = ""
    capacity: dict[str, str] | None = None


class Claim(Object, rename="camel", frozen=True, gc=False):
    """A PersistentVolumeClaim: how much it asked for and got, and whether it is bound."""

    spec: _ClaimSpec = _ClaimSpec()
    status: _ClaimStatus = _ClaimStatus()


class _PersistentVolumeSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    persistent_volume_reclaim_policy: str = ""


class PersistentVolume(Object, rename="camel", frozen=True, gc=False):
    """A PersistentVolume: what becomes of its data when its claim goes."""

    spec: _PersistentVolumeSpec = _PersistentVolumeSpec()


class _LoadBalancer(msgspec.Struct, rename="camel", frozen=True, gc=False):
    ingress: list[dict[str, Any]] | None = None


class _AddressStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    load_balancer: _LoadBalancer = _LoadBalancer()


class _ServiceSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    type: str = ""
    ports: list[dict[str, Any]] | None = None
    selector: dict[str, str] | None = None


class Service(Object, rename="camel", frozen=True, gc=False):
    """A Service: its type, ports and addresses outside."""

    spec: _ServiceSpec = _ServiceSpec()
    status: _AddressStatus = _AddressStatus()


class _IngressBackend(msgspec.Struct, rename="camel", frozen=True, gc=False):
    service: Reference | None = None


class _IngressPath(msgspec.Struct, rename="camel", frozen=True, gc=False):
    backend: _IngressBackend = _IngressBackend()


class _IngressPaths(msgspec.Struct, rename="camel", frozen=True, gc=False):
    paths: list[_IngressPath] | None = None


class _IngressRule(msgspec.Struct, rename="camel", frozen=True, gc=False):
    host: str = ""
    http: _IngressPaths | None = None


class _IngressSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    ingress_class_name: str | None = None
    rules: list[_IngressRule] | None = None
    default_backend: _IngressBackend | None = None

    @property
    def services(self) -> list[str]:
        """Names of the Services it leads to."""
        paths = [path for rule in self.rules or () if rule.http for path in rule.http.paths or ()]
        backends = [path.backend for path in paths]
        backends += [self.default_backend] if self.default_backend else []
        return [one.service.name for one in backends if one.service is not None]


class Ingress(Object, rename="camel", frozen=True, gc=False):
    """An Ingress: its class, host names and addresses."""

    spec: _IngressSpec = _IngressSpec()
    status: _AddressStatus = _AddressStatus()


class _AutoscalerSpec(msgspec.Struct, rename="camel", frozen=True, gc=False):
    scale_target_ref: Reference = Reference()
    min_replicas: int | None = None
    max_replicas: int = 0


class _AutoscalerStatus(msgspec.Struct, rename="camel", frozen=True, gc=False):
    current_replicas: int | None = None
    desired_replicas: int | None = None


class HorizontalPodAutoscaler(Object, rename="camel", frozen=True, gc=False):
    """A HorizontalPodAutoscaler: what it scales, and between which numbers."""

    spec: _AutoscalerSpec = _AutoscalerSpec()
    status: _AutoscalerStatus = _AutoscalerStatus()


class _EventSeries(msgspec.Struct, rename="camel", frozen=True, gc=False):
    count: int = 0
    last_observed_time: str | None = None


class WarningEvent(Object, rename="camel", frozen=True, gc=False):
    """A warning of the cluster: about which object, why, how often and when last."""

    involved_object: Reference = Reference()
    reason: str = ""
    message: str = ""
    type: str = ""
    count: int | None = None
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    event_time: str | None = None
    series: _EventSeries | None = None

    @property
    def times(self) -> int:
        """How often it was seen, at least once."""
        return max(1, self.count or 0, self.series.count if self.series else 0)

    @property
    def seen_at(self) -> str:
        """When it was seen last, RFC 3339; whichever of its four times its writer filled."""
        series = self.series.last_observed_time if self.series else None
        return series or self.last_timestamp or self.event_time or self.metadata.creation_timestamp
