"""State of acting on a namespace: the dialog that is open, what was typed, what it would mean."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.approval import justification_issues
from ...domain.environments import POLICIES
from ...domain.errors import FieldIssue, InvalidFieldsError, NotFoundError, PortalError
from ...domain.requests import ProvisioningRequest, RequestKind
from ...domain.sleep import NIGHTS_AND_WEEKENDS
from ...identity.permissions import Permission
from ...provisioning.intake import Submission
from ..budget_views import BudgetLine
from ..costs import CostView
from ..guard import actor_of, guarded
from ..live import assign
from ..new.transform import TierOption, tier_options
from ..problems import Problem, toast_for
from ..routes import last_part
from ..spec_views import Fact
from ..toasts import say
from .actions import impact_of
from .proposal import DETAILS, FIELDS, ObjectLine, at_fields, depart, propose, record_of
from .resting import SPANS, schedule_of

__all__ = ["Acting"]

_DIGITS: Final = 6
_CHANGES: Final = ("renew", "resize", "describe", "schedule")
_TOLD: Final = frozenset({"tier", "expires_in_days", "timezone", "windows", *DETAILS})
"""Fields whose meaning is told while they are edited."""

Ask = Callable[[Submission], Awaitable[ProvisioningRequest | None]]


class Acting(rx.State):
    """Vars of the dialogs; one is open at most."""

    action: str = ""
    """renew, resize, describe, schedule, sleep, release or delete; empty while none is open."""
    form: dict[str, str] = {}
    errors: dict[str, str] = {}
    is_same: bool = False
    tiers: list[TierOption] = []
    lifetime_help: str = ""
    ends_at: str = ""
    budget: list[BudgetLine] = []
    cost: CostView = CostView()
    approval: str = ""
    needs_approval: bool = False
    needs_name: bool = False
    impact: list[Fact] = []
    restorable_until: str = ""
    objects: list[ObjectLine] = []
    """Objects that would be written, as the API server took them in a dry run."""
    silence: str = ""
    """Why nothing was tried; empty when it was."""
    problem: Problem = Problem()
    is_busy: bool = False
    _left: str = ""
    """The dialog that was closed with nothing asked."""
    _key: str = ""
    """Idempotency key of the open dialog; a second click gives the same request."""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_renew(self) -> None:
        """Open the dialog that puts the end off."""
        actor = await actor_of(self)
        record = record_of(self._name(), actor)
        policy = POLICIES[record.spec.environment]
        if policy.default_ttl and policy.max_ttl:
            self._begin("renew", expires_in_days=str(policy.default_ttl.days))
            used = f" Put off {record.renewals} of {policy.renewals} times that need no lead."
            limit = used if policy.renewals else ""
            self.lifetime_help = f"Counted from now; {policy.max_ttl.days} at most.{limit}"
            await self._refresh(actor)

    @guarded(Permission.NAMESPACE_CERTIFY)
    async def certify(self) -> AsyncIterator[EventSpec | None]:
        """Confirm that it is still needed."""
        name = self._name()
        self._begin("")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.certify(name, submission)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_resize(self) -> None:
        """Open the dialog that changes the tier."""
        actor = await actor_of(self)
        spec = record_of(self._name(), actor).spec
        self._begin("resize", tier=spec.tier.value)
        self.tiers = tier_options(spec.environment)
        await self._refresh(actor)

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_describe(self) -> None:
        """Open the dialog that changes what people read of it."""
        actor = await actor_of(self)
        spec = record_of(self._name(), actor).spec
        self._begin("describe", **{field: str(getattr(spec, field)) for field in DETAILS})
        await self._refresh(actor)

    @guarded(Permission.NAMESPACE_SLEEP)
    async def begin_sleep(self) -> None:
        """Open the dialog that sends to sleep."""
        self._begin("sleep", until="open")

    @guarded(Permission.NAMESPACE_SLEEP)
    async def submit_sleep(self) -> AsyncIterator[EventSpec | None]:
        """Stop what runs."""
        name, span = self._name(), SPANS.get(self.form.get("until", ""))

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            portal = runtime.current()
            until = portal.clock() + span if span else None
            return await portal.changes.sleep(name, submission, until=until)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_SLEEP)
    async def wake(self) -> AsyncIterator[EventSpec | None]:
        """Start again what sleeps."""
        name = self._name()
        self._begin("")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.wake(name, submission)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_schedule(self) -> None:
        """Open the dialog that says when it sleeps by itself."""
        actor = await actor_of(self)
        sleep = record_of(self._name(), actor).spec.sleep
        windows = list(sleep.texts) if sleep else []
        zone = sleep.timezone if sleep else "Europe/Berlin"
        self._begin("schedule", timezone=zone, windows="\n".join(windows))
        await self._refresh(actor)

    @guarded(Permission.NAMESPACE_CHANGE)
    async def suggest_schedule(self) -> None:
        """Fill in nights and weekends."""
        self.form = {**self.form, "windows": "\n".join(NIGHTS_AND_WEEKENDS)}
        await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_RELEASE)
    async def begin_release(self) -> None:
        """Open the dialog that gives the namespace up."""
        await self._begin_end(RequestKind.RELEASE)

    @guarded(Permission.NAMESPACE_DELETE)
    async def begin_delete(self) -> None:
        """Open the dialog that removes the namespace for good."""
        await self._begin_end(RequestKind.DELETE)

    @guarded(Permission.NAMESPACE_READ)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Close the dialog; nothing was asked."""
        if is_open is False:
            self._left, self.action = self.action, ""

    @guarded(Permission.NAMESPACE_READ)
    async def give_back_focus(self) -> EventSpec | None:
        """Return to the button that opened the dialog, unless the dialog led on."""
        left, self._left = self._left, ""
        return rx.set_focus(f"action-{left}") if left else None

    @guarded(Permission.NAMESPACE_READ)
    async def edit(self, field: str, value: str) -> None:
        """Take in one field and tell what it would mean."""
        if field not in FIELDS or not isinstance(value, str):
            return
        self.form = {**self.form, field: value}
        self.errors = {name: text for name, text in self.errors.items() if name != field}
        if field in _TOLD:
            await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_READ)
    async def leave(self, field: str) -> None:
        """Leave a field; what it means was told while it was edited."""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def submit_change(self) -> AsyncIterator[EventSpec | None]:
        """Ask for the change of the open dialog."""
        name, patch = self._name(), self._patch()

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.change(name, patch, submission)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_RELEASE)
    async def submit_release(self) -> AsyncIterator[EventSpec | None]:
        """Give the namespace up."""
        name, typed = self._name(), self.form.get("confirm", "")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.release(name, submission, confirm=typed)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_RESTORE)
    async def restore(self) -> AsyncIterator[EventSpec | None]:
        """Take a release back."""
        name = self._name()
        self._begin("")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.restore(name, submission)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_DELETE)
    async def submit_delete(self) -> AsyncIterator[EventSpec | None]:
        """Remove the namespace for good."""
        name, typed = self._name(), self.form.get("confirm", "")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.delete(name, submission, confirm=typed)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_REPAIR)
    async def repair(self) -> AsyncIterator[EventSpec | None]:
        """Bring everything back to what was asked; the page shows the drift go."""
        self.is_busy = True
        yield None
        try:
            await runtime.current().repairs.request(self._name(), await self._submission())
            yield say(f"Repairing {self._name()}.")
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False

    def _name(self) -> str:
        return last_part(self.router.url.path)

    def _begin(self, action: str, **form: str) -> None:
        empty: dict[str, object] = {
            "action": action,
            "form": form,
            "errors": {},
            "is_same": False,
            "budget": [],
            "cost": CostView(),
            "approval": "",
            "needs_approval": False,
            "needs_name": False,
            "impact": [],
            "objects": [],
            "silence": "",
            "restorable_until": "",
            "problem": Problem(),
        }
        assign(self, empty)
        self._key = secrets.token_hex(16)

    async def _begin_end(self, kind: RequestKind) -> None:
        """Open a dialog that ends the namespace; what forbids it stands in the dialog."""
        name, actor = self._name(), await actor_of(self)
        self._begin(kind.value)
        self.impact = impact_of(runtime.current().directory.row(name, actor=actor))
        try:
            assign(self, await depart(kind, name, actor))
        except PortalError as error:
            self.problem = Problem.from_error(error)

    def _patch(self) -> dict[str, Any]:
        if self.action == "resize":
            return {"tier": self.form.get("tier", "")}
        if self.action == "describe":
            return {field: self.form.get(field, "").strip() for field in DETAILS}
        if self.action == "schedule":
            return {"sleep": schedule_of(self.form)}
        days = self.form.get("expires_in_days", "").strip()
        # What is no number becomes one that no policy allows: the rule says it at the field.
        is_number = days.isascii() and days.isdigit() and len(days) <= _DIGITS
        return {"expires_in_days": int(days) if is_number else -1}

    async def _refresh(self, actor: Actor) -> None:
        if self.action not in _CHANGES:
            return
        self.problem = Problem()
        try:
            assign(self, await propose(self._name(), self._patch(), actor))
        except NotFoundError:
            raise
        except PortalError as error:
            self.problem = Problem.from_error(error)

    def _missing(self) -> dict[str, str]:
        """Check what only the page asks for."""
        reason = self.form.get("justification", "")
        issues = justification_issues(reason) if self.needs_approval else []
        if self.needs_name and self.form.get("confirm", "") != self._name():
            issues.append(FieldIssue("confirm", f"Type {self._name()} to confirm."))
        return at_fields(issues)

    async def _hand_in(self, ask: Ask) -> AsyncIterator[EventSpec | None]:
        """Ask for it; what is refused shows at its field or as a card, the rest leads on."""
        if missing := self._missing():
            self.errors = missing
            yield rx.set_focus(f"field_{next(iter(missing))}")
            return
        self.is_busy, self.problem = True, Problem()
        yield None
        try:
            request = await ask(await self._submission())
        except InvalidFieldsError as error:
            self.errors = at_fields(error.issues)
        except PortalError as error:
            if self.action:
                self.problem = Problem.from_error(error)
            else:
                yield toast_for(error)
        else:
            self.action = ""
            if request is not None:
                yield rx.redirect(f"/requests/{request.request_id}")
        finally:
            self.is_busy = False

    async def _submission(self) -> Submission:
        return Submission(
            actor=await actor_of(self),
            idempotency_key=self._key,
            correlation_id=secrets.token_hex(8),
            source="ui",
            justification=self.form.get("justification", "").strip(),
        )
