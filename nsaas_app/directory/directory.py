"""The directory: one row per managed namespace, kept right by each event, never as a whole."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from .. import metrics
from ..cluster.cache import Change
from ..cluster.mirror import Mirror
from ..cluster.objects import Object
from ..domain.actors import Actor
from ..domain.drift import DriftItem
from ..domain.errors import NotFoundError
from ..domain.names import TeamName
from ..domain.namespaces import Intent, ManagedNamespace
from .agenda import Agenda
from .answers import Answers, Eyes
from .arrivals import Arrivals
from .feed import Feed
from .hub import NAMESPACES, Hub, namespace_topic
from .joining import changes_at, row_of
from .query import Freshness, KindAge, Liveness, RowPage, RowQuery, Summary
from .repaired import RepairNotes, ended_lately
from .requests import WINDOW, RequestBoard
from .rows import NamespaceRow, QuotaUse
from .tallies import Tallies

__all__ = ["Directory"]

DELAYED_AFTER_S: Final = 5.0
STALE_AFTER_S: Final = 30.0
BREATH: Final = 50
"""After so many rows everybody else gets a turn."""


class Directory:
    """Answers every question of the pages from memory."""

    def __init__(
        self,
        *,
        hub: Hub,
        feed: Feed,
        mirror: Mirror | None,
        board: RequestBoard,
        clock: Callable[[], datetime],
    ) -> None:
        self.hub = hub
        self.feed = feed
        self._mirror = mirror
        self._board = board
        self._clock = clock
        self.arrivals = Arrivals()
        self._records: dict[str, ManagedNamespace] = {}
        self._rows: dict[str, NamespaceRow] = {}
        self._drift: dict[str, tuple[DriftItem, ...]] = {}
        self.repairs = RepairNotes(clock)
        """Drift that is over, for as long as it is told."""
        self._record_listeners: list[Callable[[str], None]] = []
        self._by_team: dict[TeamName, set[str]] = {}
        self._tallies = Tallies()
        self._answers = Answers(self._visible)
        self._agenda = Agenda()
        self._unseen: set[str] = set()
        """Joined before the cluster was listed: of these nothing but the record is known."""
        if mirror is not None:
            mirror.namespaces.listen(self._namespace_changed)
            for cache in (mirror.quotas, mirror.workloads.deployments):
                cache.listen(self._content_changed)
            for reflector in mirror.workloads.reflectors:
                if reflector.cache is not mirror.workloads.deployments:
                    reflector.cache.listen(self._inside_changed)
            for inside in (mirror.limit_ranges, mirror.policies, mirror.bindings):
                inside.listen(self._inside_changed)

    # Records: what the worker and the store tell.

    def put_record(self, record: ManagedNamespace) -> None:
        """Take in a record as it stands now."""
        self.arrivals.note(str(record.name))
        self._records[str(record.name)] = record
        self._refresh(str(record.name))
        for listener in self._record_listeners:
            listener(str(record.name))

    def put_read(self, record: ManagedNamespace, *, begun: int) -> None:
        """Take in a record from a read that began at a moment of `arrivals`, unless it is old."""
        if not self.arrivals.came_since(str(record.name), begun):
            self.put_record(record)

    def listen_records(self, listener: Callable[[str], None]) -> None:
        """Call this with the name of every record that is taken in."""
        self._record_listeners.append(listener)

    def set_drift(self, name: str, drift: tuple[DriftItem, ...]) -> None:
        """Take in what a comparison of a namespace found."""
        before = self._drift.get(name, ())
        if drift != before:
            record = self._records.get(name)
            if record is not None and record.intent is Intent.ACTIVE:
                # While a request runs, or it goes away, nothing was repaired: nobody looks.
                planned = ended_lately(record.spec.access, self._clock())
                self.repairs.compare(name, before, drift, planned=planned)
            self._drift[name] = drift
            self._refresh(name)

    async def refresh_all(self) -> None:
        """Join every record anew, once the cluster was listed; others get their turns meanwhile."""
        for position, name in enumerate(tuple(self._records)):
            if position % BREATH == 0:
                await asyncio.sleep(0)
            self._refresh(name)

    def refresh_due(self) -> None:
        """Join those rows anew that the passing of time alone has changed."""
        for name in self._agenda.due(self._clock()):
            self._refresh(name)

    # Reads.

    def find(self, query: RowQuery, *, actor: Actor) -> RowPage:
        """Rows that match, of the teams the actor may see."""
        return self._answers.find(query, eyes=_eyes_of(actor))

    def row(self, name: str, *, actor: Actor) -> NamespaceRow:
        """One row.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        row = self._rows.get(name)
        if row is None or actor.role_in(row.team) is None:
            raise NotFoundError("namespace", name)
        return row

    def rows(self, *, actor: Actor) -> tuple[NamespaceRow, ...]:
        """Every row of the teams the actor may see, in no order."""
        return tuple(self._visible(_eyes_of(actor)))

    def find_row(self, name: str) -> NamespaceRow | None:
        """One row for the portal itself, which asks for nobody."""
        return self._rows.get(name)

    def summary(self, *, actor: Actor, window: timedelta = WINDOW) -> Summary:
        """The headline numbers of what the actor may see."""
        tally = self._tallies.sum(_eyes_of(actor))
        performance = self._board.performance(actor=actor, window=window)
        made, deleted = self._board.came_and_went(actor=actor, window=window)
        return Summary(
            as_of=self.freshness().as_of or self._clock(),
            window=window,
            namespaces=tally.namespaces if self.is_whole else None,
            active_deployments=tally.active_deployments if self._knows_deployments else None,
            success_rate=performance.success_rate,
            n=performance.n,
            provision_time_avg_ms=performance.avg_ms,
            provision_time_p95_ms=performance.p95_ms,
            before=self._board.performance(actor=actor, window=window, windows_ago=1),
            made=made,
            deleted=deleted,
        )

    def freshness(self) -> Freshness:
        """How old the picture of the cluster is."""
        if self._mirror is None:
            return Freshness(Liveness.STALE, None, "No cluster is configured.")
        contact = self._mirror.contact()
        if contact.at == 0 or (self.has_synced and self._unseen):
            return Freshness(Liveness.DELAYED, None, contact.trouble or "Listing the cluster.")
        as_of = datetime.fromtimestamp(contact.at, UTC)
        age = (self._clock() - as_of).total_seconds()
        if age <= DELAYED_AFTER_S:
            return Freshness(Liveness.LIVE, as_of)
        if age <= STALE_AFTER_S:
            return Freshness(Liveness.DELAYED, as_of, contact.trouble)
        ages = self._mirror.ages()
        return Freshness(
            Liveness.STALE, as_of, contact.trouble, _too_old(ages, now=self._clock()), len(ages)
        )

    def is_taken(self, name: str) -> str | None:
        """Why a name cannot be had: by whom it is held, None when it is free."""
        record = self._records.get(name)
        if record is not None and record.intent not in (Intent.DELETED, Intent.FAILED):
            return str(record.team)
        seen = self._mirror.namespaces.get(name) if self._mirror is not None else None
        # One that is going away frees its name by itself: the request waits for that.
        return None if seen is None or seen.metadata.deletion_timestamp is not None else ""

    def record(self, name: str) -> ManagedNamespace | None:
        """The record of a namespace, tombstones left out."""
        record = self._records.get(name)
        return None if record is None or record.intent is Intent.DELETED else record

    def tombstone(self, name: str) -> ManagedNamespace | None:
        """The record of a namespace that was deleted since this process began; None otherwise."""
        record = self._records.get(name)
        return record if record is not None and record.intent is Intent.DELETED else None

    def records(self) -> tuple[ManagedNamespace, ...]:
        """Every record, tombstones left out."""
        return tuple(r for r in self._records.values() if r.intent is not Intent.DELETED)

    def drift_of(self, name: str) -> tuple[DriftItem, ...]:
        """What the last comparison of a namespace found."""
        return self._drift.get(name, ())

    def quota_of(self, name: str) -> Mapping[str, QuotaUse]:
        """What a namespace uses of its quota now; empty where nothing is known."""
        row = self._rows.get(name)
        return row.quota if row is not None else {}

    @property
    def _knows_deployments(self) -> bool:
        has_any = self._mirror is not None and self._mirror.workloads.has_deployments
        return has_any and self.is_whole

    @property
    def has_synced(self) -> bool:
        """Whether the cluster was listed once."""
        return self._mirror is not None and self._mirror.has_synced

    @property
    def is_whole(self) -> bool:
        """Whether every row shows what the cluster holds: some time after it was listed once."""
        return self.has_synced and not self._unseen

    def count_states(self) -> dict[tuple[str, str], int]:
        """How many namespaces are in each environment and state."""
        counts: dict[tuple[str, str], int] = {}
        for row in self._rows.values():
            key = (row.environment.value, row.state.value)
            counts[key] = counts.get(key, 0) + 1
        return counts

    # Events of the cluster.

    def _namespace_changed(self, _change: Change, _before: Object | None, item: Object) -> None:
        self._touched(item.metadata.name)

    def _content_changed(self, _change: Change, _before: Object | None, item: Object) -> None:
        self._touched(item.metadata.namespace)

    def _touched(self, name: str) -> None:
        # Until the first list is whole every object comes as a change; all are joined after it.
        if self.has_synced:
            self._refresh(name)

    def _inside_changed(self, _change: Change, _before: Object | None, item: Object) -> None:
        """Wake an open page of what is no part of the row: pods, warnings, policies, access."""
        if item.metadata.namespace in self._records:
            self.hub.publish(namespace_topic(item.metadata.namespace))

    def _refresh(self, name: str) -> None:
        record = self._records.get(name)
        if record is None:
            return
        now = self._clock()
        before, row = self._rows.get(name), self._join(record, now)
        if self.has_synced:
            self._unseen.discard(name)
        elif row is not None:
            self._unseen.add(name)
        seen = self._mirror.namespaces.get(name) if self._mirror is not None else None
        self._agenda.plan(name, changes_at(row, seen, now=now) if row is not None else None)
        if row == before:
            # An object may change in what is no part of the row, but an open page shows it.
            self.hub.publish(namespace_topic(name))
            return
        if before is not None:
            self._forget(before)
        if row is not None:
            self._keep(row)
        else:
            self._drift.pop(name, None)
            self.repairs.forget(name)
        self._answers.change(before, row)
        # A name can change hands: both teams are told, and only the new one sees it.
        for team in {shown.team for shown in (before, row) if shown is not None}:
            self.feed.add("namespace.updated", team=team, key=name)
        self.hub.publish(NAMESPACES, namespace_topic(name))

    def _join(self, record: ManagedNamespace, now: datetime) -> NamespaceRow | None:
        mirror, name = self._mirror, str(record.name)
        seen = mirror.namespaces.get(name) if mirror else None
        if record.intent is Intent.DELETED or (record.intent is Intent.FAILED and seen is None):
            return None
        return row_of(
            record,
            seen=seen,
            quotas=mirror.quotas.in_namespace(name) if mirror else (),
            deployments=mirror.workloads.deployments.in_namespace(name) if mirror else (),
            drift=self._drift.get(name, ()),
            has_synced=self.has_synced,
            now=now,
        )

    def _keep(self, row: NamespaceRow) -> None:
        self._rows[row.name] = row
        self._by_team.setdefault(row.team, set()).add(row.name)
        self._tallies.count(row, 1)

    def _forget(self, row: NamespaceRow) -> None:
        del self._rows[row.name]
        self._tallies.count(row, -1)
        names = self._by_team[row.team]
        names.discard(row.name)
        if not names:
            del self._by_team[row.team]

    def _visible(self, eyes: Eyes) -> Iterable[NamespaceRow]:
        if eyes is None:
            return self._rows.values()
        return [self._rows[name] for team in eyes for name in self._by_team.get(team, ())]

    def publish_counts(self) -> None:
        """Write the gauge of namespaces by environment and state."""
        metrics.NAMESPACES.clear()
        for (environment, state), count in self.count_states().items():
            metrics.NAMESPACES.labels(environment, state).set(count)


def _too_old(ages: Iterable[tuple[str, float]], *, now: datetime) -> tuple[KindAge, ...]:
    found = (KindAge(kind, datetime.fromtimestamp(at, UTC)) for kind, at in ages)
    old = [one for one in found if (now - one.as_of).total_seconds() > STALE_AFTER_S]
    return tuple(sorted(old, key=lambda one: (one.as_of, one.kind)))


def _eyes_of(actor: Actor) -> Eyes:
    return None if actor.sees_all_teams else frozenset(actor.teams)
