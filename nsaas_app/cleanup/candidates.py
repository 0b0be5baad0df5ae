"""Candidates as people see them: the list, one of them, and the word of who wants to keep it."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from ..directory.directory import Directory
from ..directory.hub import CLEANUP, Hub
from ..directory.rows import NamespaceRow
from ..domain.actors import Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.cleanup import Candidate
from ..domain.errors import (
    FieldIssue,
    ForbiddenError,
    InvalidFieldsError,
    NotFoundError,
    PortalError,
)
from ..domain.sweeps import Keep
from ..identity.permissions import Permission, ensure_may, ensure_may_anywhere
from ..provisioning.intake import Submission
from ..provisioning.stores import Stores
from ..store.cleanup import CleanupStore
from .sightings import CandidateList, Sightings
from .speaking import why_not_keep
from .sweeps import Sweeps

__all__ = ["MAX_REASON", "MIN_REASON", "CandidateList", "Candidates", "reason_issues"]

log = structlog.get_logger()

FRESH_S: Final = 5.0
"""So long one look at the whole fleet serves everybody."""
RECENT_S: Final = 60.0
"""So long it serves the pages that only mention it."""
MIN_REASON: Final = 10
MAX_REASON: Final = 500
MAX_KEEP_DAYS: Final = 365


class Candidates:
    """Tells for which namespaces something speaks, from memory."""

    def __init__(
        self,
        *,
        sightings: Sightings,
        sweeps: Sweeps,
        stores: Stores,
        cleanup: CleanupStore,
        directory: Directory,
        hub: Hub,
        cluster_name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._sightings = sightings
        self._sweeps = sweeps
        self._stores = stores
        self._cleanup = cleanup
        self._directory = directory
        self._hub = hub
        self._cluster = cluster_name
        self._clock = clock
        self._looking = asyncio.Lock()
        self._versions = hub.versions((CLEANUP,))
        """How often the hub had told of cleanup at the latest look."""
        self._latest: tuple[float, CandidateList] | None = None
        self._shown: tuple[Candidate, ...] = ()
        """What was found last, however long ago."""
        self._wanted = asyncio.Event()
        self._forgotten_at = time.monotonic()

    async def all(self, *, actor: Actor) -> CandidateList:
        """Every candidate, a few seconds old at most.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's.
            UnavailableError: the picture of the cluster is not whole.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        return await self._look(FRESH_S)

    async def recent(self) -> tuple[Candidate, ...]:
        """Every candidate as of the last sweep or plan that moved. Asks nobody's permission.

        Raises:
            UnavailableError: the picture of the cluster is not whole.
        """
        self._learn_from_sweep()
        return (await self._look(self._good_for())).items

    def known(self) -> tuple[Candidate, ...]:
        """What was found last: for pages, which do not wait. Asks nobody's permission.

        Where that is old, `run` looks anew and tells when something else came out.
        """
        self._learn_from_sweep()
        if self._is_older_than(self._good_for()):
            self._wanted.set()
        return self._shown

    async def run(self) -> None:
        """Look anew whenever a page was shown what is old, until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            before = _without_times(self._shown)
            try:
                await self._look(FRESH_S)
            except PortalError as error:
                log.info("candidates not looked for", error=error.message)
                await asyncio.sleep(FRESH_S)
            except Exception:  # It must not end for all until the next restart.
                log.exception("candidates not looked for")
                await asyncio.sleep(FRESH_S)
            if _without_times(self._shown) != before:
                self._hub.publish(CLEANUP)
                self._versions = self._hub.versions((CLEANUP,))

    def _good_for(self) -> float:
        is_same = self._hub.versions((CLEANUP,)) == self._versions
        return RECENT_S if is_same else FRESH_S

    def _is_older_than(self, age_s: float) -> bool:
        return self._latest is None or time.monotonic() - self._latest[0] > age_s

    async def _look(self, age_s: float) -> CandidateList:
        async with self._looking:
            if self._latest is None or self._is_older_than(age_s):
                at, self._versions = time.monotonic(), self._hub.versions((CLEANUP,))
                found = await self._sightings.candidates(await self._sweeps.known())
                if self._forgotten_at > at:
                    # Something was decided meanwhile: whoever asks next looks anew.
                    return found
                self._latest, self._shown = (at, found), found.items
            return self._latest[1]

    def _learn_from_sweep(self) -> None:
        """A sweep has looked at everything: who only mentions it need not do so again."""
        known_at = self._latest[0] if self._latest is not None else self._forgotten_at
        if self._sweeps.found is not None and self._sweeps.found[0] > known_at:
            self._latest, self._versions = self._sweeps.found, self._hub.versions((CLEANUP,))
            self._shown = self._latest[1].items

    async def now(self, names: tuple[str, ...]) -> dict[str, Candidate | None]:
        """Some namespaces as they stand at this very moment. Asks nobody's permission.

        Raises:
            UnavailableError: the picture of the cluster is not whole.
        """
        known = await self._sweeps.known()
        return self._sightings.some(names, known)

    def forget(self) -> None:
        """Look anew at the next question: something was decided."""
        self._latest, self._forgotten_at = None, time.monotonic()
        self._hub.publish(CLEANUP)

    async def keep(self, name: str, *, reason: str, days: int, submission: Submission) -> Keep:
        """Take somebody's word that a namespace is wanted; cleanup leaves it alone meanwhile.

        Raises:
            NotFoundError, ForbiddenError: leads speak for their team's, owners for their own.
            InvalidFieldsError: no reason to read, or too long a time.
        """
        row = self._spoken_for(name, submission.actor)
        _ensure_sensible(reason, days)
        now = self._clock()
        keep = Keep(
            name, row.uid, reason.strip(), submission.actor.subject, now + timedelta(days=days)
        )
        async with self._stores.database.transaction() as connection:
            await self._cleanup.put_keep(connection, keep, cluster=self._cluster)
            event = _said(submission, "cleanup.keep", name, str(row.team),
                          {"reason": keep.reason, "until": keep.until.isoformat()})  # fmt: skip
            await self._stores.audit.append(connection, event, at=now)
        self.forget()
        return keep

    async def drop_keep(self, name: str, submission: Submission) -> None:
        """Take the word back.

        Raises:
            NotFoundError: nobody had said so, or it is not the actor's namespace.
            ForbiddenError: leads speak for their team's, owners for their own.
        """
        row = self._spoken_for(name, submission.actor)
        async with self._stores.database.transaction() as connection:
            if not await self._cleanup.drop_keep(connection, name, cluster=self._cluster):
                raise NotFoundError("wish to keep", name)
            event = _said(submission, "cleanup.keep-no-more", name, str(row.team), {})
            await self._stores.audit.append(connection, event, at=self._clock())
        self.forget()

    def _spoken_for(self, name: str, actor: Actor) -> NamespaceRow:
        """The row of a namespace for which this person's word counts."""
        row = self._directory.row(name, actor=actor)
        ensure_may(actor, Permission.CLEANUP_KEEP, row.team, kind="namespace", name=name)
        if why := why_not_keep(actor, team=row.team, owner=row.owner):
            raise ForbiddenError(why)
        return row


def reason_issues(reason: str) -> list[FieldIssue]:
    """Say what is wrong with a reason to keep something; nothing when others can read why."""
    if MIN_REASON <= len(reason.strip()) <= MAX_REASON:
        return []
    message = f"Say why in {MIN_REASON} to {MAX_REASON} characters."
    return [FieldIssue("reason", message)]


def _without_times(candidates: tuple[Candidate, ...]) -> list[tuple[object, ...]]:
    """What pages show of candidates, but for how long ago it was."""
    return [
        (one.uid, one.namespace, one.reasons, one.exclusions, one.state, one.owner, one.in_flight)
        for one in candidates
    ]


def _ensure_sensible(reason: str, days: int) -> None:
    issues = reason_issues(reason)
    if not 1 <= days <= MAX_KEEP_DAYS:
        issues.append(FieldIssue("days", f"1 to {MAX_KEEP_DAYS} days."))
    if issues:
        raise InvalidFieldsError(issues)


def _said(
    submission: Submission, action: str, name: str, team: str, after: dict[str, str]
) -> AuditEvent:
    return AuditEvent(
        actor=submission.actor.subject,
        action=action,
        object=f"namespace/{name}",
        outcome=Outcome.ALLOWED,
        team=team,
        namespace=name,
        correlation_id=submission.correlation_id,
        source=submission.audit_source,
        after=after,
    )
