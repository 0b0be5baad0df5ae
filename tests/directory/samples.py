"""Rows, records, requests and cluster objects for tests, and a directory that they are put into."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kubernetes.aio.client.configuration import Configuration

from nsaas_app.cluster.calls import ObservedApi
from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.mirror import Mirror
from nsaas_app.cluster.objects import (
    Deployment,
    Metadata,
    Namespace,
    ResourceQuota,
    _NamespaceStatus,
    _QuotaAmounts,
    _WorkloadSpec,
    _WorkloadStatus,
)
from nsaas_app.directory.directory import Directory
from nsaas_app.directory.feed import Feed
from nsaas_app.directory.hub import FEED, Hub
from nsaas_app.directory.requests import RequestBoard
from nsaas_app.directory.rows import NamespaceRow
from nsaas_app.domain.actors import Actor, Role
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.namespaces import Intent, ManagedNamespace, NamespaceState
from nsaas_app.domain.network import NetworkPreset
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind
from nsaas_app.domain.tiers import Tier
from tests.support.specs import NOW, spec_of

__all__ = [
    "ADMIN",
    "AUDITOR",
    "FRONTEND",
    "NOBODY",
    "PAYMENTS",
    "Desk",
    "deployment",
    "member",
    "namespace",
    "quota",
    "record",
    "request",
    "row",
]

FRONTEND, PAYMENTS = TeamName("frontend"), TeamName("payments")
ADMIN = Actor("admin", is_admin=True)
AUDITOR = Actor("auditor", is_auditor=True)
NOBODY = Actor("nobody")


def member(*teams: TeamName, role: Role = Role.VIEWER) -> Actor:
    return Actor("member", teams=dict.fromkeys(teams, role))


def row(name: str, **fields: Any) -> NamespaceRow:
    """A healthy development namespace of team frontend, unless told otherwise."""
    plain: dict[str, Any] = {
        "name": name,
        "cluster": "local",
        "team": FRONTEND,
        "environment": Environment.DEVELOPMENT,
        "tier": Tier.SMALL,
        "network": NetworkPreset.ISOLATED,
        "state": NamespaceState.ACTIVE,
        "owner": "ada",
        "request_id": f"r-{name}",
        "created_at": NOW,
    }
    return NamespaceRow(**plain | fields)


def record(name: str, *, team: TeamName = FRONTEND, **fields: Any) -> ManagedNamespace:
    """An active record whose object has the uid `u-<name>`."""
    spec = replace(spec_of(name, team=team), **fields.pop("spec", {}))
    plain: dict[str, Any] = {
        "name": spec.name,
        "team": team,
        "cluster": "local",
        "intent": Intent.ACTIVE,
        "spec": spec,
        "request_id": f"r-{name}",
        "created_at": NOW,
        "uid": f"u-{name}",
    }
    return ManagedNamespace(**plain | fields)


_versions = itertools.count(1)


def _metadata(name: str, namespace: str = "", **fields: Any) -> Metadata:
    plain: dict[str, Any] = {"uid": f"u-{name}", "resource_version": str(next(_versions))}
    return Metadata(name=name, namespace=namespace, **plain | fields)


def namespace(name: str, **fields: Any) -> Namespace:
    return Namespace(metadata=_metadata(name, **fields), status=_NamespaceStatus(phase="Active"))


def quota(name: str, inside: str, *, used: dict[str, str], hard: dict[str, str]) -> ResourceQuota:
    return ResourceQuota(
        metadata=_metadata(name, inside),
        spec=_QuotaAmounts(hard=hard),
        status=_QuotaAmounts(hard=hard, used=used),
    )


def deployment(
    name: str, inside: str, *, replicas: int | None = 1, available: int = 1
) -> Deployment:
    return Deployment(
        metadata=_metadata(name, inside),
        spec=_WorkloadSpec(replicas=replicas),
        status=_WorkloadStatus(available_replicas=available),
    )


def request(request_id: str, *, team: TeamName = FRONTEND, **fields: Any) -> ProvisioningRequest:
    """A provision request that completed in one second."""
    spec = spec_of(f"shop-{request_id}", team=team)
    plain: dict[str, Any] = {
        "request_id": request_id,
        "kind": RequestKind.PROVISION,
        "namespace": spec.name,
        "team": team,
        "phase": Phase.DONE,
        "spec": spec,
        "requested_by": "ada",
        "correlation_id": "c-1",
        "created_at": NOW,
        "finished_at": NOW + timedelta(seconds=1),
    }
    return ProvisioningRequest(**plain | fields)


@dataclass
class Desk:
    """A directory with everything around it, and a clock that is moved by hand."""

    mirror: Mirror = field(default_factory=lambda: Mirror(_unreachable()))
    now: datetime = NOW
    asked: int = 0
    """How often somebody asked for the time: once per row that is joined."""

    def __post_init__(self) -> None:
        self.hub = Hub()
        self.feed = Feed(self.hub.publish, FEED, start=100)
        self.board = RequestBoard(hub=self.hub, feed=self.feed, clock=self._clock)
        self.directory = Directory(
            hub=self.hub, feed=self.feed, mirror=self.mirror, board=self.board, clock=self._clock
        )

    def _clock(self) -> datetime:
        self.asked += 1
        return self.now

    def sync(self) -> None:
        """Say that the cluster was listed."""
        for reflector in self.mirror.reflectors:
            reflector.synced.set()
        for each in self.directory.records():
            self.directory.put_record(each)

    def put(self, *records: ManagedNamespace) -> None:
        """Take in records together with their objects."""
        for each in records:
            self.mirror.namespaces.put(namespace(str(each.name)))
            self.directory.put_record(each)


def _unreachable() -> Cluster:
    """A client for tests that put objects into the caches themselves."""
    return Cluster(ObservedApi(Configuration(host="https://127.0.0.1:1")), name="local")
