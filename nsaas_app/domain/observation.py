"""What time adds to what is seen: since when a namespace is quiet, unchanged, full, ownerless.

The cluster shows the present alone. Each sweep folds the present into what the sweeps before it
had seen; a gap between them proves nothing, so after one the counting begins anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

__all__ = ["GAP", "Observation", "Present", "Use", "no_events_since", "observe", "quiet_since"]

GAP: Final = timedelta(days=1)
"""So long nobody may look away before what was not seen counts as having happened."""

_MOVING: Final = frozenset({"changing", "waking", "provisioning"})
"""States in which the portal itself touches workloads."""
_ASLEEP: Final = frozenset({"sleeping"})


LOW: Final = 0.01
"""A part of what is requested; who uses less of it does nothing."""


@dataclass(frozen=True, slots=True)
class Use:
    """How much CPU the pods of a namespace use, and how much they request, in cores; and memory."""

    used: float
    requested: float
    at: datetime
    """When it was measured."""
    memory: float = 0
    """Bytes in use."""

    @property
    def is_low(self) -> bool:
        """Whether next to nothing of it is used."""
        return self.used < LOW * self.requested

    @property
    def words(self) -> str:
        """Both figures."""
        share = f" ({self.used / self.requested:.1%})" if self.requested else ""
        return f"{self.used * 1000:.0f}m of {self.requested * 1000:.0f}m CPU{share}"


@dataclass(frozen=True, slots=True)
class Present:
    """What the cluster shows of a namespace now."""

    uid: str
    state: str
    running_pods: int
    last_pod_at: datetime | None
    """When a pod was last seen to live, since the last look."""
    workloads: str
    """Fingerprint of every workload's generation."""
    workloads_at: datetime | None
    """The newest time that a workload itself carries."""
    claims: str
    claims_at: datetime | None
    event_at: datetime | None
    """The newest event, renewed Lease or scheduled run."""
    full: frozenset[str]
    """Resources at or above their hard limit."""
    is_owner_gone: bool
    are_signs_read: bool = True
    """Whether events and Leases can be read: without, that none is known says nothing."""
    use: Use | None = None
    """None where nobody measures it, or nothing runs."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What all looks together know of one namespace."""

    uid: str
    first_at: datetime
    last_at: datetime
    state: str = ""
    pods_gone_since: datetime | None = None
    """None while pods run."""
    workloads: str = ""
    workloads_changed_at: datetime | None = None
    claims: str = ""
    claims_changed_at: datetime | None = None
    event_at: datetime | None = None
    full_since: Mapping[str, datetime] = field(default_factory=dict)
    owner_gone_since: datetime | None = None
    low_use_since: datetime | None = None
    """None while it uses something, and where nobody measures that."""
    use: str = ""
    """The latest figures, in words."""
    used_at: datetime | None = None
    """When it was last measured to do something."""
    moved_at: datetime | None = None
    """When the portal itself last moved it: what followed from that is nobody's use of it."""
    woken_at: datetime | None = None
    watched_at: datetime | None = None
    """The latest look at which events and Leases could be read as well."""
    watched_since: datetime | None = None
    """Since when looks like that follow each other closely: what sleep without use rests on."""
    signs_since: datetime | None = None
    """Since when there is one a day at least: what idleness rests on."""

    @property
    def is_blind(self) -> bool:
        """Whether events and Leases could not be read at the latest look."""
        return self.watched_at != self.last_at

    def seen_again(self, at: datetime) -> "Observation":
        """The same after a later look that found nothing else."""
        if at <= self.last_at:
            return self
        return replace(self, last_at=at, watched_at=self.watched_at if self.is_blind else at)


def observe(
    before: Observation | None, seen: Present, *, now: datetime, blind_after: timedelta
) -> Observation:
    """Fold what is seen now into what was known; another uid is another namespace.

    Args:
        before: what was known; None at the first look.
        seen: the present.
        now: when it is seen.
        blind_after: with longer than that between two looks, the time between was not watched.
    """
    if before is None or before.uid != seen.uid:
        before = Observation(uid=seen.uid, first_at=now, last_at=now, workloads=seen.workloads,
                             claims=seen.claims, state=seen.state)  # fmt: skip
    elif now - before.last_at > GAP:
        before = replace(
            before,
            pods_gone_since=None,
            full_since={},
            first_at=now,
            owner_gone_since=None,
            low_use_since=None,
        )
    is_ours = seen.state in _MOVING or seen.state != before.state
    return replace(
        before,
        last_at=now,
        state=seen.state,
        pods_gone_since=_pods_gone_since(before, seen, now),
        workloads=seen.workloads,
        workloads_changed_at=_changed_at(
            before.workloads_changed_at,
            seen.workloads_at,
            # What the portal does by itself, such as putting to sleep, is nobody's use of it.
            None if is_ours or seen.workloads == before.workloads else now,
        ),
        claims=seen.claims,
        claims_changed_at=_changed_at(
            before.claims_changed_at,
            seen.claims_at,
            None if seen.claims == before.claims else now,
        ),
        event_at=_event_at(before, seen, is_ours=is_ours),
        full_since={name: before.full_since.get(name, now) for name in sorted(seen.full)},
        owner_gone_since=(before.owner_gone_since or now) if seen.is_owner_gone else None,
        low_use_since=(before.low_use_since or now) if seen.use and seen.use.is_low else None,
        use=seen.use.words if seen.use else "",
        used_at=seen.use.at if seen.use and not seen.use.is_low else before.used_at,
        moved_at=now if is_ours else before.moved_at,
        woken_at=now if _is_woken(before, seen) else before.woken_at,
        watched_at=now if seen.are_signs_read else before.watched_at,
        watched_since=_seen_since(before, before.watched_since, seen, now, blind_after),
        signs_since=_seen_since(before, before.signs_since, seen, now, GAP),
    )


def quiet_since(seen: Observation) -> datetime | None:
    """Since when nobody uses a namespace, whatever runs in it.

    None where nobody can tell: events and Leases cannot be read, or pods run of which nobody
    measures that they do next to nothing.
    """
    if seen.is_blind or seen.watched_since is None:
        return None
    if seen.pods_gone_since is None and seen.low_use_since is None:
        return None
    times = (seen.watched_since, seen.low_use_since, seen.workloads_changed_at, seen.event_at,
             seen.used_at, seen.woken_at)  # fmt: skip
    return max([seen.first_at, *(time for time in times if time is not None)])


def no_events_since(seen: Observation) -> datetime | None:
    """Since when there is no event, Lease or scheduled run; None where they cannot be read."""
    if seen.is_blind or seen.signs_since is None:
        return None
    return max(seen.event_at or seen.first_at, seen.signs_since)


def _seen_since(
    before: Observation, since: datetime | None, seen: Present, now: datetime, gap: timedelta
) -> datetime | None:
    """Since when everything is seen with no gap as long as that; while it is not, as before."""
    if not seen.are_signs_read:
        return since
    is_whole = before.watched_at is not None and now - before.watched_at <= gap
    return since if is_whole and since is not None else now


def _event_at(before: Observation, seen: Present, *, is_ours: bool) -> datetime | None:
    """The newest event that somebody else caused."""
    event = seen.event_at
    is_echo = is_ours or (event and before.moved_at and event <= before.moved_at)
    return before.event_at if is_echo else _changed_at(before.event_at, event)


def _is_woken(before: Observation, seen: Present) -> bool:
    return before.state in _ASLEEP and seen.state not in _ASLEEP


def _pods_gone_since(before: Observation, seen: Present, now: datetime) -> datetime | None:
    if seen.running_pods:
        return None
    if before.pods_gone_since is None:
        return now
    return max(before.pods_gone_since, seen.last_pod_at or before.pods_gone_since)


def _changed_at(*times: datetime | None) -> datetime | None:
    return max((time for time in times if time is not None), default=None)
