"""What a check-up finds: a line for each part, with a fix where something is wrong."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from .. import metrics
from ..cluster.mirror import Mirror
from ..directory.query import Freshness, Liveness
from ..insights.enforcement import Enforcement
from ..insights.integrations import Integration
from ..insights.policies import PolicyReport, PolicyState
from ..insights.rights import RightsReport

__all__ = [
    "ClusterReview",
    "Finding",
    "Health",
    "KindLine",
    "Platform",
    "Report",
    "Work",
    "of_caches",
    "of_cluster",
    "of_database",
    "of_lag",
    "of_loops",
    "of_network",
    "of_policies",
    "of_rights",
    "of_worker",
]

_LAG_S: Final = 0.25
"""Above this people feel that clicks wait."""


class Health(StrEnum):
    """How a part is; the order is that of harm."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the machine and how it is."""

    key: str
    title: str
    health: Health
    message: str
    fix: str = ""
    since: datetime | None = None
    """Since when this process sees it so."""


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of the mirror."""

    kind: str
    is_required: bool
    is_synced: bool
    is_watching: bool
    objects: int
    contact_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class Work:
    """What the database answered: how long it took, and the jobs by state."""

    database: str = ""
    took_ms: float = 0.0
    jobs: Mapping[str, int] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ClusterReview:
    """What the cluster answered about itself; `at` says when."""

    server: str = ""
    policies: tuple[PolicyReport, ...] = ()
    rights: RightsReport | None = None
    integrations: tuple[Integration, ...] = ()
    served: frozenset[tuple[str, str]] = frozenset()
    """Group and plural of every kind that the API server serves beside the core ones."""
    trouble: str = ""
    """Why the cluster did not answer; the rest is from the last time that it did."""
    apis_trouble: str = ""
    """Why it did not tell its APIs: what it serves, and integrations, are from before that."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    """How the cluster is set for the portal."""

    review: ClusterReview
    manifests: Mapping[str, str]
    """The shipped text of each policy with its binding, as YAML."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole check-up."""

    version: str
    cluster: str
    as_of: datetime
    findings: tuple[Finding, ...]
    kinds: tuple[KindLine, ...]
    policies: tuple[PolicyReport, ...]
    rights: RightsReport | None
    jobs: Mapping[str, int]

    @property
    def health(self) -> Health:
        """The worst of all."""
        order = list(Health)
        return max((one.health for one in self.findings), key=order.index, default=Health.OK)


def of_cluster(freshness: Freshness, mirror: Mirror | None, review: ClusterReview) -> Finding:
    """Whether the API server answers."""
    key, title = "cluster", "Control plane"
    if mirror is None:
        message = "No cluster is configured."
        return Finding(key, title, Health.UNKNOWN, message, "Start the portal with a cluster.")
    trouble = mirror.probe_trouble or review.trouble
    if mirror.probe_trouble or freshness.liveness is Liveness.STALE:
        fix = "See that the API server runs and that the portal's token is valid."
        return Finding(key, title, Health.BAD, trouble or freshness.reason, fix)
    if mirror.probe_ms is None:
        return Finding(key, title, Health.UNKNOWN, "It has not answered yet.")
    server = f"Kubernetes {review.server}, " if review.server else ""
    message = f"{server}answers in {mirror.probe_ms:.0f} ms."
    health = Health.OK if freshness.liveness is Liveness.LIVE else Health.WARN
    return Finding(key, title, health, f"{message} {freshness.reason}".strip())


def of_caches(kinds: tuple[KindLine, ...], *, now: datetime) -> Finding | None:
    """Whether every kind is mirrored."""
    if not kinds:
        return None
    key, title = "caches", "Mirror of the cluster"
    unlisted = [one.kind for one in kinds if one.is_required and not one.is_synced]
    hidden = [one.kind for one in kinds if not one.is_required and not one.is_synced]
    troubled = [one.kind for one in kinds if one.is_synced and one.trouble]
    fix = "The table of kinds says what the API server answered."
    if unlisted:
        return Finding(key, title, Health.BAD, f"Not listed yet: {', '.join(unlisted)}.", fix)
    if hidden or troubled:
        parts = [f"Not shown to the portal: {', '.join(hidden)}."] if hidden else []
        parts += [f"Watch lost: {', '.join(troubled)}."] if troubled else []
        return Finding(key, title, Health.WARN, " ".join(parts), fix)
    count = sum(one.objects for one in kinds)
    message = f"{len(kinds)} kinds watched, {count:,} objects."
    oldest = min((one for one in kinds if one.contact_at), key=_contact, default=None)
    if oldest is not None:
        age = max(0, round((now - _contact(oldest)).total_seconds()))
        message = f"{message} Oldest contact {age} s ago ({oldest.kind})."
    return Finding(key, title, Health.OK, message)


def _contact(line: KindLine) -> datetime:
    return line.contact_at or datetime.min.replace(tzinfo=UTC)


def of_database(work: Work) -> Finding:
    """Whether the database answers."""
    key, title = "database", "Database"
    if work.trouble:
        return Finding(key, title, Health.BAD, work.trouble, "Bring the database back.")
    return Finding(key, title, Health.OK, f"{work.database} answers in {work.took_ms:.0f} ms.")


def of_worker(work: Work, *, has_worker: bool, role: str) -> Finding:
    """Whether what was accepted is carried out."""
    key, title = "worker", "Worker"
    queued, running = work.jobs.get("queued", 0), work.jobs.get("running", 0)
    message = f"{queued:,} queued, {running:,} running."
    if aside := work.jobs.get("quarantined", 0):
        message = f"{message} {aside:,} set aside after crashes."
        fix = "Read the log of these requests, then retry them."
        return Finding(key, title, Health.WARN, message, fix)
    if has_worker:
        return Finding(key, title, Health.OK, message)
    if role == "web":
        return Finding(key, title, Health.OK, f"Works in other processes: {message}")
    return Finding(key, title, Health.UNKNOWN, "Without a cluster there is nothing to work on.")


def of_loops(loops: Mapping[str, "asyncio.Task[None]"]) -> Finding:
    """Whether every loop of the process still runs."""
    key, title = "loops", "Background loops"
    ended = [name for name, task in loops.items() if task.done()]
    if ended:
        message = f"Ended by itself: {', '.join(ended)}."
        return Finding(key, title, Health.BAD, message, "Read the log, then restart the portal.")
    return Finding(key, title, Health.OK, f"{len(loops)} run: {', '.join(loops)}.")


def of_lag() -> Finding:
    """Whether the process has time for its clicks."""
    found = [sample.value for one in metrics.EVENT_LOOP_LAG.collect() for sample in one.samples]
    lag = max(found, default=0.0)
    health = Health.OK if lag < _LAG_S else Health.WARN
    fix = "" if health is Health.OK else "Give the portal more CPU, or start another replica."
    return Finding("lag", "Event loop", health, f"{lag * 1000:.0f} ms behind.", fix)


def of_network(enforcement: Enforcement) -> Finding:
    """Whether NetworkPolicies do anything."""
    key, title = "network", "NetworkPolicy"
    plugin = enforcement.plugin
    if enforcement.is_enforced is None:
        message = "Not known: the portal sees no DaemonSets, by which network plugins are told."
        return Finding(key, title, Health.UNKNOWN, message)
    if enforcement.is_enforced:
        return Finding(key, title, Health.OK, f"{plugin} enforces it.")
    found = f"{plugin} does not by itself." if plugin else "No plugin that does was found."
    message = f"Not enforced, as far as can be seen: {found} Policies are kept, nothing is blocked."
    fix = "Install a network plugin that enforces NetworkPolicy, such as Calico or Cilium."
    return Finding(key, title, Health.WARN, message, fix)


def of_policies(review: ClusterReview) -> Finding | None:
    """Whether the admission policies protect what they are shipped for."""
    if not review.policies:
        return None
    key, title = "policies", "Admission policies"
    known = [one for one in review.policies if one.state is not PolicyState.UNKNOWN]
    wrong = [one for one in known if one.state is not PolicyState.ACTIVE]
    count = len(review.policies)
    if wrong:
        names = ", ".join(f"{one.name} ({one.state.value})" for one in wrong)
        message = f"{len(wrong)} of {count} do not protect as shipped: {names}."
        is_open = any(one.state is not PolicyState.ALTERED for one in wrong)
        return Finding(key, title, Health.BAD if is_open else Health.WARN, message, wrong[0].fix)
    if len(known) < count:
        message = f"{len(known)} of {count} seen active; the others cannot be read."
        fix = "Let the portal get its policies: apply apps/portal."
        return Finding(key, title, Health.UNKNOWN, message, fix)
    return Finding(key, title, Health.OK, f"All {count} are active, with the shipped text.")


def of_rights(review: ClusterReview) -> Finding | None:
    """Whether the portal's account has every right of the shipped role."""
    rights = review.rights
    if rights is None or not rights.wanted:
        return None
    key, title = "rights", "Rights on the cluster"
    if not rights.missing:
        return Finding(key, title, Health.OK, f"All {rights.wanted} rights are there.")
    where = ", ".join(f"{'/'.join(one.verbs)} {one.resource}" for one in rights.missing)
    if not rights.is_complete:
        message = f"The cluster lists rights in part; perhaps missing: {where}."
        return Finding(key, title, Health.UNKNOWN, message)
    fix = "Add the rules below to ClusterRole nsaas-portal: kubectl apply -k apps/portal."
    return Finding(key, title, Health.BAD, f"Missing: {where}.", fix)
