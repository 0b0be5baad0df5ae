"""The check-up: is the machine healthy, what is wrong with it, and what puts it right.

Asked for by the status page, REST and the command line alike. What needs the cluster or the
database is asked once for all of them and remembered for a while.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import structlog

from ..cluster.discovery import served_kinds
from ..cluster.faults import ClusterError
from ..cluster.mirror import Mirror
from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.errors import PortalError
from ..identity.permissions import Permission, ensure_may_anywhere
from ..insights.enforcement import Enforcement, enforcement_of
from ..insights.integrations import Integration, review_integrations
from ..insights.policies import review_policies
from ..insights.rights import review_rights
from ..insights.shipped import Shipped
from ..store.database import Database
from ..store.jobs import JobStore
from . import findings
from .findings import ClusterReview, Finding, Health, KindLine, Platform, Report, Work

__all__ = ["Checkup"]

log = structlog.get_logger()

REVIEW_S: Final = 30.0
"""Policies and rights change seldom; the cluster is asked at most so often."""
REPEAT_S: Final = 5.0
"""After a failed review the next one comes sooner."""
APIS_S: Final = 20.0
"""So long it may take to list its APIs: one broken API beside others can hold that up."""
WORK_S: Final = 2.0
"""The database is asked at most so often."""

Loops = Mapping[str, "asyncio.Task[None]"]


class Checkup:
    """Tells how the parts of this process and its cluster are."""

    def __init__(
        self,
        *,
        database: Database,
        jobs: JobStore,
        directory: Directory,
        mirror: Mirror | None,
        shipped: Shipped,
        has_worker: bool,
        role: str,
        cluster_name: str,
        clock: Callable[[], datetime],
        review_s: float = REVIEW_S,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._directory = directory
        self._mirror = mirror
        self._shipped = shipped
        self._has_worker = has_worker
        self._role = role
        self._cluster_name = cluster_name
        self._clock = clock
        self._review_s = review_s
        self._loops: Loops = {}
        self._reviewed = ClusterReview()
        self._reviewed_at = float("-inf")
        self._work = Work()
        self._work_at = float("-inf")
        self._reviewing = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._counting = asyncio.Lock()
        self._texts: Mapping[str, str] = {}
        """Of the shipped policies; written once somebody wants to read them."""
        self._since: dict[str, tuple[Health, datetime]] = {}

    def attend(self, loops: Loops) -> None:
        """Learn which loops shall run as long as the process does."""
        self._loops = loops

    async def run(self) -> None:
        """Review the cluster after somebody took what may be old, until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._review(is_anew=False)
            except Exception:
                # The next one who asks may have more luck.
                log.exception("cluster not reviewed")

    async def report(self, *, actor: Actor, is_anew: bool = False) -> Report:
        """Tell how everything is.

        Args:
            actor: who asks; everybody who is signed in may.
            is_anew: ask the cluster now, whatever is remembered.
        """
        ensure_may_anywhere(actor, Permission.STATUS_READ)
        work = await self._count()
        review = await self._review(is_anew=is_anew)
        kinds, now = self._kinds(), self._clock()
        found = [
            findings.of_cluster(self._directory.freshness(), self._mirror, review),
            findings.of_caches(kinds, now=now),
            findings.of_database(work),
            findings.of_worker(work, has_worker=self._has_worker, role=self._role),
            findings.of_loops(self._loops),
            findings.of_lag(),
            findings.of_network(self._enforcement()),
            findings.of_policies(review),
            findings.of_rights(review),
        ]
        return Report(
            version=version("nsaas"),
            cluster=self._cluster_name,
            as_of=now,
            findings=tuple(self._dated(finding, now) for finding in found if finding is not None),
            kinds=kinds,
            policies=review.policies,
            rights=review.rights,
            jobs=work.jobs,
        )

    async def integrations(self, *, actor: Actor) -> tuple[Integration, ...]:
        """Tell what else the cluster has that namespaces could use; nothing while it is not known.

        Nobody waits for the cluster here: what is told was seen before, and is looked at anew
        meanwhile.

        Args:
            actor: who asks; everybody who is signed in may.
        """
        ensure_may_anywhere(actor, Permission.CATALOG_READ)
        if self._is_old():
            self._wanted.set()
        return self._reviewed.integrations

    async def platform(self, *, actor: Actor, is_anew: bool = False) -> Platform:
        """Tell how the cluster is set for the portal: policies, integrations, rights.

        Raises:
            ForbiddenError: only platform admins and auditors see it.
        """
        ensure_may_anywhere(actor, Permission.PLATFORM_READ)
        review = await self._review(is_anew=is_anew)
        self._texts = self._texts or {one.name: one.text for one in self._shipped.policies}
        return Platform(review, self._texts)

    def _enforcement(self) -> Enforcement:
        return Enforcement() if self._mirror is None else enforcement_of(self._mirror)

    def _dated(self, finding: Finding, now: datetime) -> Finding:
        """Say since when it is so, as far as this process saw it."""
        known = self._since.get(finding.key)
        if known is None or known[0] is not finding.health:
            known = self._since[finding.key] = (finding.health, now)
        return replace(finding, since=known[1])

    def _kinds(self) -> tuple[KindLine, ...]:
        if self._mirror is None:
            return ()
        required = self._mirror.required
        return tuple(
            KindLine(
                kind=each.kind,
                is_required=each.kind in required,
                is_synced=each.synced.is_set(),
                is_watching=each.is_watching,
                objects=len(each.cache),
                contact_at=datetime.fromtimestamp(each.last_contact, UTC)
                if each.last_contact
                else None,
                trouble=each.trouble,
            )
            for each in self._mirror.reflectors
        )

    async def _count(self) -> Work:
        async with self._counting:
            if time.monotonic() - self._work_at > WORK_S:
                self._work, self._work_at = await self._ask_database(), time.monotonic()
        return self._work

    async def _ask_database(self) -> Work:
        kind = "SQLite" if self._database.is_sqlite else "PostgreSQL"
        asked = time.monotonic()
        try:
            async with self._database.reading() as connection:
                jobs = await self._jobs.count_by_state(connection)
        except PortalError as error:
            return Work(kind, trouble=error.message)
        return Work(kind, took_ms=(time.monotonic() - asked) * 1000, jobs=jobs)

    async def _review(self, *, is_anew: bool) -> ClusterReview:
        if self._mirror is None:
            return self._reviewed
        asked = time.monotonic()
        async with self._reviewing:
            # Who waited for another one's review takes that.
            if self._is_old() or (is_anew and self._reviewed_at < asked):
                self._reviewed = await self._ask_cluster(self._mirror)
                lasts_s = REPEAT_S if self._reviewed.trouble else self._review_s
                self._reviewed_at = time.monotonic() - self._review_s + lasts_s
        return self._reviewed

    def _is_old(self) -> bool:
        return time.monotonic() - self._reviewed_at > self._review_s

    async def _ask_cluster(self, mirror: Mirror) -> ClusterReview:
        cluster, before = mirror.cluster, self._reviewed
        try:
            server = await cluster.version()
            policies = await review_policies(cluster, self._shipped.policies)
            rights = await review_rights(cluster, self._shipped.rules)
        except ClusterError as error:
            # What was seen before still stands, with the day it was seen on.
            return replace(before, trouble=error.message)
        found = replace(
            before, server=server, policies=policies, rights=rights, trouble="", at=self._clock()
        )
        try:
            async with asyncio.timeout(APIS_S):
                kinds = await served_kinds(cluster)
                integrations = await review_integrations(mirror, kinds, now=self._clock())
        except ClusterError as error:
            return replace(found, apis_trouble=error.message)
        except TimeoutError:
            words = f"The API server did not list its APIs within {APIS_S:.0f} s."
            return replace(found, apis_trouble=words)
        served = frozenset((one.group, one.resource.plural) for one in kinds)
        return replace(found, integrations=integrations, served=served, apis_trouble="")
