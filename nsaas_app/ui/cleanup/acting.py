"""What is done on the cleanup page: select, plan, confirm, stop, take back, repair."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.cleanup import Stage
from ...domain.errors import InvalidFieldsError, PortalError
from ...identity.permissions import Permission
from ...provisioning.intake import Submission
from ..guard import actor_of, guarded
from ..problems import toast_for
from ..routes import address
from ..toasts import say
from .state import CleanupState
from .stuck_rows import StuckLine, stuck_lines
from .transform import PATH

__all__ = ["MARKED_DAYS", "CleanupActing"]

_LONGEST = 200
MARKED_DAYS = 90


class CleanupActing(rx.State):
    """Vars of what one person is about to do."""

    stage: str = Stage.NOTIFY.value
    typed: str = ""
    error: str = ""
    is_busy: bool = False
    about: str = ""
    """The missing or stuck namespace whose name is being typed."""
    name_typed: str = ""
    name_error: str = ""
    reason_about: str = ""
    """The missing namespace whose reason is being typed."""
    reason: str = ""
    reason_error: str = ""
    forced: list[StuckLine] = []
    """The last resorts that were shown."""
    _key: str = ""

    @guarded(Permission.CLEANUP_RUN)
    async def toggle(self, name: str) -> None:
        """Add a namespace to the selection, or take it out."""
        page = await self.get_state(CleanupState)
        known = {row.name for row in page.rows if row.is_selectable}
        chosen = set(page.selected) ^ ({str(name)} & known)
        page.selected, page.picked = sorted(chosen), len(chosen)
        page.rows = [replace(row, is_selected=row.name in chosen) for row in page.rows]
        self._key = secrets.token_hex(16)

    @guarded(Permission.CLEANUP_RUN)
    async def clear(self) -> None:
        """Select nothing; the list moves again."""
        page = await self.get_state(CleanupState)
        page.selected, page.picked = [], 0
        page.rows = [replace(row, is_selected=False) for row in page.rows]

    @guarded(Permission.CLEANUP_RUN)
    async def choose(self, stage: str) -> None:
        """Say how far the plan shall go."""
        if stage in {one.value for one in Stage}:
            self.stage = stage
            self._key = secrets.token_hex(16)

    @guarded(Permission.CLEANUP_RUN)
    async def make(self) -> AsyncIterator[EventSpec | None]:
        """Make a plan of what is selected; nothing happens to any of it yet."""
        page = await self.get_state(CleanupState)
        names, stage = tuple(page.selected), Stage(self.stage)
        self.is_busy = True
        yield None
        try:
            plan = await runtime.current().cleanup.plans.create(
                names, stage, await self._submission(self._key)
            )
        except PortalError as error:
            yield toast_for(error)
        else:
            self.typed, self.error, page.selected, page.picked = "", "", [], 0
            yield rx.redirect(address(PATH, {"plan": plan.plan_id}))
        finally:
            self.is_busy = False

    @guarded(Permission.CLEANUP_RUN)
    async def write(self, text: str) -> None:
        """Take in the words of the plan."""
        self.typed, self.error = str(text)[:_LONGEST], ""

    @guarded(Permission.CLEANUP_RUN)
    async def execute(self, plan_id: str) -> AsyncIterator[EventSpec | None]:
        """Confirm the plan by its words."""
        self.is_busy, self.error = True, ""
        yield None
        try:
            await runtime.current().cleanup.plans.execute(
                str(plan_id), self.typed.strip(), await self._submission()
            )
            self.typed = ""
            yield say("The plan is carried out.")
        except InvalidFieldsError as error:
            self.error = error.issues[0].message
            yield rx.set_focus("field_plan_confirm")
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False

    @guarded(Permission.CLEANUP_RUN)
    async def stop(self, plan_id: str) -> AsyncIterator[EventSpec | None]:
        """Let what runs end, and begin nothing new."""
        steering = runtime.current().cleanup.steering
        async for event in self._do(
            lambda given: steering.stop(str(plan_id), given), "Stopped. What runs comes to its end."
        ):
            yield event

    @guarded(Permission.CLEANUP_RUN)
    async def undo(self, action_id: str) -> AsyncIterator[EventSpec | None]:
        """Take a stage back."""
        steering, said = runtime.current().cleanup.steering, "Taken back. The line goes no further."
        async for event in self._do(lambda given: steering.undo(str(action_id), given), said):
            yield event

    @guarded(Permission.CLEANUP_RUN)
    async def retry(self, action_id: str) -> AsyncIterator[EventSpec | None]:
        """Begin a stage that failed once more."""
        steering, said = runtime.current().cleanup.steering, "It is tried again."
        async for event in self._do(lambda given: steering.retry(str(action_id), given), said):
            yield event

    @guarded(Permission.CLEANUP_RUN)
    async def switch_rule(self, reason: str) -> AsyncIterator[EventSpec | None]:
        """Turn a rule on or off; its pace stays."""
        rules = runtime.current().cleanup.rules
        known = {one.reason.value: one for one in await rules.all(actor=await actor_of(self))}
        if (rule := known.get(str(reason))) is None:
            return
        is_on = not rule.is_on
        words = f"People are told every {rule.every_days} days." if is_on else "Told no more."
        async for event in self._do(
            lambda given: rules.change(
                rule.reason, is_on=is_on, every_days=rule.every_days, submission=given
            ),
            words,
        ):
            yield event

    @guarded(Permission.CLEANUP_RUN)
    async def recreate(self, name: str) -> AsyncIterator[EventSpec | None]:
        """Make a missing namespace anew."""
        missing = runtime.current().cleanup.missing
        words = f"{name} is made anew. What ran in it does not come back."
        async for event in self._do(lambda given: missing.recreate(str(name), given), words):
            yield event

    @guarded(Permission.CLEANUP_RUN)
    async def write_name(self, name: str, text: str) -> None:
        """Take in what is typed to confirm something about one namespace."""
        self.about, self.name_typed, self.name_error = str(name), str(text)[:_LONGEST], ""

    @guarded(Permission.CLEANUP_RUN)
    async def forget(self, name: str) -> AsyncIterator[EventSpec | None]:
        """Give up the record of a missing namespace."""
        missing, typed = runtime.current().cleanup.missing, self._typed_for(name)

        async def move(given: Submission) -> None:
            await missing.forget(str(name), typed, given)

        async for event in self._do(move, f"{name} is forgotten; its budget is free.", name=name):
            yield event

    @guarded(Permission.CLEANUP_RUN)
    async def write_reason(self, name: str, text: str) -> None:
        """Take in why a namespace stays missing."""
        self.reason_about, self.reason = str(name), str(text)[:_LONGEST]
        self.reason_error = ""

    @guarded(Permission.CLEANUP_RUN)
    async def mark(self, name: str) -> AsyncIterator[EventSpec | None]:
        """Say that a namespace is known to be missing; its record stays."""
        missing, self.is_busy = runtime.current().cleanup.missing, True
        reason = self.reason if self.reason_about == name else ""
        yield None
        try:
            given = await self._submission()
            await missing.mark(str(name), reason=reason, days=MARKED_DAYS, submission=given)
            self.reason = ""
            yield say(f"{name} is marked for {MARKED_DAYS} days.")
        except InvalidFieldsError as error:
            self.reason_about, self.reason_error = str(name), error.issues[0].message
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False

    @guarded(Permission.CLEANUP_RUN)
    async def show_force(self, name: str) -> AsyncIterator[EventSpec | None]:
        """Show the last resort for a stuck deletion; that it was shown is written down."""
        stuck, typed = runtime.current().cleanup.stuck, self._typed_for(name)

        async def move(given: Submission) -> None:
            report = await stuck.last_resort(str(name), typed, given)
            self.forced = [line for line in stuck_lines(report) if line.force]

        async for event in self._do(move, "Written to the audit log.", name=name):
            yield event

    def _typed_for(self, name: str) -> str:
        return self.name_typed.strip() if self.about == name else ""

    async def _submission(self, key: str = "") -> Submission:
        return Submission(
            actor=await actor_of(self),
            idempotency_key=key or secrets.token_hex(16),
            correlation_id=secrets.token_hex(16),
            source="ui",
        )

    async def _do(
        self, move: Callable[[Submission], Awaitable[object]], said: str, *, name: str = ""
    ) -> AsyncIterator[EventSpec | None]:
        """Make a move; a wrong word shows at its field, the rest as a toast."""
        self.is_busy, self.name_error = True, ""
        yield None
        try:
            await move(await self._submission())
            self.name_typed = ""
            yield say(said)
        except InvalidFieldsError as error:
            self.about, self.name_error = str(name), error.issues[0].message
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False
