"""The part of the mirror that shows what runs in the namespaces; nothing is made from it.

A kind of these that cannot be listed leaves a gap on pages, and no request waits for it.
"""

from typing import Any, Final

from .cache import Cache
from .client import Cluster
from .objects import Deployment
from .paths import RESOURCES
from .reflector import Reflector
from .workload_objects import (
    Claim,
    CronJob,
    DaemonSet,
    HorizontalPodAutoscaler,
    Ingress,
    PersistentVolume,
    Pod,
    Service,
    StatefulSet,
    WarningEvent,
)

__all__ = ["Workloads"]

_ONLY_WARNINGS: Final = (("fieldSelector", "type=Warning"),)


class Workloads:
    """One reflector for each kind that teams put into their namespaces."""

    def __init__(self, cluster: Cluster) -> None:
        self._deployments = Reflector(cluster, RESOURCES["Deployment"], Deployment)
        self._stateful_sets = Reflector(cluster, RESOURCES["StatefulSet"], StatefulSet)
        self._daemon_sets = Reflector(cluster, RESOURCES["DaemonSet"], DaemonSet)
        self._cron_jobs = Reflector(cluster, RESOURCES["CronJob"], CronJob)
        self._pods = Reflector(cluster, RESOURCES["Pod"], Pod)
        self._claims = Reflector(cluster, RESOURCES["PersistentVolumeClaim"], Claim)
        self._volumes = Reflector(cluster, RESOURCES["PersistentVolume"], PersistentVolume)
        self._services = Reflector(cluster, RESOURCES["Service"], Service)
        self._ingresses = Reflector(cluster, RESOURCES["Ingress"], Ingress)
        self._autoscalers = Reflector(
            cluster, RESOURCES["HorizontalPodAutoscaler"], HorizontalPodAutoscaler
        )
        self._warnings = Reflector(
            cluster, RESOURCES["Event"], WarningEvent, selector=_ONLY_WARNINGS
        )

    @property
    def deployments(self) -> Cache[Deployment]:
        """All Deployments."""
        return self._deployments.cache

    @property
    def stateful_sets(self) -> Cache[StatefulSet]:
        """All StatefulSets."""
        return self._stateful_sets.cache

    @property
    def daemon_sets(self) -> Cache[DaemonSet]:
        """All DaemonSets."""
        return self._daemon_sets.cache

    @property
    def cron_jobs(self) -> Cache[CronJob]:
        """All CronJobs."""
        return self._cron_jobs.cache

    @property
    def pods(self) -> Cache[Pod]:
        """All Pods."""
        return self._pods.cache

    @property
    def claims(self) -> Cache[Claim]:
        """All PersistentVolumeClaims."""
        return self._claims.cache

    @property
    def volumes(self) -> Cache[PersistentVolume]:
        """All PersistentVolumes: they belong to no namespace."""
        return self._volumes.cache

    @property
    def services(self) -> Cache[Service]:
        """All Services."""
        return self._services.cache

    @property
    def ingresses(self) -> Cache[Ingress]:
        """All Ingresses."""
        return self._ingresses.cache

    @property
    def autoscalers(self) -> Cache[HorizontalPodAutoscaler]:
        """All HorizontalPodAutoscalers."""
        return self._autoscalers.cache

    @property
    def warnings(self) -> Cache[WarningEvent]:
        """Warning events; the API server forgets them after an hour."""
        return self._warnings.cache

    @property
    def has_deployments(self) -> bool:
        """Whether Deployments were listed at least once: before, there is no number of them."""
        return self._deployments.synced.is_set()

    @property
    def has_pods(self) -> bool:
        """Whether pods, and the workloads that want them, were listed: before, none is missing."""
        wanted = (self._pods, self._deployments, self._stateful_sets)
        return all(reflector.synced.is_set() for reflector in wanted)

    @property
    def reflectors(self) -> tuple[Reflector[Any], ...]:
        """Every reflector of this part."""
        return (
            self._deployments, self._stateful_sets, self._daemon_sets, self._cron_jobs, self._pods,
            self._claims, self._volumes, self._services, self._ingresses, self._autoscalers,
            self._warnings,
        )  # fmt: skip
