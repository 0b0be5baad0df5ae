"""Sweeps: look at the whole fleet now and then, remember since when, and say what was found.

One process does it for all of them; the others learn the result from the database.
"""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import structlog

from .. import metrics
from ..breath import IN_NO_HURRY, Breath
from ..cluster.pulse import EVERY_S, Pulse
from ..directory.hub import CLEANUP, Hub
from ..directory.rows import NamespaceRow
from ..domain.actors import Actor
from ..domain.cleanup import Reason
from ..domain.errors import DuplicateError, PortalError
from ..domain.observation import Observation, observe, quiet_since
from ..domain.sweeps import Sweep
from ..identity.permissions import Permission, ensure_may_anywhere
from ..identity.roles import GlobalGroups
from ..provisioning.identifiers import new_key
from ..provisioning.stores import Stores
from ..store.cleanup import CleanupStore
from ..store.sessions import SessionStore
from ..store.turns import TurnStore
from ..teams.teams import Teams
from .activity import Activity
from .owners import Owners
from .reading import present_of
from .sightings import CandidateList, Known, Sightings

__all__ = ["TURN", "Sweeps"]

log = structlog.get_logger()

TURN: Final = "cleanup-sweep"
"""Who has it sweeps; the others leave what sweeps know alone meanwhile."""
LEASE_MS: Final = 60_000
WRITTEN_AT_ONCE: Final = 100
STILL_TRUE: Final = 3
"""After so many pauses somebody else sweeps, and what this process saw is no more."""
FORGIVEN: Final = timedelta(seconds=EVERY_S)
"""One look at signs of life that fails is made up for by the next: events live for an hour."""


class Sweeps:
    """Sweeps the fleet and knows what the sweeps have seen."""

    def __init__(
        self,
        *,
        stores: Stores,
        cleanup: CleanupStore,
        turns: TurnStore,
        sessions: SessionStore,
        sightings: Sightings,
        activity: Activity | None,
        pulse: Pulse | None,
        teams: Teams,
        global_groups: GlobalGroups,
        hub: Hub,
        cluster_name: str,
        every: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._cleanup = cleanup
        self._turns = turns
        self._sessions = sessions
        self._sightings = sightings
        self._activity = activity
        self._pulse = pulse
        self._seen: tuple[str, Mapping[str, Observation]] | None = None
        """Which sweep this process knows of, and what all sweeps until then have seen."""
        self.found: tuple[float, CandidateList] | None = None
        """What the latest sweep of this process found, and when it began by the monotonic clock."""
        self._swept: tuple[datetime, Mapping[str, Observation]] | None = None
        self._teams = teams
        self._global_groups = global_groups
        self._hub = hub
        self._cluster = cluster_name
        self._every = every
        self._clock = clock

    async def known(self) -> Known:
        """What was stored about namespaces beside their records."""
        async with self._stores.database.reading() as connection:
            last = await self._cleanup.sweeps(connection, cluster=self._cluster, limit=1)
            keeps = await self._cleanup.keeps(connection, cluster=self._cluster)
            if not last or self._seen is None or self._seen[0] != last[0].sweep_id:
                # Another process swept, or this one has just begun.
                stored = await self._cleanup.observations(connection, cluster=self._cluster)
                if not last:
                    return Known(stored, keeps)
                # What a sweep saw unchanged is not stored again.
                at = last[0].started_at
                self._seen = (
                    last[0].sweep_id,
                    {name: one.seen_again(at) for name, one in stored.items()},
                )
            return Known(self._seen[1], keeps)

    async def latest(self, *, actor: Actor, limit: int = 20) -> list[Sweep]:
        """The latest sweeps, newest first.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        async with self._stores.database.reading() as connection:
            return await self._cleanup.sweeps(connection, cluster=self._cluster, limit=limit)

    def quiet_since(self, name: str) -> datetime | None:
        """Since when nobody uses a namespace, as this process saw it at its latest sweep.

        None where another process sweeps by now, or nobody can tell.
        """
        if self._swept is None or self._clock() - self._swept[0] > STILL_TRUE * self._every:
            return None
        seen = self._swept[1].get(name)
        return quiet_since(seen) if seen is not None else None

    async def run(self) -> None:
        """Sweep until cancelled. What fails is tried again at the next turn."""
        if self._pulse is not None:
            # Before, nothing is known of signs of life.
            await self._pulse.looked.wait()
        while True:
            try:
                await self.sweep_if_due()
            except PortalError as error:
                log.info("sweep put off", error=error.message)
            except Exception:  # It must not end for all until the next restart.
                log.exception("sweep put off")
            await asyncio.sleep(min(self._every.total_seconds(), 5.0))

    async def sweep_if_due(self) -> Sweep | None:
        """Sweep, unless another process does it now or somebody did it a short time ago."""
        async with self._stores.database.reading() as connection:
            last = await self._cleanup.sweeps(connection, cluster=self._cluster, limit=1)
        if last and self._clock() - last[0].started_at < self._every:
            return None
        return await self.sweep()

    async def sweep(self) -> Sweep | None:
        """Look at everything once; None while another process does.

        Raises:
            UnavailableError: the picture of the cluster is old or not whole, or the database is
                away.
        """
        self._sightings.ensure_whole()
        self._sightings.ensure_fresh()
        owner = uuid.uuid4().hex
        try:
            async with self._stores.database.transaction() as connection:
                is_ours = await self._turns.take(
                    connection, name=TURN, owner=owner, lease_ms=LEASE_MS
                )
        except DuplicateError:
            is_ours = False
        if not is_ours:
            return None
        try:
            return await self._sweep()
        finally:
            async with self._stores.database.transaction() as connection:
                await self._turns.give_back(connection, name=TURN, owner=owner)

    async def _sweep(self) -> Sweep:
        began, started_at = time.monotonic(), self._clock()
        known = await self.known()
        observations, changed = await self._look(known.observations, now=started_at)
        try:
            await self._store(changed, gone=known.observations.keys() - observations.keys())
        except BaseException:
            # Some of it may be stored: what is known now is what the database says.
            self._seen = None
            raise
        known = replace(known, observations=observations)
        found = await self._sightings.candidates(known, breath=Breath(IN_NO_HURRY))
        sweep = Sweep(
            sweep_id=new_key(),
            started_at=started_at,
            took_ms=int((time.monotonic() - began) * 1000),
            looked_at=found.looked_at,
            found=dict(Counter(reason.value for one in found.items for reason in one.reasons)),
            excluded=sum(not one.grounds for one in found.items),
            notes=self._notes(),
        )
        async with self._stores.database.transaction() as connection:
            await self._cleanup.add_sweep(connection, sweep, cluster=self._cluster)
        self._seen = (sweep.sweep_id, observations)
        # What was decided since its beginning it knows nothing of.
        self.found = (began, found)
        metrics.CLEANUP_SWEEP.observe(sweep.took_ms / 1000)
        self._swept = (started_at, observations)
        for reason in Reason:
            metrics.CLEANUP_CANDIDATES.labels(reason).set(sweep.found.get(reason, 0))
        self._hub.publish(CLEANUP)
        return sweep

    async def _store(self, changed: Mapping[str, Observation], *, gone: Collection[str]) -> None:
        """Write what is new; of all others the record of the sweep itself says that they were seen.

        A part at a time: whoever else wants to write does not wait for ten thousand rows.
        """
        left = iter([*changed, *gone])
        while names := set(islice(left, WRITTEN_AT_ONCE)):
            part = {name: changed[name] for name in names if name in changed}
            async with self._stores.database.transaction() as connection:
                await self._cleanup.put_observations(
                    connection, part, cluster=self._cluster, gone=names - part.keys()
                )

    def _notes(self) -> tuple[str, ...]:
        """What could not be looked at."""
        mirror = self._sightings.ensure_whole()
        unseen, trouble = mirror.cloud.unseen, mirror.cloud.trouble
        notes = [f"Cloud resources not seen: {', '.join(unseen)}."] if unseen else []
        notes += [f"Kinds of cloud resources not known: {trouble}"] if trouble else []
        if self._pulse is not None:
            signs = self._pulse.trouble.items()
            notes += [f"Signs of life not read, {name}: {why}" for name, why in signs if why]
            notes += [self._pulse.usage_trouble] if self._pulse.usage_trouble else []
        return tuple(notes)

    async def _look(
        self, before: Mapping[str, Observation], *, now: datetime
    ) -> tuple[dict[str, Observation], dict[str, Observation]]:
        """Fold the present into what was known; give what is known now, and what of it is new."""
        async with self._stores.database.reading() as connection:
            groups = await self._sessions.groups_by_subject(connection)
        owners = Owners(groups, teams=await self._teams.all(), global_groups=self._global_groups)
        found: dict[str, Observation] = {}
        changed: dict[str, Observation] = {}
        breath = Breath(IN_NO_HURRY)
        for row in self._sightings.rows():
            await breath.draw()
            if row.uid:
                known = before.get(row.name)
                found[row.name] = seen = self._observed(row, known, owners, now)
                if known is None or known.seen_again(now) != seen:
                    changed[row.name] = seen
        return found, changed

    def _observed(
        self, row: NamespaceRow, before: Observation | None, owners: Owners, now: datetime
    ) -> Observation:
        # There is a cluster, or nothing is swept.
        assert self._activity is not None  # noqa: S101
        assert self._pulse is not None  # noqa: S101
        full = frozenset(
            name for name, use in row.quota.items() if use.hard != "0" and use.ratio >= 1
        )
        seen = present_of(
            self._sightings.ensure_whole(),
            row.name,
            uid=row.uid,
            state=row.state.value,
            full=full,
            is_owner_gone=owners.is_gone(row.owner, row.team),
            activity=self._activity,
            pulse=self._pulse,
        )
        blind_after = STILL_TRUE * self._every + FORGIVEN
        return observe(before, seen, now=now, blind_after=blind_after)
