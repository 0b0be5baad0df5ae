"""State of the selection: what is selected, what can be done with it, and how each one ended."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.rows import NamespaceRow
from ...domain.actors import Actor
from ...domain.errors import NotFoundError, PortalError
from ...domain.requests import ProvisioningRequest
from ...identity.permissions import Permission, may_anywhere
from ...provisioning.intake import Submission
from ..awaiting import awaiting_names
from ..guard import actor_of, guarded
from ..live import assign
from ..spec_views import Fact
from ..toasts import say
from .filters import Filters
from .offers import (
    Offer,
    Target,
    default_days,
    heading_of,
    impact_facts,
    offers_of,
    phrase_of,
    targets_of,
    why_not,
)
from .state import BULK, NamespacesState

__all__ = ["MOST", "Bulk", "Outcome"]

MOST: Final = 200
"""So many are selected at most."""
_ACTIONS: Final = frozenset({"renew", "sleep", "wake", "release"})
_NOUNS: Final = {"renew": "Renewal", "sleep": "Sleep", "wake": "Waking", "release": "Release"}
_FIELDS: Final = frozenset({"days", "justification", "confirm"})
_DIGITS: Final = 6


@dataclass(frozen=True)
class Outcome:
    """How one namespace's request was taken."""

    name: str
    is_accepted: bool
    message: str
    href: str = ""


class Bulk(rx.State):
    """Vars of the selection and of its one dialog."""

    offers: list[Offer] = []
    may_plan: bool = False
    """Whether this person plans cleanups."""
    reasons: list[str] = []
    """Why an action leaves some of the selected ones out."""
    action: str = ""
    """renew, sleep, wake or release; empty while the dialog is closed."""
    opener: str = ""
    """Test id of the button that opened the dialog; it gets the focus back."""
    targets: list[str] = []
    heading: str = ""
    left_out: list[Target] = []
    impact: list[Fact] = []
    phrase: str = ""
    """What must be typed; empty where nothing must."""
    form: dict[str, str] = {}
    errors: dict[str, str] = {}
    outcomes: list[Outcome] = []
    is_busy: bool = False
    _key: str = ""

    @guarded(Permission.NAMESPACE_READ)
    async def toggle(self, name: str) -> None:
        """Add a namespace to the selection, or take it out."""
        selected = await self._selected()
        kept = [each for each in selected if each != name]
        await self._select(kept if name in selected else [*kept, str(name)])

    @guarded(Permission.NAMESPACE_READ)
    async def toggle_all(self, names: list[str]) -> None:
        """Select these, the rows of the page; when all are, none of them."""
        selected, wanted = await self._selected(), [str(name) for name in names[:MOST]]
        if set(wanted) <= set(selected):
            await self._select([name for name in selected if name not in wanted])
        else:
            await self._select([*selected, *wanted])

    @guarded(Permission.NAMESPACE_READ)
    async def select_matching(self) -> None:
        """Select everything that the filters of the address match."""
        query = Filters.from_query(self.router.url.query_parameters).row_query()
        wanted = replace(query, offset=0, limit=MOST)
        found = runtime.current().directory.find(wanted, actor=await actor_of(self))
        await self._select([row.name for row in found.items])

    @guarded(Permission.NAMESPACE_READ)
    async def clear(self) -> None:
        """Select nothing."""
        await self._select([])

    @guarded(Permission.NAMESPACE_READ)
    async def begin(self, action: str) -> None:
        """Open the dialog for all that are selected."""
        self.opener = f"bulk-{action}"
        await self._begin(str(action), await self._selected())

    @guarded(Permission.NAMESPACE_READ)
    async def begin_one(self, action: str, name: str) -> None:
        """Open the dialog for one row; to who may not do it, it says why."""
        self.opener = f"namespace-row-{name}-menu"
        await self._begin(str(action), [str(name)])

    @guarded(Permission.NAMESPACE_READ)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Close the dialog."""
        if is_open is False and not self.is_busy:
            self.action = ""
            page = await self.get_state(NamespacesState)
            page.asked = ""
            if self.outcomes:
                await self._select([])
            await page._catch_up_if_idle()  # noqa: SLF001 - the list's, as the dialog over it is

    @guarded(Permission.NAMESPACE_READ)
    async def edit(self, field: str, value: str) -> None:
        """Take in one field of the dialog."""
        if field in _FIELDS and isinstance(value, str):
            self.form = {**self.form, field: value}
            self.errors = {name: text for name, text in self.errors.items() if name != field}

    @guarded(Permission.NAMESPACE_READ)
    async def leave(self, field: str) -> None:
        """Leave a field; what is wrong is told when it is asked for."""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def submit(self) -> AsyncIterator[EventSpec | None]:
        """Ask for one request a namespace, each on its own; tell how each was taken."""
        if self.action not in _ACTIONS or not self.targets:
            return
        if missing := self._missing():
            self.errors = missing
            yield rx.set_focus(f"field_{next(iter(missing))}")
            return
        self.is_busy = True
        yield None
        actor = await actor_of(self)
        outcomes = [await self._ask(name, actor) for name in self.targets]
        self.is_busy, self.outcomes = False, outcomes
        accepted = sum(outcome.is_accepted for outcome in outcomes)
        text = f"{_NOUNS[self.action]} asked for {accepted} of {len(outcomes)}."
        yield say(text) if accepted == len(outcomes) else say(text, tone="warning")

    async def _select(self, names: list[str]) -> None:
        actor = await actor_of(self)
        rows = self._rows(list(dict.fromkeys(names))[:MOST], actor)
        selected = [row.name for row in rows]
        page = await self.get_state(NamespacesState)
        is_whole = bool(page.names) and set(page.names) <= set(selected)
        assign(page, {"selected": selected, "is_page_selected": is_whole})
        awaiting = awaiting_names()
        offers = offers_of(rows, actor, awaiting) if rows else []
        reasons = why_not(offers, rows, actor, awaiting)
        may_plan = may_anywhere(actor, Permission.CLEANUP_RUN)
        assign(self, {"offers": offers, "reasons": reasons, "may_plan": may_plan})

    async def _selected(self) -> list[str]:
        return list((await self.get_state(NamespacesState)).selected)

    async def _begin(self, action: str, names: list[str]) -> None:
        if action not in _ACTIONS:
            return
        actor = await actor_of(self)
        rows = self._rows(names, actor)
        targets = targets_of(action, rows, actor, awaiting_names())
        fitting = [target.name for target in targets if not target.reason]
        concerned = [row for row in rows if row.name in fitting]
        form = {"days": default_days(concerned)} if action == "renew" else {}
        self._key = secrets.token_hex(16)
        values: dict[str, object] = {
            "action": action,
            "targets": fitting,
            "heading": heading_of(action, names, fitting),
            "left_out": [target for target in targets if target.reason],
            "impact": impact_facts(concerned) if action == "release" and concerned else [],
            "phrase": phrase_of(action, fitting),
            "form": form,
            "errors": {},
            "outcomes": [],
        }
        assign(self, values)
        (await self.get_state(NamespacesState)).asked = BULK

    def _rows(self, names: list[str], actor: Actor) -> list[NamespaceRow]:
        """Find those that are still there and still theirs to see."""
        directory, found = runtime.current().directory, []
        for name in names:
            try:
                found.append(directory.row(name, actor=actor))
            except NotFoundError:
                continue
        return found

    def _missing(self) -> dict[str, str]:
        if self.phrase and self.form.get("confirm", "").strip() != self.phrase:
            return {"confirm": f"Type {self.phrase} to confirm."}
        days = self.form.get("days", "").strip()
        is_number = days.isascii() and days.isdigit() and len(days) <= _DIGITS
        if self.action == "renew" and not is_number:
            return {"days": "A whole number of days."}
        return {}

    async def _ask(self, name: str, actor: Actor) -> Outcome:
        submission = Submission(
            actor=actor,
            idempotency_key=f"{self._key}-{name}",
            correlation_id=secrets.token_hex(8),
            source="ui",
            justification=self.form.get("justification", "").strip(),
        )
        try:
            request = await self._request(name, submission)
        except PortalError as error:
            return Outcome(name, is_accepted=False, message=error.message)
        if request is None:
            return Outcome(name, is_accepted=True, message="It is as asked already.")
        href = f"/requests/{request.request_id}"
        return Outcome(name, is_accepted=True, message="Request accepted.", href=href)

    async def _request(self, name: str, submission: Submission) -> ProvisioningRequest | None:
        changes = runtime.current().changes
        if self.action == "renew":
            patch = {"expires_in_days": int(self.form["days"].strip())}
            return await changes.change(name, patch, submission)
        if self.action == "sleep":
            return await changes.sleep(name, submission)
        if self.action == "wake":
            return await changes.wake(name, submission)
        return await changes.release(name, submission)
