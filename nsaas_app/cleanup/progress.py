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
from .returns import Returns

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
        moves: Moves,
        returns: Returns,
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
        self._returns = returns
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
            is_answer = line.namespace in kept and not _may_begin(line, seen)
            if line.namespace not in due and not is_answer:
                plan = _with_line(plan, position, await self._line(stored, line))
                continue
            if _may_begin(line, seen):
                # Somebody may have stopped, kept or restored it while the lines before began.
                if not await self._is_still(stored):
                    return
                seen = (await self._candidates.now((line.namespace,)))[line.namespace]
            moved = await self._begin_if_allowed(stored, line, _next(line), seen)
            plan = _with_line(plan, position, moved)
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
            and _next(line) < len(line.actions)
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

    async def _line(self, plan: Plan, line: Line) -> Line:
        """See how a line stands of which nothing begins now."""
        position = _next(line)
        if position == len(line.actions):
            return replace(line, state=LineState.DONE, reason="")
        action = line.actions[position]
        if action.state is ActionState.RUNNING:
            return self._after(line, position, await self._moves.outcome(line, action))
        if plan.state is PlanState.STOPPED:
            ended = replace(line, state=LineState.STOPPED, reason="The plan was stopped.")
            return await self._given_back(plan, line, ended)
        return line

    async def _begin_if_allowed(
        self, plan: Plan, line: Line, position: int, seen: Candidate | None
    ) -> Line:
        """Hold the line against this moment, then begin its stage."""
        action = line.actions[position]
        # Begun before and not stored: what it did cannot be an objection to it.
        if (begun := await self._moves.begun_before(plan, line, action)) is not None:
            return self._after(line, position, begun)
        if seen is not None and seen.in_flight:
            return replace(line, reason=f"Waits for request {seen.in_flight}.")
        if reason := _owners_answer(line, seen) or objection(line, seen, action.stage):
            now, state = self._clock(), ActionState.SKIPPED
            skipped = replace(action, state=state, ended_at=now, message=reason)
            ended = replace(_with(line, position, skipped), state=LineState.SKIPPED, reason=reason)
            return await self._given_back(plan, line, ended)
        return await self._begin(plan, line, position)

    async def _given_back(self, plan: Plan, line: Line, ended: Line) -> Line:
        """A line as it ends with nobody locked out; as it was while that is not possible."""
        try:
            return await self._returns.give_back(plan, ended)
        except PortalError as error:
            if is_passing(error):
                return replace(line, reason=error.message)
            words = f"{ended.reason} Access was not given back: {error.message}"
            return replace(ended, reason=words)

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
                begun = moved.actions[_next(before)]
                state = LineState.RUNNING if begun.is_open else line.state
                line = replace(_with(line, _next(before), begun), state=state)
                if now.state is not PlanState.STOPPED:
                    line = _called_off(line)
            ended_at = None if line.is_open else now.ended_at
            plan = replace(_with_line(now, position, line), ended_at=ended_at)
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


def _next(line: Line) -> int:
    """Position of the stage that runs or comes next; that of the end when there is none."""
    states = (n for n, one in enumerate(line.actions) if one.is_open)
    return next(states, len(line.actions))


def _may_begin(line: Line, seen: Candidate | None) -> bool:
    """Whether nothing stands in the way of the next stage."""
    is_busy = seen is not None and bool(seen.in_flight)
    stage = line.actions[_next(line)].stage
    return not is_busy and not _owners_answer(line, seen) and not objection(line, seen, stage)


def _called_off(line: Line) -> Line:
    """A line that begins nothing more."""
    off = ActionState.SKIPPED
    actions = tuple(
        replace(one, state=off) if one.state is ActionState.PENDING else one for one in line.actions
    )
    return replace(line, actions=actions)


def _with_line(plan: Plan, position: int, line: Line) -> Plan:
    lines = (*plan.lines[:position], line, *plan.lines[position + 1 :])
    return replace(plan, lines=lines)


def _owners_answer(line: Line, seen: Candidate | None) -> str:
    """Who woke what this plan put to sleep, or came back in where it locked them out, answered."""
    done = [one for one in line.actions if one.state is ActionState.DONE]
    if seen is None:
        return ""
    # Also where nobody had access any more: it was released then, whoever had done that.
    if any(one.stage is Stage.REVOKE for one in done) and seen.state != "released":
        return "It was restored since: somebody wants it."
    has_slept = any(one.stage is Stage.SLEEP and one.request_id for one in done)
    if has_slept and seen.state not in ("sleeping", "released"):
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
