"""The rivals: the very same objects written by kubectl, and by bare concurrent calls."""

import asyncio
import secrets
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import yaml

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.cluster.objects import ResourceQuota, ServiceAccount
from nsaas_app.domain import keys
from nsaas_app.domain.access import AccessGrant
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import NamespaceName
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.tiers import Tier
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.manifests.bundle import Bundle, bundle
from nsaas_app.manifests.network_policies import NetworkSettings
from tests.support.controlplane import ControlPlane

from .kit import Series

__all__ = [
    "BARE",
    "DEV",
    "KUBECTL",
    "NAIVE",
    "Naive",
    "bare_apply",
    "bare_writes",
    "bundle_of",
    "fresh_name",
    "kubectl_apply",
    "naive_list",
]

NAIVE: Final = "naive page: lists at each refresh"
KUBECTL: Final = "kubectl apply --server-side"
BARE: Final = "bare asyncio apply"
DEV: Final = "frontend-dev"


def fresh_name() -> str:
    """A name that nobody uses yet."""
    return f"b-{secrets.token_hex(5)}"


def bundle_of(name: str) -> Bundle:
    """The objects that a request for this name with all defaults leads to."""
    now, team = datetime.now(UTC), DEV_TEAMS[0]
    access: tuple[AccessGrant, ...] = team.default_access(Environment.DEVELOPMENT)
    spec = NamespaceSpec(
        name=NamespaceName.parse(name),
        team=team.name,
        environment=Environment.DEVELOPMENT,
        tier=Tier.SMALL,
        network=NetworkSpec(NetworkPreset.TEAM_SHARED, Egress.INTERNET_HTTPS),
        owner=DEV,
        cluster="local",
        access=access,
        cost_center=team.cost_center,
    )
    return bundle(spec, request_id="bench", provisioned_at=now, now=now, settings=NetworkSettings())


def kubectl_apply(kubectl: str, kubeconfig: Path, directory: Path) -> float:
    """One process of kubectl for one namespace; milliseconds, its start included."""
    file = directory / "objects.yaml"
    file.write_text(yaml.safe_dump_all(list(bundle_of(fresh_name()))))
    command = [kubectl, "--kubeconfig", str(kubeconfig), "apply", "--server-side"]
    started = time.perf_counter()
    subprocess.run([*command, "-f", str(file)], check=True, capture_output=True)
    return (time.perf_counter() - started) * 1000


async def bare_apply(cluster: Cluster, *, pause_s: float = 0.002) -> float:
    """Namespace first, then everything at once, until the controllers have answered; ms.

    Args:
        cluster: where to.
        pause_s: between two looks; many at once must not keep the API server busy with them.
    """
    wanted, started = bundle_of(fresh_name()), time.perf_counter()
    await bare_writes(cluster, wanted)
    while not await _is_ready(cluster, wanted.namespace["metadata"]["name"]):
        await asyncio.sleep(pause_s)
    return (time.perf_counter() - started) * 1000


async def bare_writes(cluster: Cluster, wanted: Bundle) -> None:
    """The writes alone: nobody looks whether the namespace is usable."""
    await cluster.apply(wanted.namespace, force=False)
    rest = [*wanted.quota, *wanted.limits, *wanted.network, *wanted.access]
    await asyncio.gather(*(cluster.apply(manifest, force=False) for manifest in rest))


async def _is_ready(cluster: Cluster, name: str) -> bool:
    account, quota = await asyncio.gather(
        cluster.get("ServiceAccount", "default", name, model=ServiceAccount),
        cluster.get("ResourceQuota", "nsaas-quota", name, model=ResourceQuota),
    )
    return account is not None and quota is not None and bool(quota.status.used)


@dataclass(frozen=True, slots=True)
class Naive:
    """What a page costs that lists from the API server each time it is refreshed."""

    series: Series
    cpu_ms: float
    """Of the page's own process, each time."""


def naive_list(controlplane: ControlPlane, *, rounds: int) -> Naive:
    """List namespaces and quotas as JSON, keep the managed ones, sort them, cut the first page."""

    async def work() -> Naive:
        cluster = await connect(ClusterAddress(kubeconfig=controlplane.kubeconfig))
        times, before = [], time.process_time()
        try:
            for _ in range(rounds):
                started = time.perf_counter()
                namespaces = await cluster.read_all("Namespace", "")
                quotas = await cluster.read_all("ResourceQuota", "")
                used = {quota["metadata"]["namespace"]: quota["status"] for quota in quotas}
                managed = [
                    (one["metadata"]["name"], used.get(one["metadata"]["name"]))
                    for one in namespaces
                    if one["metadata"].get("labels", {}).get(keys.MANAGED) == keys.MANAGED_VALUE
                ]
                managed.sort(key=lambda row: row[0])
                assert managed[:20]
                times.append((time.perf_counter() - started) * 1000)
        finally:
            await cluster.close()
        return Naive(Series(NAIVE, tuple(times)), 1000 * (time.process_time() - before) / rounds)

    return asyncio.run(work())
