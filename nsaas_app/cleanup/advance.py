"""How one line of a plan goes on: looked at, held against the moment, begun, seen to its end."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from ..domain.cleanup import Candidate, Stage
from ..domain.cleanup_lines import next_position, owners_answer, with_action
from ..domain.cleanup_plans import (
    Action,
    ActionState,
    Line,
    LineState,
    Plan,
    PlanState,
    objection,
)
from ..domain.errors import PortalError
from .moves import Moves, is_passing
from .returns import Returns

__all__ = ["Advance"]


class Advance:
    """Moves single lines; stores nothing."""

    def __init__(
        self,
        *,
        moves: Moves,
        returns: Returns,
        waits: Mapping[Stage, timedelta],
        clock: Callable[[], datetime],
    ) -> None:
        self.moves = moves
        self._returns = returns
        self._waits = waits
        self._clock = clock

    async def look(self, plan: Plan, line: Line) -> Line:
        """See how a line stands of which nothing begins now."""
        position = next_position(line)
        if position == len(line.actions):
            return replace(line, state=LineState.DONE, reason="")
        action = line.actions[position]
        if action.state is ActionState.RUNNING:
            return self._after(line, position, await self.moves.outcome(line, action))
        if plan.state is PlanState.STOPPED:
            ended = replace(line, state=LineState.STOPPED, reason="The plan was stopped.")
            return await self._given_back(plan, line, ended)
        return line

    async def begin_if_allowed(
        self, plan: Plan, line: Line, position: int, seen: Candidate | None
    ) -> Line:
        """Hold the line against this moment, then begin its stage."""
        action = line.actions[position]
        # Begun before and not stored: what it did cannot be an objection to it.
        if (begun := await self.moves.begun_before(plan, line, action)) is not None:
            return self._after(line, position, begun)
        if seen is not None and seen.in_flight:
            return replace(line, reason=f"Waits for request {seen.in_flight}.")
        if reason := owners_answer(line, seen) or objection(line, seen, action.stage):
            now, state = self._clock(), ActionState.SKIPPED
            skipped = replace(action, state=state, ended_at=now, message=reason)
            ended = replace(
                with_action(line, position, skipped), state=LineState.SKIPPED, reason=reason
            )
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
            begun = await self.moves.begin(plan, line, action)
        except PortalError as error:
            if is_passing(error):
                return replace(line, reason=error.message)
            begun = replace(action, state=ActionState.FAILED, message=error.message)
        return self._after(line, position, begun)

    def _after(self, line: Line, position: int, action: Action) -> Line:
        """Take in how a stage stands, and say when the next one may begin."""
        if action.is_open:
            return replace(with_action(line, position, action), reason=action.message)
        now = self._clock()
        action = replace(action, ended_at=now)
        if action.state is ActionState.FAILED:
            return replace(
                with_action(line, position, action), state=LineState.FAILED, reason=action.message
            )
        is_last = position + 1 == len(line.actions)
        if is_last:
            return replace(with_action(line, position, action), state=LineState.DONE, reason="")
        # What was left out needs no time to be noticed.
        wait = self._waits.get(action.stage, timedelta())
        due = now + (wait if action.state is ActionState.DONE else timedelta())
        following = replace(line.actions[position + 1], due_at=due)
        line = with_action(line, position, replace(action, undo_until=due))
        return replace(with_action(line, position + 1, following), reason="")
