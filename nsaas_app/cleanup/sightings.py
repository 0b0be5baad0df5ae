"""Sightings: records, rows, mirror and what sweeps know, joined into what the rules look at.

Everything comes from memory; not one call to the cluster is made for it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ..breath import Breath
from ..cluster.mirror import Mirror
from ..cluster.objects import Namespace
from ..directory.directory import Directory
from ..directory.joining import STUCK_AFTER
from ..directory.query import Liveness
from ..directory.requests import RequestBoard
from ..directory.rows import NamespaceRow
from ..domain import keys
from ..domain.actors import SYSTEM_ACTOR, Actor
from ..domain.cleanup import Candidate, Impact, Reason
from ..domain.cleanup_rules import IDLE_AFTER, Sighting, candidate_of
from ..domain.errors import UnavailableError
from ..domain.names import is_reserved
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.observation import Observation
from ..domain.sweeps import Keep
from .reading import cron_job_since, impact_of, reclaim_of

__all__ = ["EVERYTHING", "CandidateList", "Known", "Sightings"]

EVERYTHING: Final = Actor(SYSTEM_ACTOR.subject, is_admin=True, auth=SYSTEM_ACTOR.auth)
"""The portal itself, which looks at every team's namespaces."""
_EXTRAS: Final = frozenset({"PersistentVolume"})
"""Kinds on which no rule rests: without them less is known of what would be lost."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was stored about namespaces beside their records."""

    observations: Mapping[str, Observation] = field(default_factory=dict)
    keeps: Mapping[str, Keep] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CandidateList:
    """Every candidate at one moment."""

    items: tuple[Candidate, ...]
    looked_at: int
    as_of: datetime

    @property
    def counts(self) -> dict[str, int]:
        """How many there are by reason; each reason is named, also without any."""
        return {reason.value: sum(reason in one.reasons for one in self.items) for reason in Reason}


class Sightings:
    """Looks at namespaces, one or all."""

    def __init__(
        self,
        *,
        directory: Directory,
        board: RequestBoard,
        mirror: Mirror | None,
        cluster_name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._directory = directory
        self._board = board
        self._mirror = mirror
        self._cluster = cluster_name
        self._clock = clock

    def ensure_whole(self) -> Mirror:
        """Refuse to judge by half a picture: what was not listed yet would look like absence.

        Raises:
            UnavailableError: no cluster, or some kind was not listed yet.
        """
        if self._mirror is None:
            raise UnavailableError("No cluster is configured.")
        missing = [
            each.kind
            for each in self._mirror.reflectors
            if not each.synced.is_set() and each.kind not in _EXTRAS
        ]
        if missing:
            raise UnavailableError(f"The cluster is still being listed: {', '.join(missing)}.")
        return self._mirror

    def ensure_fresh(self) -> None:
        """Refuse to judge by an old picture: it shows pods that are gone and hides those that came.

        Raises:
            UnavailableError: the cluster was not heard of for too long.
        """
        freshness = self._directory.freshness()
        if freshness.liveness is Liveness.STALE:
            raise UnavailableError(f"The picture of the cluster is old. {freshness.reason}")

    def names(self) -> list[str]:
        """Every namespace that concerns cleanup: those with a record or with our label.

        Those of the platform itself, which the portal tries requests in, are nobody's to clean up.
        """
        mirror = self.ensure_whole()
        labelled = (
            one.metadata.name
            for one in mirror.namespaces
            if one.is_managed
            and keys.SYSTEM not in one.labels
            and not is_reserved(one.metadata.name)
        )
        return sorted({*(row.name for row in self.rows()), *labelled})

    def rows(self) -> tuple[NamespaceRow, ...]:
        """Every row there is."""
        return self._directory.rows(actor=EVERYTHING)

    async def candidates(self, known: Known, *, breath: Breath | None = None) -> CandidateList:
        """Every namespace for which something speaks, by name.

        Args:
            known: what was stored.
            breath: how much of the loop's time it may take; half of it without.

        Raises:
            UnavailableError: the picture is not whole.
        """
        found, breath = [], breath or Breath()
        in_flight = self._in_flight()
        names = self.names()
        for name in names:
            await breath.draw()
            if (one := self._candidate(name, known, in_flight.get(name, ""))) is not None:
                found.append(one)
        return CandidateList(tuple(found), looked_at=len(names), as_of=self._clock())

    def some(self, names: Iterable[str], known: Known) -> dict[str, Candidate | None]:
        """Some namespaces as they stand at this moment; None for which nothing speaks.

        Raises:
            UnavailableError: the picture is not whole.
        """
        self.ensure_whole()
        in_flight = self._in_flight()
        return {name: self._candidate(name, known, in_flight.get(name, "")) for name in names}

    def _in_flight(self) -> dict[str, str]:
        running = self._board.in_flight(actor=EVERYTHING)
        return {str(request.namespace): request.request_id for request in running}

    def _candidate(self, name: str, known: Known, in_flight: str) -> Candidate | None:
        now = self._clock()
        seen = self.sighting(name, known, in_flight=in_flight, now=now)
        return None if seen is None else candidate_of(seen, now=now)

    def sighting(
        self, name: str, known: Known, *, now: datetime, in_flight: str = ""
    ) -> Sighting | None:
        """Everything the rules look at of one namespace; None where there is nothing of ours."""
        mirror = self.ensure_whole()
        thing = mirror.namespaces.get(name)
        record, row = self._directory.record(name), self._directory.find_row(name)
        if record is not None and row is None and thing is None:
            return None
        if thing is not None and thing.is_managed and _is_somebody_elses(record, thing):
            # Two things bear the name: the record's namespace is missing, and this is an orphan.
            # What is there comes first; once it is gone the record shows as missing.
            record = row = None
        if record is None and (thing is None or keys.SYSTEM in thing.labels):
            return None
        since = _terminating_since(thing)
        keep = known.keeps.get(name)
        is_own = thing is not None and not _is_somebody_elses(record, thing)
        uid = thing.metadata.uid if thing is not None and is_own else record.uid if record else ""
        spec = record.spec if record else None
        return Sighting(
            name=name,
            cluster=self._cluster,
            uid=uid,
            state=row.state if row else None,
            is_managed=thing is not None and thing.is_managed,
            team=str(record.team) if record else _label(thing, keys.TEAM),
            environment=spec.environment if spec else None,
            owner=spec.owner if spec else "",
            is_protected=record.is_protected if record else False,
            expires_at=spec.expires_at if spec else None,
            is_leftover=_is_leftover(record, thing),
            terminating_since=since,
            is_stuck=since is not None and now - since > STUCK_AFTER,
            kept=_kept(thing, keep, uid, now),
            sleeps_by_schedule=bool(spec and spec.sleep and spec.sleep.windows),
            cron_job=(
                cron_job_since(mirror.workloads, name, now - IDLE_AFTER[spec.environment])
                if spec
                else ""
            ),
            in_flight=in_flight,
            observed=_observation(known, name, uid),
            impact=impact_of(mirror, name) if is_own else Impact(),
            reclaim=reclaim_of(record, mirror, name),
        )


def _is_somebody_elses(record: ManagedNamespace | None, thing: Namespace | None) -> bool:
    if record is None or thing is None:
        return False
    if record.intent is Intent.FAILED:
        return thing.annotations.get(keys.REQUEST_ID) != record.request_id
    return record.uid not in ("", thing.metadata.uid)


def _is_leftover(record: ManagedNamespace | None, thing: Namespace | None) -> bool:
    is_failed = record is not None and record.intent is Intent.FAILED
    return is_failed and thing is not None and not _is_somebody_elses(record, thing)


def _terminating_since(thing: Namespace | None) -> datetime | None:
    stamp = thing.metadata.deletion_timestamp if thing is not None else None
    return datetime.fromisoformat(stamp) if stamp else None


def _label(thing: Namespace | None, key: str) -> str:
    return thing.labels.get(key, "") if thing is not None else ""


def _kept(thing: Namespace | None, keep: Keep | None, uid: str, now: datetime) -> str:
    if keep is not None and keep.until > now and keep.uid == uid:
        return f"{keep.reason} ({keep.by}, until {keep.until:%Y-%m-%d})"
    return thing.annotations.get(keys.KEEP, "") if thing is not None else ""


def _observation(known: Known, name: str, uid: str) -> Observation | None:
    found = known.observations.get(name)
    return found if found is not None and found.uid == uid else None
