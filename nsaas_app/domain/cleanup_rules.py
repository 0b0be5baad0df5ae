"""The rules of cleanup: which facts make a candidate, and what keeps it from being touched.

A table of signals for idleness, one checked fact for every other reason. Pure: a sighting goes in,
a candidate or nothing comes out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from .cleanup import Candidate, Confidence, Evidence, Exclusion, Impact, Reason, Reclaim
from .environments import Environment
from .names import is_reserved
from .namespaces import NamespaceState
from .observation import Observation, no_events_since

__all__ = [
    "IDLE_AFTER",
    "OVER_QUOTA_AFTER",
    "SIGNALS",
    "Sighting",
    "candidate_of",
    "is_untouchable",
]

IDLE_AFTER: Final = {
    Environment.DEVELOPMENT: timedelta(days=14),
    Environment.TESTING: timedelta(days=7),
    Environment.STAGING: timedelta(days=30),
    Environment.PRODUCTION: timedelta(days=30),
}
OVER_QUOTA_AFTER: Final = timedelta(days=14)
NEEDED_SIGNALS: Final = (
    frozenset({"no-running-pods", "no-workload-change"}),
    frozenset({"low-use", "no-workload-change"}),
)
"""Two that do not depend on each other, and without which nothing is idle: a service that runs
unchanged and without a warning for a month is a good one, and what changes daily is in use. What
runs is idle only where somebody measures that it does next to nothing."""
_STRONG: Final = 3

_EVERYTHING: Final = frozenset(Reason)
_TOUCHES: Final = _EVERYTHING - {Reason.MISSING, Reason.STUCK}
"""Reasons that lead to something being done to what is there."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Everything the rules look at of one namespace."""

    name: str
    cluster: str
    uid: str
    state: NamespaceState | None
    """How its record stands; None where there is no record."""
    is_managed: bool
    """Whether the object carries our label."""
    team: str = ""
    environment: Environment | None = None
    owner: str = ""
    is_protected: bool = False
    expires_at: datetime | None = None
    is_leftover: bool = False
    """Whether a failed request left the object behind."""
    terminating_since: datetime | None = None
    is_stuck: bool = False
    kept: str = ""
    """Why somebody wants to keep it."""
    sleeps_by_schedule: bool = False
    cron_job: str = ""
    """A CronJob that ran lately, with its time."""
    in_flight: str = ""
    observed: Observation | None = None
    impact: Impact = field(default_factory=Impact)
    reclaim: Reclaim = field(default_factory=Reclaim)

    @property
    def idle_after(self) -> timedelta:
        """How long it must be quiet to count as idle."""
        return IDLE_AFTER[self.environment or Environment.PRODUCTION]


Signal = Callable[[Observation], tuple[datetime | None, str]]
"""Since when something holds (None: it does not), and in which words."""

SIGNALS: Final[dict[str, tuple[Signal, str]]] = {
    "no-running-pods": (lambda seen: (seen.pods_gone_since, "0 running pods"), "pods, by watch"),
    "no-workload-change": (
        lambda seen: (seen.workloads_changed_at or seen.first_at, "no workload changed"),
        "workloads, by watch",
    ),
    "no-events": (
        lambda seen: (no_events_since(seen), "no event, Lease or scheduled run"),
        "events, Leases and CronJobs",
    ),
    "low-use": (lambda seen: (seen.low_use_since, f"uses {seen.use}"), "metrics.k8s.io"),
}
"""Signals of idleness. Each has a source of its own: none follows from another."""


def is_untouchable(name: str, *, is_managed: bool) -> str:
    """Why nothing may ever be done to a namespace of that name; empty when it may."""
    if is_reserved(name):
        return f"{name} belongs to the platform."
    return "" if is_managed else f"{name} does not carry the portal's label."


def candidate_of(seen: Sighting, *, now: datetime) -> Candidate | None:
    """Weigh a sighting; None when nothing speaks for touching the namespace."""
    evidence = tuple(_evidence(seen, now))
    reasons = tuple(dict.fromkeys(one.reason for one in evidence))
    is_there = Reason.MISSING not in reasons
    if not reasons or (is_there and is_untouchable(seen.name, is_managed=seen.is_managed)):
        return None
    return Candidate(
        namespace=seen.name,
        cluster=seen.cluster,
        uid=seen.uid,
        team=seen.team,
        environment=seen.environment.value if seen.environment else "",
        state=seen.state.value if seen.state else "orphan",
        owner=seen.owner,
        reasons=reasons,
        evidence=evidence,
        exclusions=tuple(_exclusions(seen, reasons, now)),
        confidence=_confidence(reasons, evidence),
        impact=seen.impact,
        reclaim=seen.reclaim,
        seen_at=now,
        in_flight=seen.in_flight,
    )


def _confidence(reasons: tuple[Reason, ...], evidence: tuple[Evidence, ...]) -> Confidence:
    if reasons != (Reason.IDLE,):
        return Confidence.CERTAIN
    return Confidence.STRONG if len(evidence) >= _STRONG else Confidence.LIKELY


def _evidence(seen: Sighting, now: datetime) -> Iterator[Evidence]:
    def fact(reason: Reason, value: str, threshold: str, source: str,
             since: datetime | None = None) -> Evidence:  # fmt: skip
        return Evidence(reason, reason.value, value, threshold, source, now, since)

    if seen.is_stuck and seen.terminating_since is not None:
        yield fact(Reason.STUCK, f"going away for {_span(now - seen.terminating_since)}",
                   "15 min", "namespace, by watch", seen.terminating_since)  # fmt: skip
    if seen.state is NamespaceState.MISSING:
        yield fact(Reason.MISSING, "the namespace is not in the cluster", "there", "watch")
    if seen.terminating_since is not None:
        return
    if seen.state is None and seen.is_managed:
        yield fact(Reason.ORPHAN, "our label, no record", "a record", "namespace and records")
    if seen.is_leftover:
        yield fact(Reason.FAILED, "left by a request that failed", "nothing left", "records")
    if seen.state in (NamespaceState.ACTIVE, NamespaceState.SLEEPING, NamespaceState.RELEASED):
        yield from _day_two(seen, now, fact)


def _day_two(seen: Sighting, now: datetime, fact: Callable[..., Evidence]) -> Iterator[Evidence]:
    if seen.expires_at is not None and seen.expires_at <= now:
        yield fact(Reason.EXPIRED, f"over for {_span(now - seen.expires_at)}",
                   "its lifetime", "record", seen.expires_at)  # fmt: skip
    if seen.observed is None:
        return
    if seen.observed.owner_gone_since is not None:
        yield fact(Reason.OWNER_GONE, f"{seen.owner} is in no group of team {seen.team}",
                   "a member", "last sign-in", seen.observed.owner_gone_since)  # fmt: skip
    for resource, since in seen.observed.full_since.items():
        if now - since >= OVER_QUOTA_AFTER:
            yield fact(Reason.OVER_QUOTA, f"{resource} full for {_span(now - since)}",
                       _span(OVER_QUOTA_AFTER), "quota, by watch", since)  # fmt: skip
    yield from _idleness(seen, seen.observed, now)


def _idleness(seen: Sighting, observed: Observation, now: datetime) -> Iterator[Evidence]:
    """Two signals or none: a single one says nothing."""
    found = []
    for name, (signal, source) in SIGNALS.items():
        if name == "no-running-pods" and seen.impact.pods:
            continue  # They run at this moment, whatever the last sweep saw.
        since, words = signal(observed)
        if since is not None and now - since >= seen.idle_after:
            value = f"{words} for {_span(now - since)}"
            limit = _span(seen.idle_after)
            found.append(Evidence(Reason.IDLE, name, value, limit, source, now, since))
    signals = {one.signal for one in found}
    if any(signals >= needed for needed in NEEDED_SIGNALS):
        yield from found


def _exclusions(seen: Sighting, reasons: tuple[Reason, ...], now: datetime) -> Iterator[Exclusion]:
    if seen.is_protected:
        yield Exclusion("protected", "It is protected.", _TOUCHES)
    if seen.kept and Reason.MISSING in reasons:
        yield Exclusion("known", f"Known to be missing: {seen.kept}", _TOUCHES | {Reason.MISSING})
    elif seen.kept:
        yield Exclusion("kept", f"Kept: {seen.kept}", _TOUCHES)
    if Reason.IDLE not in reasons or seen.observed is None:
        return
    idle = frozenset({Reason.IDLE})
    if seen.environment is Environment.PRODUCTION:
        yield Exclusion("report-only", "Idleness in production is only reported.", idle)
    if seen.sleeps_by_schedule:
        yield Exclusion("sleep-schedule", "It sleeps by a schedule of its own.", idle)
    if seen.cron_job:
        yield Exclusion("cron-job", f"A CronJob ran lately: {seen.cron_job}.", idle)
    changed = seen.observed.claims_changed_at
    if changed is not None and now - changed < seen.idle_after:
        yield Exclusion("volume", f"A volume changed {_span(now - changed)} ago.", idle)


def _span(time: timedelta) -> str:
    """Days, below one hours, below one minutes."""
    minutes = int(time.total_seconds() // 60)
    if minutes >= 24 * 60:
        return f"{minutes // (24 * 60)} d"
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004 - an hour
