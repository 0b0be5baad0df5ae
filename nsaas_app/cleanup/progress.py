"""Progress: carries confirmed plans out, one stage of one line after the other.

Before each stage the line is held against that very moment. What a stage does is found again by
its own key, so a crash between doing and storing repeats nothing.
"""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from .. import metrics
from ..directory.directory import Directory
from ..directory.hub import CLEANUP
from ..directory.query import Liveness
from ..domain.audit import AuditEvent, Outcome
from ..domain.cleanup import Stage
from ..domain.cleanup_lines import called_off, may_begin, next_position, with_action, with_line
from ..domain.cleanup_plans import (
    Action,
    ActionState,
    Line,
    LineState,
    Plan,
    PlanState,
)
from ..domain.errors import DuplicateError, PortalError, UnavailableError
from ..provisioning.stores import Stores
from ..store.cleanup import CleanupStore
from ..store.turns import TurnStore
from .advance import Advance
from .candidates import Candidates

__all__ = ["Progress"]

log = structlog.get_logger()

TURN: Final = "cleanup-plans"
LEASE_MS: Final = 15_000
EVERY_S: Final = 1.0
STORE_TRIES: Final = 20
"""So often what began is stored against others that change the same plan."""
_ENDED: Final = {
    ActionState.DONE: Outcome.COMPLETED,
    ActionState.SKIPPED: Outcome.DENIED,
    ActionState.FAILED: Outcome.FAILED,
}


class Progress:
    """Moves plans forward until they have ended."""

    def __init__(
        self,
        *,
        candidates: Candidates,
        advance: Advance,
        stores: Stores,
        cleanup: CleanupStore,
        turns: TurnStore,
        directory: Directory,
        cluster_name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._candidates = candidates
        self._advance = advance
        self._stores = stores
        self._cleanup = cleanup
        self._turns = turns
        self._directory = directory
        self._cluster = cluster_name
        self._clock = clock
        self._owner = uuid.uuid4().hex
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Look now instead of in a moment."""
        self._awake.set()

    async def run(self) -> None:
        """Carry plans out until cancelled. What fails is tried again at the next turn."""
        try:
            while True:
                self._awake.clear()
                try:
                    await self.step()
                except PortalError as error:
                    log.info("plans put off", error=error.message)
                except Exception:  # One odd plan must not end cleanup until the next restart.
                    log.exception("plans put off")
                try:
                    async with asyncio.timeout(EVERY_S):
                        await self._awake.wait()
                except TimeoutError:
                    pass
        finally:
            await self._give_turn_back()

    async def step(self) -> None:
        """Move every open plan as far as it goes now.

        Raises:
            UnavailableError: the picture of the cluster is old or not whole.
        """
        async with self._stores.database.reading() as connection:
            plans = await self._cleanup.open_plans(connection, cluster=self._cluster)
        if not plans or not await self._has_turn():
            return
        # An old picture shows pods that are gone and hides those that came.
        freshness = self._directory.freshness()
        if freshness.liveness is Liveness.STALE:
            raise UnavailableError(f"The picture of the cluster is old. {freshness.reason}")
        for plan in plans:
            await self._move(plan)

    async def _has_turn(self) -> bool:
        try:
            async with self._stores.database.transaction() as connection:
                return await self._turns.take(
                    connection, name=TURN, owner=self._owner, lease_ms=LEASE_MS
                )
        except DuplicateError:
            return False

    async def _give_turn_back(self) -> None:
        """Whoever comes next need not wait for the lease to run out."""
        try:
            async with self._stores.database.transaction() as connection:
                await self._turns.give_back(connection, name=TURN, owner=self._owner)
        except PortalError as error:
            log.info("turn not given back", error=error.message)

    async def _move(self, stored: Plan) -> None:
        """Move a plan; each stage that begins is stored before the next one does."""
        due = {line.namespace for line in stored.lines if self._is_due(stored, line)}
        kept = await self._kept(stored) - due
        found = await self._candidates.now((*due, *kept)) if due or kept else {}
        plan = stored
        for position, line in enumerate(stored.lines):
            if not line.is_open:
                continue
            seen = found.get(line.namespace)
            is_answer = line.namespace in kept and not may_begin(line, seen)
            if line.namespace not in due and not is_answer:
                plan = with_line(plan, position, await self._advance.look(stored, line))
                continue
            if may_begin(line, seen):
                # Somebody may have stopped, kept or restored it while the lines before began.
                if not await self._is_still(stored):
                    return
                seen = (await self._candidates.now((line.namespace,)))[line.namespace]
            moved = await self._advance.begin_if_allowed(stored, line, next_position(line), seen)
            plan = with_line(plan, position, moved)
            if moved.actions != line.actions:
                if not await self._store(stored, plan):
                    await self._store_begun(plan.plan_id, position, line, moved)
                    return
                stored = plan = replace(plan, version=plan.version + 1)
        if not any(line.is_open for line in plan.lines):
            state = plan.state if plan.state is PlanState.STOPPED else PlanState.DONE
            plan = replace(plan, state=state, ended_at=self._clock())
        if plan != stored:
            await self._store(stored, plan)

    def _is_due(self, plan: Plan, line: Line) -> bool:
        """Whether the next stage of a line may begin as far as time goes."""
        if plan.state is PlanState.STOPPED or not line.is_open:
            return False
        action = next((one for one in line.actions if one.is_open), None)
        if action is None or action.state is not ActionState.PENDING:
            return False
        return action.due_at is not None and action.due_at <= self._clock()

    async def _kept(self, plan: Plan) -> set[str]:
        """Namespaces that nobody can get into any more and that somebody wants to keep."""
        locked = [
            line
            for line in plan.lines
            if line.is_open
            and any(one.stage is Stage.REVOKE and one.request_id for one in line.actions)
            and all(one.state is not ActionState.RUNNING for one in line.actions)
            and next_position(line) < len(line.actions)
        ]
        if not locked or plan.state is PlanState.STOPPED:
            return set()
        async with self._stores.database.reading() as connection:
            keeps = await self._cleanup.keeps(connection, cluster=self._cluster)
        now = self._clock()
        return {
            line.namespace
            for line in locked
            if (keep := keeps.get(line.namespace)) and keep.uid == line.uid and keep.until > now
        }

    async def _is_still(self, plan: Plan) -> bool:
        """Whether it is still our turn, and the plan is the one that we know."""
        if not await self._has_turn():
            return False
        async with self._stores.database.reading() as connection:
            now = await self._cleanup.plan(connection, plan.plan_id)
        return now is not None and (now.version, now.state) == (plan.version, plan.state)

    async def _store_begun(self, plan_id: str, position: int, before: Line, moved: Line) -> None:
        """Keep what began while somebody changed the plan: it runs, so it comes to its end."""
        for _ in range(STORE_TRIES):
            async with self._stores.database.reading() as connection:
                now = await self._cleanup.plan(connection, plan_id)
            if now is None:
                return
            line = now.lines[position]
            if line == before:
                line = moved
            else:
                # Whatever was decided about the line stands; only what began is added to it.
                begun = moved.actions[next_position(before)]
                state = LineState.RUNNING if begun.is_open else line.state
                line = replace(with_action(line, next_position(before), begun), state=state)
                if now.state is not PlanState.STOPPED:
                    line = called_off(line)
            ended_at = None if line.is_open else now.ended_at
            plan = replace(with_line(now, position, line), ended_at=ended_at)
            if await self._store(now, plan):
                return
        log.warning("what began was not stored", plan=plan_id, namespace=moved.namespace)

    async def _store(self, before: Plan, plan: Plan) -> bool:
        """Store a plan and tell; False when somebody changed it since it was read."""
        ended = [
            (line, action)
            for was, line in zip(before.lines, plan.lines, strict=True)
            for old, action in zip(was.actions, line.actions, strict=True)
            if old.is_open and not action.is_open
        ]
        async with self._stores.database.transaction() as connection:
            if not await self._cleanup.change_plan(connection, plan):
                return False  # Somebody stopped it or took something back.
            for line, action in ended:
                event = _event(plan, line, action)
                await self._stores.audit.append(connection, event, at=self._clock())
        for line, action in ended:
            metrics.CLEANUP_ACTIONS.labels(action.stage, action.state).inc()
            await self._show_record(plan, line)
        self._candidates.forget()
        self._directory.hub.publish(CLEANUP)
        if ended:
            self.wake()
        return True

    async def _show_record(self, plan: Plan, line: Line) -> None:
        async with self._stores.database.reading() as connection:
            record = await self._stores.namespaces.get(
                connection, cluster=plan.cluster, name=line.namespace
            )
        if record is not None:
            self._directory.put_record(record)


def _event(plan: Plan, line: Line, action: Action) -> AuditEvent:
    return AuditEvent(
        actor=plan.confirmed_by,
        action=f"cleanup.{action.stage}",
        object=f"cleanup-plan/{plan.plan_id}",
        outcome=_ENDED[action.state],
        team=line.team,
        namespace=line.namespace,
        request_id=action.request_id if action.request_id.startswith("req-") else "",
        correlation_id=plan.correlation_id,
        source="cleanup",
        after={
            "grounds": [reason.value for reason in line.grounds],
            "message": action.message,
            "uid": line.uid,
        },
    )
