"""What every dialog of a namespace's page shares: the form, what it would mean, handing it in."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.approval import justification_issues
from ...domain.errors import FieldIssue, InvalidFieldsError, NotFoundError, PortalError
from ...domain.namespaces import ManagedNamespace
from ...domain.requests import ProvisioningRequest
from ...identity.permissions import Permission
from ...provisioning.intake import Submission
from ..budget_views import BudgetLine
from ..costs import CostView
from ..guard import actor_of, guarded
from ..live import assign
from ..new.transform import TierOption
from ..problems import Problem, toast_for
from ..routes import last_part
from ..spec_views import Fact
from .patches import CHANGES, FIELDS, TOLD, patch_of
from .proposal import ObjectLine, at_fields, nothing, propose, record_of
from .week import WeekDay, week_of

__all__ = ["ActingBase", "Ask"]

OPENERS: Final = frozenset({"lifetime-renew", "quota-resize", "header-release"})
"""Buttons that open a dialog which another button opens too."""

Ask = Callable[[Submission], Awaitable[ProvisioningRequest | None]]


class ActingBase(rx.State, mixin=True):
    """Vars of the dialogs; one is open at most."""

    action: str = ""
    """Which dialog is open; empty while none is."""
    form: dict[str, str] = {}
    errors: dict[str, str] = {}
    is_same: bool = False
    tiers: list[TierOption] = []
    week: list[WeekDay] = []
    """The hours asleep of the schedule in the form."""
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
    _opened_at: datetime | None = None
    """When the open dialog was opened: what counts from now counts from then."""
    _filled: dict[str, str] = {}
    """The form as it was when the dialog opened."""
    _left: str = ""
    """The dialog that was closed with nothing asked."""
    _opener: str = ""
    """The button that opened the dialog, where it is another than that of the action itself."""
    _key: str = ""
    """Idempotency key of the open dialog; a second click gives the same request."""

    @guarded(Permission.NAMESPACE_READ)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Close the dialog; nothing was asked."""
        if is_open is False:
            self._left, self.action = self.action, ""

    @guarded(Permission.NAMESPACE_READ)
    async def give_back_focus(self) -> EventSpec | None:
        """Return to the button that opened the dialog, unless the dialog led on."""
        left, self._left = self._left, ""
        # The row of a role that was to be taken away may be gone by now.
        action = {"revoke": "grant"}.get(left, left)
        return rx.set_focus(self._opener or f"action-{action}") if left else None

    @guarded(Permission.NAMESPACE_READ)
    async def edit(self, field: str, value: str) -> None:
        """Take in one field and tell what it would mean."""
        if field not in FIELDS or not isinstance(value, str):
            return
        self.form = {**self.form, field: value}
        self.errors = {name: text for name, text in self.errors.items() if name != field}
        if field == "windows":
            self.week = week_of(value.splitlines())
        if field in TOLD:
            await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_READ)
    async def leave(self, field: str) -> None:
        """Leave a field; what it means was told while it was edited."""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def submit_change(self) -> AsyncIterator[EventSpec | None]:
        """Ask for the change of the open dialog."""
        name = self._name()

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            patch = self._patch(record_of(name, submission.actor))
            return await runtime.current().changes.change(name, patch, submission)

        async for event in self._hand_in(ask):
            yield event

    def _name(self) -> str:
        return last_part(self.router.url.path)

    def _opened_by(self, opener: str) -> None:
        self._opener = opener if opener in OPENERS else ""

    def _begin(self, action: str, **form: str) -> None:
        empty: dict[str, object] = {
            "action": action,
            "form": form,
            "errors": {},
            "is_same": False,
            "week": week_of(form.get("windows", "").splitlines()) if "windows" in form else [],
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
        self._filled, self._opener = form, ""
        self._key = secrets.token_hex(16)
        self._opened_at = runtime.current().clock()

    async def _refresh(self, actor: Actor) -> None:
        if self.action not in CHANGES:
            return
        self.problem = Problem()
        try:
            patch = self._patch(record_of(self._name(), actor))
            assign(self, await propose(self.action, self._name(), patch, actor))
        except NotFoundError:
            raise
        except InvalidFieldsError as error:
            assign(self, nothing() | {"errors": at_fields(error.issues, self.action)})
        except PortalError as error:
            self.problem = Problem.from_error(error)

    def _patch(self, record: ManagedNamespace) -> dict[str, Any]:
        opened_at = self._opened_at or runtime.current().clock()
        return patch_of(self.action, self.form, record, now=opened_at, opened=self._filled)

    def _missing(self) -> dict[str, str]:
        """Check what only the page asks for."""
        reason = self.form.get("justification", "")
        issues = justification_issues(reason) if self.needs_approval else []
        if self.needs_name and self.form.get("confirm", "") != self._name():
            issues.append(FieldIssue("confirm", f"Type {self._name()} to confirm."))
        return at_fields(issues, self.action)

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
            self.errors = at_fields(error.issues, self.action)
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
