"""State of changing a team: the dialog that is open, what was typed, what is wrong with it."""

import secrets
from collections.abc import AsyncIterator
from typing import Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.budget_asks import granted, wanted_budget
from ...domain.errors import InvalidFieldsError, PortalError
from ...domain.team_document import changed_team, groups_from_document, version_of
from ...domain.teams import Team, TeamGroups
from ...identity.permissions import Permission
from ...teams.change import TeamChange
from ...teams.teams import BudgetUse
from ..guard import actor_of, guarded
from ..live import assign
from ..problems import Problem
from ..toasts import say
from .transform import (
    FIELDS,
    at_form_fields,
    budget_warnings,
    document_of,
    form_of,
    form_of_wish,
    group_warnings,
    groups_of,
    new_form,
)

__all__ = ["TeamForm"]

_MAX_TYPED: Final = 20_000
_DONE: Final = {
    "create": "Created",
    "ask": "The platform admins are asked about the budget of",
    "decline": "Declined for",
}


class TeamForm(rx.State):
    """Vars of the dialogs; one is open at most."""

    action: str = ""
    """create, edit, members, ask or decline; empty while none is open."""
    name: str = ""
    title: str = ""
    """How people call the team."""
    form: dict[str, str] = {}
    errors: dict[str, str] = {}
    warnings: dict[str, str] = {}
    problem: Problem = Problem()
    is_busy: bool = False
    _version: str = ""
    """The version that is edited: a later one is not written over."""
    _left: str = ""
    _ask_id: str = ""
    """The wish that is declined."""

    @guarded(Permission.TEAM_MANAGE)
    async def begin_create(self) -> None:
        """Open the dialog for a new team."""
        self._begin("create", "", new_form())

    @guarded(Permission.TEAM_MANAGE)
    async def begin_edit(self, name: str) -> None:
        """Open the dialog for name, cost centre and budget."""
        await self._begin_with("edit", name)

    @guarded(Permission.TEAM_MEMBERS)
    async def begin_members(self, name: str) -> None:
        """Open the dialog for the groups."""
        await self._begin_with("members", name)

    @guarded(Permission.TEAM_MEMBERS)
    async def begin_ask(self, name: str) -> None:
        """Open the dialog for a wish: more than there is."""
        await self._begin_with("ask", name)
        self.form = {**self.form, "reason": ""}

    @guarded(Permission.TEAM_MANAGE)
    async def begin_fulfil(self, name: str, ask_id: str) -> None:
        """Open the dialog for the budget with what a wish asks for."""
        await self._begin_with("edit", name)
        portal, actor = runtime.current(), await actor_of(self)
        team = (await portal.team_overviews.one(str(name), actor=actor)).team
        for ask in await portal.organisation.asks.of(str(name), actor=actor):
            if ask.ask_id == ask_id:
                self.form = {**self.form, **form_of_wish(granted(team, ask))}

    @guarded(Permission.TEAM_MANAGE)
    async def begin_decline(self, name: str, ask_id: str) -> None:
        """Open the dialog for the reason of a no."""
        await self._begin_with("decline", name)
        self.form, self.warnings, self._version = {"comment": ""}, {}, ""
        self._ask_id = str(ask_id)

    @guarded(Permission.TEAM_READ)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Close the dialog; nothing was changed."""
        if is_open is False:
            self._left, self.action = self.action, ""

    @guarded(Permission.TEAM_READ)
    async def give_back_focus(self) -> EventSpec | None:
        """Return to the button that opened the dialog, unless the dialog led on."""
        left, self._left = self._left, ""
        # A wish that was declined took its own button with it.
        opener = "edit" if left == "decline" else left
        return rx.set_focus(f"team-{opener}") if opener else None

    @guarded(Permission.TEAM_READ)
    async def edit(self, field: str, value: str) -> None:
        """Take in one field."""
        if field not in FIELDS or not isinstance(value, str) or len(value) > _MAX_TYPED:
            return
        self.form = {**self.form, field: value}
        self.errors = {name: text for name, text in self.errors.items() if name != field}

    @guarded(Permission.TEAM_READ)
    async def leave(self, field: str) -> None:
        """Say what is wrong with the field that was left."""
        actor = await actor_of(self)
        issues, warnings = await self._judged(actor)
        others = {name: text for name, text in self.errors.items() if name != field}
        here = {field: issues[field]} if field in issues else {}
        assign(self, {"errors": others | here, "warnings": warnings})

    @guarded(Permission.TEAM_MANAGE)
    async def submit_team(self) -> AsyncIterator[EventSpec | None]:
        """Create the team, or change its name, cost centre and budget."""
        async for event in self._submit():
            yield event

    @guarded(Permission.TEAM_MEMBERS)
    async def submit_members(self) -> AsyncIterator[EventSpec | None]:
        """Say which groups give which role."""
        async for event in self._submit():
            yield event

    @guarded(Permission.TEAM_MEMBERS)
    async def submit_ask(self) -> AsyncIterator[EventSpec | None]:
        """Hand the wish in."""
        async for event in self._submit():
            yield event

    @guarded(Permission.TEAM_MANAGE)
    async def submit_decline(self) -> AsyncIterator[EventSpec | None]:
        """Say no to a wish."""
        async for event in self._submit():
            yield event

    def _begin(self, action: str, name: str, form: dict[str, str], version: str = "") -> None:
        empty: dict[str, object] = {
            "action": action,
            "name": name,
            "title": "",
            "form": form,
            "errors": {},
            "warnings": {},
            "problem": Problem(),
            "is_busy": False,
        }
        assign(self, empty)
        self._version = version

    async def _begin_with(self, action: str, name: str) -> None:
        actor = await actor_of(self)
        team = (await runtime.current().team_overviews.one(str(name), actor=actor)).team
        self._begin(action, str(team.name), form_of(team), version_of(team))
        self.title = team.called
        self.warnings = (await self._judged(actor))[1]

    async def _judged(self, actor: Actor) -> tuple[dict[str, str], dict[str, str]]:
        """What is wrong with the form, and what is worth a second look, by field."""
        portal = runtime.current()
        if self.action == "decline":
            return {}, {}
        try:
            if self.action == "ask":
                team = (await portal.team_overviews.one(self.name, actor=actor)).team
                wanted_budget(team, document_of(self.form)["budget"], self.form.get("reason", ""))
                return {}, {}
            if self.action == "members":
                groups = groups_of(self.form)
                groups_from_document(groups, present=TeamGroups())
                found = await portal.members.of(self.name, actor=actor)
                return {}, group_warnings(groups, found.groups)
            name = self.form.get("name", "").strip() if self.action == "create" else self.name
            present: Team | None = None
            use = BudgetUse.of([])
            if self.action == "edit":
                standing = await portal.team_overviews.one(self.name, actor=actor)
                present, use = standing.team, standing.use
            team = changed_team(name, self._document(), present=present)
            return {}, budget_warnings(team, use)
        except InvalidFieldsError as error:
            return at_form_fields(error.issues), {}

    def _document(self) -> dict[str, object]:
        document: dict[str, object] = document_of(self.form)
        return document | ({"groups": groups_of(self.form)} if self.action == "create" else {})

    async def _submit(self) -> AsyncIterator[EventSpec | None]:
        """Write it; what is refused shows at its field or as a card."""
        self.is_busy, self.problem = True, Problem()
        yield None
        is_new = self.action == "create"
        try:
            name = await self._write(is_new=is_new)
        except InvalidFieldsError as error:
            self.errors = at_form_fields(error.issues)
            first = next(iter(self.errors))
            yield rx.set_focus(f"field_{first}") if first in FIELDS else None
        except PortalError as error:
            self.problem = Problem.from_error(error)
        else:
            self._left, self.action = self.action, ""
            called = self.form.get("display_name", "").strip() or self.title or name
            yield say(f"{_DONE.get(self._left, 'Saved')} {called}.")
            if is_new:
                yield rx.redirect(f"/teams/{name}")
        finally:
            self.is_busy = False

    async def _write(self, *, is_new: bool) -> str:
        actor, teams = await actor_of(self), runtime.current().teams
        change = TeamChange(actor, "ui", secrets.token_hex(8), self._version)
        asks = runtime.current().organisation.asks
        if self.action == "ask":
            wanted, reason = document_of(self.form)["budget"], self.form.get("reason", "")
            await asks.ask(self.name, wanted, reason, change)
            return self.name
        if self.action == "decline":
            await asks.decline(self.name, self._ask_id, self.form.get("comment", ""), change)
            return self.name
        if self.action == "members":
            return str((await teams.set_groups(self.name, groups_of(self.form), change)).name)
        name = self.form.get("name", "").strip() if is_new else self.name
        if is_new:
            return str((await teams.create(name, self._document(), change)).name)
        return str((await teams.change(name, self._document(), change)).name)
