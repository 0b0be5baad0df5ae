"""A fleet that dice make and change: what may be deleted of it is known from the facts alone."""

import asyncio
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from nsaas_app.domain import keys
from nsaas_app.domain.cleanup import Stage
from nsaas_app.domain.cleanup_plans import Plan
from nsaas_app.domain.observation import Observation
from nsaas_app.domain.requests import Phase
from nsaas_app.domain.sweeps import Keep
from nsaas_app.runtime import Runtime
from nsaas_app.store.cleanup import CleanupStore
from tests.support.cleanup import anothers_sweep, swept
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name
from tests.support.requests import ended, submit
from tests.support.waiting import eventually

__all__ = ["Fleet"]

RECORDED: Final = 6
ORPHANS: Final = 6
LONG: Final = timedelta(days=40)
CONFIRM: Final = keys.CONFIRM_DELETION
OURS: Final = "platform.io/managed"
WISH: Final = "platform.io/keep"


@dataclass
class _Thing:
    """A namespace and the facts about it, as the dice made them."""

    name: str
    uid: str
    has_record: bool
    is_quiet: bool = False
    """By two signals; fewer say nothing."""
    is_held: bool = False
    """Protected, or somebody wants to keep it."""
    is_ours: bool = True
    """Whether it carries our label."""

    @property
    def may_go(self) -> bool:
        is_reason = self.is_quiet or not self.has_record
        return is_reason and not self.is_held and self.is_ours


@dataclass
class Fleet:
    """Namespaces with records, orphans, and one that is nobody's."""

    portal: Runtime
    controlplane: ControlPlane
    dice: random.Random
    _things: dict[str, _Thing] = field(default_factory=dict)
    _foreign: str = ""

    @property
    def names(self) -> list[str]:
        """Every namespace of it."""
        return [*self._things, self._foreign]

    async def fill(self) -> None:
        """Replace what is gone; nobody sweeps from now on, the dice say what sweeps know."""
        mirror = self.portal.mirror
        assert mirror is not None
        if not self._foreign:
            await swept(self.portal)
            self._foreign = fresh_name("never-foreign-")
            await self._create([self._foreign], is_ours=False)
        for name in list(self._things):
            seen = mirror.namespaces.get(name)
            if seen is None or seen.metadata.deletion_timestamp is not None:
                del self._things[name]
        recorded = sum(one.has_record for one in self._things.values())
        names = [fresh_name("never-kept-") for _ in range(RECORDED - recorded)]
        asked = [await submit(self.portal, name, sleep_windows=()) for name in names]
        for request in asked:
            done = await ended(self.portal, request, within_s=120)
            assert done.phase is Phase.DONE, done.failure
            name = str(request.namespace)
            record = self.portal.directory.record(name)
            assert record is not None
            self._things[name] = _Thing(name, record.uid, has_record=True)
        orphans = len(self._things) - sum(one.has_record for one in self._things.values())
        await self._orphans([fresh_name("never-orphan-") for _ in range(ORPHANS - orphans)])

    async def change(self) -> None:
        """Throw the dice about every namespace, and wait until the portal sees what they say."""
        recorded = [one for one in self._things.values() if one.has_record]
        await self._change_records(recorded)
        await self._change_orphans([one for one in self._things.values() if not one.has_record])

    def fair_game(self, plans: Iterable[Plan]) -> set[str]:
        """What these plans may delete now: facts allow it, and one knows this very namespace."""
        known = {line.uid for plan in plans if plan.stage is Stage.DELETE for line in plan.lines}
        return {one.name for one in self._things.values() if one.may_go and one.uid in known}

    async def _change_records(self, things: list[_Thing]) -> None:
        store, portal, now = CleanupStore(), self.portal, datetime.now(UTC)
        known: dict[str, Observation] = {}
        async with portal.database.transaction() as connection:
            for thing in things:
                name = thing.name
                pods, changes = self.dice.choice([(1, 1), (1, 1), (1, 1), (1, 0), (0, 1)])
                thing.is_quiet = bool(pods and changes)
                is_protected, is_kept = self.dice.random() < 0.2, self.dice.random() < 0.3
                thing.is_held = is_protected or is_kept
                known[name] = Observation(
                    uid=thing.uid,
                    first_at=now - LONG,
                    last_at=now,
                    state="active",
                    pods_gone_since=now - LONG if pods else None,
                    workloads_changed_at=None if changes else now,
                )
                await portal.stores.namespaces.change(
                    connection, cluster="local", name=name, is_protected=is_protected
                )
                await store.drop_keep(connection, name, cluster="local")
                if is_kept:
                    wish = Keep(name, thing.uid, "the dice want it", "dice", now + LONG)
                    await store.put_keep(connection, wish, cluster="local")
            await store.put_observations(connection, known, cluster="local")
            await store.add_sweep(connection, anothers_sweep(now), cluster="local")
            records = [
                await portal.stores.namespaces.get(connection, cluster="local", name=one.name)
                for one in things
            ]
        for record in filter(None, records):
            portal.directory.put_record(record)
        portal.cleanup.candidates.forget()

    async def _change_orphans(self, things: list[_Thing]) -> None:
        again = [one.name for one in things if self.dice.random() < 0.2]
        if again:
            await self._recreate(again)
        for thing in things:
            thing.is_held, thing.is_ours = self.dice.random() < 0.3, self.dice.random() >= 0.2
        await self._mark("annotate", WISH, [one.name for one in things if one.is_held], "the audit")
        await self._mark("annotate", WISH, [one.name for one in things if not one.is_held], None)
        await self._mark("label", OURS, [one.name for one in things if one.is_ours], "true")
        await self._mark("label", OURS, [one.name for one in things if not one.is_ours], None)
        await eventually(
            lambda: all(self._is_seen(one) for one in things), within_s=60, what="all is seen"
        )

    async def _recreate(self, names: list[str]) -> None:
        """Other namespaces of the same names: plans made before know the old ones."""
        mirror = self.portal.mirror
        assert mirror is not None
        await self._mark("label", OURS, names, "true")
        for name in names:
            await self._kubectl("annotate", "--overwrite", "namespace", name, f"{CONFIRM}={name}")
        await self._kubectl("delete", "namespace", *names)
        await eventually(
            lambda: all(mirror.namespaces.get(name) is None for name in names),
            within_s=60,
            what="they are gone",
        )
        for name, uid in (await self._create(names, is_ours=True)).items():
            self._things[name].uid = uid

    async def _mark(self, verb: str, key: str, names: list[str], value: str | None) -> None:
        if names:
            what = f"{key}-" if value is None else f"{key}={value}"
            await self._kubectl(verb, "--overwrite", "namespace", *names, what)

    async def _orphans(self, names: list[str]) -> None:
        if not names:
            return
        for name, uid in (await self._create(names, is_ours=True)).items():
            self._things[name] = _Thing(name, uid, has_record=False)

    async def _create(self, names: list[str], *, is_ours: bool) -> dict[str, str]:
        """Create namespaces as somebody else would; give their uids once they are seen."""
        labels = {OURS: "true", "platform.io/team": "payments",
                  "platform.io/environment": "testing"} if is_ours else {}  # fmt: skip
        items: list[dict[str, Any]] = [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
            for name in names
        ]
        document = {"apiVersion": "v1", "kind": "List", "items": items}
        await self._kubectl("apply", "-f", "-", stdin=json.dumps(document))
        mirror = self.portal.mirror
        assert mirror is not None

        def uids() -> dict[str, str]:
            seen = {name: mirror.namespaces.get(name) for name in names}
            return {
                name: one.metadata.uid
                for name, one in seen.items()
                if one is not None and one.metadata.deletion_timestamp is None
            }

        await eventually(lambda: len(uids()) == len(names), within_s=60, what="they are seen")
        return uids()

    def _is_seen(self, thing: _Thing) -> bool:
        assert self.portal.mirror is not None
        seen = self.portal.mirror.namespaces.get(thing.name)
        return (
            seen is not None
            and seen.metadata.uid == thing.uid
            and seen.is_managed == thing.is_ours
            and (WISH in seen.annotations) == thing.is_held
        )

    async def _kubectl(self, *words: str, stdin: str | None = None) -> None:
        await asyncio.to_thread(self.controlplane.kubectl, *words, stdin=stdin)
