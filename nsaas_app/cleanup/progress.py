"""Progress: carries confirmed plans out, one stage of one line after the other.

Before each stage the line is held against that very moment. What a stage does is found again by
its own key, so a crash between doing and storing repeats nothing.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from .. import metrics
from ..directory.directory import Directory
from ..directory.hub import CLEANUP
from ..directory.query import Liveness
from ..domain.audit import AuditEvent, Outcome
from ..domain.cleanup import Candidate, Stage
from ..domain.cleanup_plans import (
    Action,
    ActionState,
    Line,
    LineState,
    Plan,
    PlanState,
    objection,
)
from ..domain.errors import DuplicateError, PortalError, UnavailableError
from ..provisioning.stores import Stores
from ..store.cleanup import CleanupStore
from ..store.turns import TurnStore
from .candidates import Candidates
from .moves import Moves, is_passing

__all__ = ["Progress"]

log = structlog.get_logger()

TURN: Final = "cleanup-plans"
LEASE_MS: Final = 15_000
EVERY_S: Final = 1.0
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
        moves: Moves,
        stores: Stores,
        cleanup: CleanupStore,
        turns: TurnStore,
        directory: Directory,
        cluster_name: str,
        waits: Mapping[Stage, timedelta],
        clock: Callable[[], datetime],
    ) -> None:
        self._candidates = candidates
        self._moves = moves
        self._stores = stores
        self._cleanup = cleanup
        self._turns = turns
        self._directory = directory
        self._cluster = cluster_name
        self._waits = waits
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

    async def _move(self, plan: Plan) -> None:
        open_lines = [line for line in plan.lines if line.is_open]
        found = await self._candidates.now(tuple(line.namespace for line in open_lines))
        lines = []
        for line in plan.lines:
            moved = (
                await self._line(plan, line, found.get(line.namespace)) if line.is_open else line
            )
            lines.append(moved)
        moved_plan = replace(plan, lines=tuple(lines))
        if not any(line.is_open for line in lines):
            state = plan.state if plan.state is PlanState.STOPPED else PlanState.DONE
            moved_plan = replace(moved_plan, state=state, ended_at=self._clock())
        if moved_plan != plan:
            await self._store(plan, moved_plan)

    async def _line(self, plan: Plan, line: Line, seen: Candidate | None) -> Line:
        """Move one line by at most one stage."""
        position = next((n for n, one in enumerate(line.actions) if one.is_open), None)
        if position is None:
            return replace(line, state=LineState.DONE, reason="")
        action = line.actions[position]
        if action.state is ActionState.RUNNING:
            return self._after(line, position, await self._moves.outcome(line, action))
        if plan.state is PlanState.STOPPED:
            return replace(line, state=LineState.STOPPED, reason="The plan was stopped.")
        if action.due_at is None or action.due_at > self._clock():
            return line
        return await self._begin_if_allowed(plan, line, position, seen)

    async def _begin_if_allowed(
        self, plan: Plan, line: Line, position: int, seen: Candidate | None
    ) -> Line:
        """Hold the line against this moment, then begin its stage."""
        action = line.actions[position]
        if seen is not None and seen.in_flight:
            return replace(line, reason=f"Waits for request {seen.in_flight}.")
        if reason := _owners_answer(line, seen) or objection(line, seen, action.stage):
            now, state = self._clock(), ActionState.SKIPPED
            skipped = replace(action, state=state, ended_at=now, message=reason)
            line = _with(line, position, skipped)
            return replace(line, state=LineState.SKIPPED, reason=reason)
        return await self._begin(plan, line, position)

    async def _begin(self, plan: Plan, line: Line, position: int) -> Line:
        action = line.actions[position]
        try:
            begun = await self._moves.begin(plan, line, action)
        except PortalError as error:
            if is_passing(error):
                return replace(line, reason=error.message)
            begun = replace(action, state=ActionState.FAILED, message=error.message)
        return self._after(line, position, begun)

    def _after(self, line: Line, position: int, action: Action) -> Line:
        """Take in how a stage stands, and say when the next one may begin."""
        if action.is_open:
            return replace(_with(line, position, action), reason=action.message)
        now = self._clock()
        action = replace(action, ended_at=now)
        if action.state is ActionState.FAILED:
            return replace(
                _with(line, position, action), state=LineState.FAILED, reason=action.message
            )
        is_last = position + 1 == len(line.actions)
        if is_last:
            return replace(_with(line, position, action), state=LineState.DONE, reason="")
        # What was left out needs no time to be noticed.
        wait = self._waits.get(action.stage, timedelta())
        due = now + (wait if action.state is ActionState.DONE else timedelta())
        following = replace(line.actions[position + 1], due_at=due)
        line = _with(line, position, replace(action, undo_until=due))
        return replace(_with(line, position + 1, following), reason="")

    async def _store(self, before: Plan, plan: Plan) -> None:
        ended = [
            (line, action)
            for was, line in zip(before.lines, plan.lines, strict=True)
            for old, action in zip(was.actions, line.actions, strict=True)
            if old.is_open and not action.is_open
        ]
        async with self._stores.database.transaction() as connection:
            if not await self._cleanup.change_plan(connection, plan):
                return  # Somebody stopped it or took something back: the next turn sees that.
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

    async def _show_record(self, plan: Plan, line: Line) -> None:
        async with self._stores.database.reading() as connection:
            record = await self._stores.namespaces.get(
                connection, cluster=plan.cluster, name=line.namespace
            )
        if record is not None:
            self._directory.put_record(record)


def _owners_answer(line: Line, seen: Candidate | None) -> str:
    """Who woke what this plan put to sleep, or came back in where it locked them out, answered."""
    done = {one.stage for one in line.actions if one.state is ActionState.DONE and one.request_id}
    if seen is None:
        return ""
    if Stage.REVOKE in done and seen.state != "released":
        return "It was restored since: somebody wants it."
    if Stage.SLEEP in done and seen.state not in ("sleeping", "released"):
        return "It was woken since: somebody wants it."
    return ""


def _with(line: Line, position: int, action: Action) -> Line:
    actions = (*line.actions[:position], action, *line.actions[position + 1 :])
    return replace(line, actions=actions)


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
