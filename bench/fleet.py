"""A fleet of managed namespaces, as the portal would leave it: objects, pods, records, requests.

The same number always gives the same namespace, and one that has its record is complete: a
seeding that was cut off goes on where it stopped.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.faults import ClusterError
from nsaas_app.cluster.objects import Namespace
from nsaas_app.domain.environments import POLICIES, Environment
from nsaas_app.domain.names import NamespaceName, TeamName
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.network import DEFAULT_EGRESS, NetworkSpec
from nsaas_app.domain.requests import (
    STEPS,
    Phase,
    ProvisioningRequest,
    RequestKind,
    Step,
    StepStatus,
)
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.teams import Budget, Resources, Team, TeamGroups
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.manifests.bundle import bundle
from nsaas_app.manifests.network_policies import NetworkSettings
from nsaas_app.manifests.sample_pod import sample_pod
from nsaas_app.runtime import identity_services
from nsaas_app.settings import Settings
from nsaas_app.store.database import Database
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.requests import RequestStore

__all__ = ["PODS_EACH", "TEAMS", "Seeding", "member", "seed"]

AT_ONCE: Final = 32
BATCH: Final = 50
"""Records that are written in one transaction."""
PODS_EACH: Final = 2
NODES: Final = ("simulated-1", "simulated-2")
_ROOM: Final = Budget(
    namespaces=10_000,
    per_environment=dict.fromkeys(Environment, 10_000),
    resources=Resources.parse("100k", "100Ti", "1Pi"),
)


def _team(number: int) -> Team:
    name = f"team-{number:02}"
    roles = {role: (f"{name}-{role}s",) for role in ("viewer", "developer", "lead")}
    return Team(
        name=TeamName(name),
        display_name=f"Team {number}",
        cost_center=f"cc-{1000 + number}",
        groups=TeamGroups(**roles),
        budget=_ROOM,
    )


TEAMS: Final = (
    *(replace(team, budget=_ROOM) for team in DEV_TEAMS),
    *(_team(number) for number in range(2, 40)),
)
_APPS: Final = (
    "shop",
    "search",
    "ledger",
    "mail",
    "maps",
    "auth",
    "feed",
    "stock",
    "rates",
    "docs",
)


@dataclass(frozen=True, slots=True)
class Seeding:
    """What was put there and how long it took."""

    made: int
    """The others were there already."""
    took_s: float
    today: datetime
    """The day the fleet's dates are counted from."""
    there: int
    """The fleet as it is now."""


def member(number: int, *, today: datetime) -> ManagedNamespace:
    """The record of one namespace of the fleet, without the uid that the cluster gives it."""
    team = TEAMS[number % len(TEAMS)]
    environment = list(Environment)[number // len(TEAMS) % len(Environment)]
    policy, turn = POLICIES[environment], number // len(TEAMS) // len(Environment)
    app = f"{_APPS[turn % len(_APPS)]}{turn // len(_APPS) or ''}"
    name = NamespaceName(f"{team.name}-{app}-{environment.short}")
    preset = policy.networks[number % len(policy.networks)]
    spec = NamespaceSpec(
        name=name,
        team=team.name,
        environment=environment,
        tier=policy.tiers[number % len(policy.tiers)],
        network=NetworkSpec(preset, DEFAULT_EGRESS[preset]),
        owner=f"{team.name}-dev-{number % 7}",
        cluster="local",
        access=team.default_access(environment),
        expires_at=today + timedelta(days=3 + number % 80) if policy.default_ttl else None,
        display_name=f"{app.title()} of {team.display_name}",
        description=f"Number {number} of the fleet",
        cost_center=team.cost_center,
    )
    created_at = today - timedelta(days=1 + number % 300, minutes=number % 1440)
    return ManagedNamespace(
        name=name,
        team=team.name,
        cluster="local",
        intent=Intent.ACTIVE,
        spec=spec,
        request_id=f"fleet-{number:06}",
        created_at=created_at,
        ready_at=created_at + timedelta(seconds=1),
    )


def _request(record: ManagedNamespace) -> ProvisioningRequest:
    steps = tuple(
        Step(name, StepStatus.DONE, 1, record.created_at, record.ready_at)
        for name in STEPS[RequestKind.PROVISION]
    )
    return ProvisioningRequest(
        request_id=record.request_id,
        kind=RequestKind.PROVISION,
        namespace=record.name,
        team=record.team,
        phase=Phase.DONE,
        spec=record.spec,
        requested_by=record.spec.owner,
        correlation_id=record.request_id,
        created_at=record.created_at,
        started_at=record.created_at,
        finished_at=record.ready_at,
        steps=steps,
    )


def _pods(record: ManagedNamespace, number: int) -> list[dict[str, Any]]:
    """Pods that a node has already: kwok runs them, the scheduler need not be asked."""
    found = []
    for position in range(PODS_EACH):
        pod = sample_pod(record.spec)
        pod["metadata"] = {
            "name": f"web-{number:06}-{position}",
            "namespace": str(record.name),
            "labels": {"app": "web"},
        }
        pod["spec"]["nodeName"] = NODES[position % len(NODES)]
        found.append(pod)
    return found


async def _create(cluster: Cluster, manifest: dict[str, Any]) -> None:
    try:
        await cluster.create(manifest)
    except ClusterError as error:
        if error.code != "NS_EXISTS" and error.status != 409:  # noqa: PLR2004 - HTTP's own number
            raise


async def _make(cluster: Cluster, number: int, *, today: datetime) -> ManagedNamespace:
    """Write everything of one namespace, one object after the other; give its record."""
    record = member(number, today=today)
    wanted = bundle(
        record.spec,
        request_id=record.request_id,
        provisioned_at=record.created_at,
        now=today,
        settings=NetworkSettings(),
    )
    for manifest in wanted:
        await _create(cluster, manifest)
    name = str(record.name)
    seen = await cluster.get("Namespace", name, model=Namespace)
    assert seen is not None, f"{name} is not there"
    for pod in _pods(record, number):
        await _with_patience(cluster, pod)
    return replace(record, uid=seen.metadata.uid)


async def _with_patience(cluster: Cluster, pod: dict[str, Any]) -> None:
    """A pod is refused until the namespace has its account and its quota is counted."""
    end = time.monotonic() + 60
    while True:
        try:
            await _create(cluster, pod)
        except ClusterError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.2)
        else:
            return


class _Writer:
    """Writes records in batches, as many in one transaction as have come together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[ManagedNamespace] = []
        self._lock = asyncio.Lock()

    async def put(self, record: ManagedNamespace) -> None:
        self._waiting.append(record)
        if len(self._waiting) >= BATCH:
            await self.flush()

    async def flush(self) -> None:
        async with self._lock:
            batch, self._waiting = self._waiting, []
            namespaces, requests, ledger = NamespaceStore(), RequestStore(), LedgerStore()
            async with self._database.transaction() as connection:
                for one in batch:
                    await requests.add(
                        connection, _request(one), idempotency_key=one.request_id,
                        body_hash=one.request_id, source="bench",
                    )  # fmt: skip
                    await namespaces.put(connection, one)
                    await ledger.book(connection, one.spec, request_id=one.request_id)
                    await ledger.confirm(connection, cluster="local", namespace=str(one.name))


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    async with identity_services(settings) as services:
        await services.teams.ensure_exist(TEAMS)
    database = Database(settings.database)
    try:
        yield database
    finally:
        await database.close()


async def seed(
    cluster: Cluster, settings: Settings, count: int, *, tell: Callable[[str], None]
) -> Seeding:
    """Bring the fleet to so many namespaces; what is complete is left alone.

    Args:
        cluster: where to, as its administrator.
        settings: of the portal's home.
        count: how many there shall be.
        tell: called now and then with how far it is.
    """
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    started = time.perf_counter()
    async with _database(settings) as database:
        async with database.reading() as connection:
            known = {record.request_id for record in await NamespaceStore().all(connection)}
        missing = [n for n in range(count) if f"fleet-{n:06}" not in known]
        left, writer = iter(missing), _Writer(database)

        async def worker() -> None:
            for number in left:
                await writer.put(await _make(cluster, number, today=today))
                if number % 500 == 0:
                    tell(f"namespace {number} of {count}")

        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(worker())
        await writer.flush()
    return Seeding(len(missing), time.perf_counter() - started, today, len(known) + len(missing))
