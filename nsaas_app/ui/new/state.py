"""State of the wizard: the draft on the server, and what the checks say about it."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import ForbiddenError, InvalidFieldsError, PortalError
from ...domain.requests import RequestKind
from ...identity.permissions import Permission, may_anywhere
from ...provisioning.provisioner import Submission
from ..figures import duration
from ..guard import actor_of, guarded
from ..live import LivePage, assign, follow
from ..problems import Problem
from ..toasts import say
from .access_editing import grant_added, grant_edited, grant_removed
from .asking import Answer, asked, handed_in
from .draft import TEXTS, Draft, answered, edited
from .kept import forget, kept, offered, restored
from .members import toggled
from .sources import MAX_PASTED, begun, empty, pasted, team_of
from .steps import (
    FORM_STEPS,
    PARAMETERS,
    first_step_with,
    messages_of,
    next_step,
    open_step,
    previous_step,
    step_of,
)
from .trying import FRESH_FOR, tried
from .view import form_vars, issues_of
from .wizard_vars import WizardVars

__all__ = ["NewState"]

_FOCUSABLE = (
    "app",
    "name",
    "cost_center",
    "owner",
    "expires_in_days",
    "sleep_windows",
    "sleep_timezone",
    "justification",
    "confirm",
)


class NewState(WizardVars, LivePage, rx.State):
    """Handlers of the wizard. Every default is filled in once somebody is known."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> AsyncIterator[EventSpec | None]:
        """Open the step in the address, with a fresh draft or the one that was left."""
        actor = await actor_of(self)
        if may_anywhere(actor, Permission.NAMESPACE_REQUEST):
            query = self.router.url.query_parameters
            async with self:
                if await self._arrive(query.get("from", ""), query, actor):
                    # The address without its source: a reload must keep what is typed from now on.
                    yield rx.redirect("/new", replace=True)
                self.drafts = await offered(actor, but=self._kept_as)
                self.step = open_step(query.get("step", ""), self.reached)
                await self._refresh(actor)
                is_tried = self._is_tried() or self.step != "review"
                self.is_previewing = not is_tried
            if not is_tried:
                draft = self.draft
                values = await tried(draft, actor, team=await team_of(draft.team, actor))
                async with self:
                    self._take_preview(draft, values)

        await follow(self, topics=(), read=_offers)

    @guarded(Permission.NAMESPACE_REQUEST)
    async def edit(self, field: str, value: str) -> None:
        """Take in one field; the defaults that nobody chose follow."""
        if field not in TEXTS or not isinstance(value, str):
            return
        actor = await actor_of(self)
        team = value if field == "team" else self.draft.team
        await self._take(edited(self.draft, field, value, team=await team_of(team, actor)), actor)

    @guarded(Permission.NAMESPACE_REQUEST)
    async def leave(self, field: str) -> None:
        """Check a field when the cursor leaves it: from now on its errors show."""
        if field in TEXTS:
            self._shown.add(field)
            await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def toggle_also(self, environment: str) -> None:
        """Ask for a namespace of the same base name in another environment too, or no longer."""
        if isinstance(environment, str):
            self._shown.add("also")
            await self._take(toggled(self.draft, environment), await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def paste(self, text: str) -> None:
        """Take in a document that is being pasted."""
        if isinstance(text, str):
            self.pasted, self.paste_error = text[: MAX_PASTED + 1], ""

    @guarded(Permission.NAMESPACE_REQUEST)
    async def read_pasted(self) -> EventSpec | None:
        """Fill the form from the pasted document; what is wrong with it is told beside it."""
        actor = await actor_of(self)
        try:
            draft = await pasted(self.pasted, actor)
        except InvalidFieldsError as error:
            first = error.issues[0]
            where = "" if first.field == "pasted" else f"{first.field}: "
            self.paste_error = f"{where}{first.message}"
            return rx.set_focus("field_pasted")
        self.pasted = ""
        await self._take(draft, actor)
        return say("The form is filled in from the document.")

    @guarded(Permission.NAMESPACE_ADOPT)
    async def adopt(self, form: dict[str, Any]) -> EventSpec | None:
        """Begin the adoption of the namespace that was named."""
        name = form.get("name", "") if isinstance(form, dict) else ""
        name = quote(str(name).strip(), safe="")
        return rx.redirect(f"/new?from=adopt:{name}") if name else rx.set_focus("field_adopt")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def drop(self, key: str) -> None:
        """Forget a draft that was left."""
        if isinstance(key, str):
            actor = await actor_of(self)
            await forget(key, actor)
            self.drafts = await offered(actor, but=self._kept_as)

    @guarded(Permission.NAMESPACE_REQUEST)
    async def answer(self, name: str, value: str) -> None:
        """Take in one answer to the template; tier, network and the rest follow it."""
        if not isinstance(name, str) or not isinstance(value, str):
            return
        actor = await actor_of(self)
        team = await team_of(self.draft.team, actor)
        draft = answered(self.draft, name.removeprefix(PARAMETERS), value, team=team)
        await self._take(draft, actor)

    @guarded(Permission.NAMESPACE_REQUEST)
    async def leave_answer(self, name: str) -> None:
        """Check an answer when the cursor leaves it."""
        if isinstance(name, str) and name.removeprefix(PARAMETERS) in self.draft.parameters:
            self._shown.add(name)
            await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def edit_grant(self, index: int, part: str, value: str) -> None:
        """Change one part of an access line."""
        if isinstance(index, int) and isinstance(value, str):
            await self._take(grant_edited(self.draft, index, part, value), await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def add_grant(self) -> None:
        """Add an empty access line."""
        await self._take(grant_added(self.draft), await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def remove_grant(self, index: int) -> None:
        """Take an access line out."""
        await self._take(grant_removed(self.draft, index), await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def go_back(self) -> EventSpec:
        """Go one step back; nothing typed is lost."""
        return self._open(previous_step(self.step))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def go_next(self) -> EventSpec | list[EventSpec] | None:
        """Check this step; go on when no rule is broken, else show every broken one."""
        return await self._pass({self.step}, next_step(self.step))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def go_to_review(self) -> EventSpec | list[EventSpec] | None:
        """Take the defaults of every step between and go to the review."""
        return await self._pass(set(FORM_STEPS) - {"review"}, "review")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def start_over(self) -> EventSpec:
        """Forget the draft and begin with an empty one."""
        actor = await actor_of(self)
        if self._kept_as:
            await forget(self._kept_as, actor)
        self._begin(await empty(actor))
        return self._open("basics")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def preview(self) -> AsyncIterator[None]:
        """Ask the API server again."""
        self.is_previewing = True
        yield None
        await self._try(await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def submit(self) -> AsyncIterator[EventSpec | list[EventSpec] | None]:
        """Hand the draft in. What the server refuses is shown at its field."""
        if not self._key:
            return
        self.is_submitting = True
        yield None
        try:
            actor = await actor_of(self)
            yield await self._submit(actor)
        except PortalError as error:
            self.refusal = Problem.from_error(error)
        finally:
            self.is_submitting = False

    async def _submit(self, actor: Actor) -> EventSpec | list[EventSpec] | None:
        self.refusal = Problem()
        answer = await self._refresh(actor)
        if issues := issues_of(self.draft, answer):
            return self._show(issues)
        if not self._is_tried():
            await self._try(actor)
        if self.blocked:
            self.announcement = self.blocked
            return None
        submission = Submission(
            actor=actor,
            idempotency_key=self._key,
            correlation_id=secrets.token_hex(8),
            source="ui",
            justification=self.draft.justification.strip(),
        )
        try:
            team = await team_of(self.draft.team, actor)
            target = await handed_in(self.draft, submission, team=team)
        except InvalidFieldsError as error:
            return self._show(messages_of(error.issues))
        if self._kept_as:
            await forget(self._kept_as, actor)
        self._key, self._kept_as = "", ""
        return rx.redirect(target)

    def _is_tried(self) -> bool:
        """Whether the preview is of this very draft, and fresh."""
        if self._tried_at is None or self._tried != _tellable(self.draft):
            return False
        return runtime.current().clock() - self._tried_at < FRESH_FOR

    async def _try(self, actor: Actor) -> None:
        draft = self.draft
        team = await team_of(draft.team, actor)
        self._take_preview(draft, await tried(draft, actor, team=team))

    def _take_preview(self, draft: Draft, values: dict[str, object]) -> None:
        assign(self, {**values, "is_previewing": False})
        self._tried, self._tried_at = _tellable(draft), runtime.current().clock()

    async def _pass(self, steps: set[str], target: str) -> EventSpec | list[EventSpec] | None:
        self._shown |= {field for step in steps for field in FORM_STEPS[step]}
        actor = await actor_of(self)
        answer = await self._refresh(actor)
        broken = issues_of(self.draft, answer)
        here = [field for field in broken if step_of(field) in steps]
        if here:
            return self._show({field: broken[field] for field in here})
        opened = self._open(target)
        await self._keep(actor)
        return opened

    def _show(self, issues: dict[str, str]) -> EventSpec | list[EventSpec] | None:
        """Show errors at their fields, on the first step that has one, and focus the first."""
        self._shown |= set(issues)
        self.errors = {**self.errors, **issues}
        step = first_step_with(issues)
        answers = (field for field in issues if field.startswith(PARAMETERS))
        first = next((field for field in (*FORM_STEPS[step], *answers) if field in issues), "")
        self.announcement = issues.get(first, "")
        if step != self.step:
            return self._open(step)
        return rx.set_focus(f"field_{first}") if first in _FOCUSABLE else None

    def _open(self, step: str) -> EventSpec:
        self.reached = max(self.reached, list(FORM_STEPS).index(step))
        kept_as = f"&draft={self._kept_as}" if self._kept_as else ""
        return rx.redirect(f"/new?step={step}{kept_as}")

    async def _arrive(self, source: str, query: Mapping[str, str], actor: Actor) -> bool:
        """Begin, unless a draft is open already; tells whether it began from a source."""
        if source:
            draft, is_whole = await begun(source, actor)
            self._begin(draft, reached=len(FORM_STEPS) - 1 if is_whole else 0)
            return True
        wanted = query.get("draft", "")
        if self._key and wanted in ("", self._kept_as):
            return False
        # In another tab, or after a new sign-in: the address tells which draft it was.
        if wanted and (found := await restored(wanted, actor)) is not None:
            draft, reached = found
            self._begin(draft, reached=reached)
            self._kept_as = wanted
        elif not self._key:
            self._begin(await empty(actor))
        return False

    def _begin(self, draft: Draft, *, reached: int = 0) -> None:
        values = {"draft": draft, "step": "basics", "reached": reached, "refusal": Problem()}
        assign(self, {**values, "saved_at": "", "pasted": "", "paste_error": ""})
        self._shown, self._key, self._kept_as = set(), secrets.token_hex(16), ""

    async def _take(self, draft: Draft, actor: Actor) -> None:
        assign(self, {"draft": draft, "refusal": Problem()})
        if draft.name:
            self._shown.add("name")
        await self._refresh(actor)
        self._kept_as = self._kept_as or secrets.token_hex(8)
        await self._keep(actor)

    async def _keep(self, actor: Actor) -> None:
        """Keep the draft on the server, once something was typed."""
        if self._kept_as:
            at = await kept(self._kept_as, self.draft, reached=self.reached, actor=actor)
            self.saved_at = at or self.saved_at

    async def _refresh(self, actor: Actor) -> Answer:
        team = await team_of(self.draft.team, actor)
        answer = await asked(self.draft, actor, team=team)
        use = await runtime.current().teams.budget_use(team.name) if team is not None else None
        assign(self, form_vars(self.draft, answer, shown=self._shown, team=team, use=use))
        return answer


def _tellable(draft: Draft) -> Draft:
    """Leave out what no preview depends on: words for approvers, and the typed name."""
    return replace(draft, justification="", confirm="")


async def _offers(actor: Actor) -> dict[str, object]:
    if not may_anywhere(actor, Permission.NAMESPACE_REQUEST):
        raise ForbiddenError("Your role reads only: it cannot ask for a namespace.")
    portal = runtime.current()
    usual = portal.requests.median_duration_ms(RequestKind.PROVISION)
    return {
        "teams": [str(team.name) for team in await portal.teams.of(actor)],
        "has_gateway": bool(portal.settings.gateway_namespaces),
        "may_adopt": may_anywhere(actor, Permission.NAMESPACE_ADOPT),
        "usual": "" if usual is None else duration(usual),
    }
