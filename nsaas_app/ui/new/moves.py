"""What the wizard's handlers share: showing errors, opening steps, keeping, trying, handing in."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import InvalidFieldsError
from ...provisioning.provisioner import Submission
from ..guard import actor_of
from ..live import LivePage, assign
from ..problems import Problem
from ..toasts import say
from .asking import Answer, handed_in
from .checking import ANEW, Found, checked
from .draft import TEXTS, Draft, edited
from .error_lines import error_lines
from .kept import Kept, forget, kept, offered, restored
from .preview import objects_of
from .sources import begun, empty, team_of
from .steps import FORM_STEPS, PARAMETERS, first_step_with, messages_of, open_step, step_of
from .trying import FRESH_FOR, tried
from .view import issues_of
from .wizard_vars import WizardVars

__all__ = ["PANEL", "SUMMARY", "WizardMoves"]

_CARDS: Final = frozenset({"environment", "tier", "network", "egress", "gateway", "features"})
"""Fields without one control to put the focus on."""
SUMMARY: Final = "wizard_errors"
"""Id of the summary of errors: it gets the focus where no control could."""


_NO_SOURCE: Final = "What the form was to begin from is not there, or it is not yours."
_NO_DRAFT: Final = "That draft is not kept any more: it was handed in or forgotten."
PANEL: Final = "wizard_panel"
"""Id of the step that is open: it gets the focus when another one opens."""


class WizardMoves(WizardVars, LivePage, rx.State, mixin=True):
    """Moves without a permission of their own: a guarded handler makes each."""

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
        if self.kept_as:
            await forget(self.kept_as, actor)
        self._key, self._edition = "", ""
        assign(self, {"kept_as": "", "is_apart": False})
        return rx.redirect(target)

    def _objects(self) -> str:
        """Every object that would be made, as one YAML text."""
        return objects_of(self.dry_runs, self.member_runs)

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
        self._reach(target)
        await self._keep(actor)
        return self._open(target)

    def _show(self, issues: dict[str, str]) -> EventSpec | list[EventSpec] | None:
        """Show errors at their fields, on the first step that has one, and focus the first."""
        self._shown |= set(issues)
        self.errors = {**self.errors, **issues}
        step = first_step_with(issues)
        answers = (field for field in issues if field.startswith(PARAMETERS))
        first = next((field for field in (*FORM_STEPS[step], *answers) if field in issues), "")
        self.announcement = issues.get(first, "")
        self.error_lines, self.is_refused = error_lines(self.errors), True
        target = self._focus_of(first)
        if step != self.step:
            self._focus = target
            return self._address(step)
        return rx.set_focus(target)

    def _focus_of(self, field: str) -> str:
        """Give the id of a field's control; of the summary of errors where it has not one alone."""
        has_control = field in TEXTS - _CARDS or field.startswith(PARAMETERS)
        return f"field_{field}" if has_control else SUMMARY

    def _open(self, step: str) -> EventSpec:
        self.is_refused = False
        return self._address(step)

    def _address(self, step: str) -> EventSpec:
        self._reach(step)
        kept_as = f"&draft={self.kept_as}" if self.kept_as else ""
        return rx.redirect(f"/new?step={step}{kept_as}")

    def _reach(self, step: str) -> None:
        self.reached = max(self.reached, list(FORM_STEPS).index(step))

    async def _arrive(self, source: str, query: Mapping[str, str], actor: Actor) -> bool:
        """Begin, unless a draft is open already; tells whether it began from a source."""
        if source:
            draft, is_whole, is_there = await begun(source, actor)
            self._notice = "" if is_there else _NO_SOURCE
            self._begin(draft, reached=len(FORM_STEPS) - 1 if is_whole else 0)
            return True
        wanted = query.get("draft", "")
        if self._key and wanted in ("", self.kept_as):
            return False
        # In another tab, or after a new sign-in: the address tells which draft it was.
        if wanted and (found := await restored(wanted, actor)) is not None:
            draft, kept_now = found
            self._begin(draft, reached=kept_now.reached)
            self._edition = kept_now.edition
            assign(self, {"kept_as": wanted, "saved_at": kept_now.at})
        else:
            self._notice = _NO_DRAFT if wanted else ""
            if not self._key:
                self._begin(await empty(actor))
        return False

    async def _settle(self, query: Mapping[str, str], actor: Actor) -> tuple[list[EventSpec], bool]:
        """Open the step in the address; gives what is said and focused, and if it is tried yet."""
        self.drafts = await offered(actor, but=self.kept_as)
        before, self.step = self.step, open_step(query.get("step", ""), self.reached)
        await self._refresh(actor)
        is_tried = self._is_tried() or self.step != "review"
        self.is_previewing = not is_tried
        is_moved = self.step != before and "step" in query
        target, self._focus = self._focus or (PANEL if is_moved else ""), ""
        notice, self._notice = self._notice, ""
        said = [rx.set_focus(target)] if target else []
        if query.get("step", "") not in ("", self.step):
            # That step is not open: the address says which one is.
            kept_as = f"&draft={self.kept_as}" if self.kept_as else ""
            said.append(rx.redirect(f"/new?step={self.step}{kept_as}", replace=True))
        return [*said, say(notice, tone="plain")] if notice else said, is_tried

    def _begin(self, draft: Draft, *, reached: int = 0) -> None:
        values = {"draft": draft, "step": "basics", "reached": reached, "refusal": Problem()}
        assign(self, {**values, "saved_at": "", "pasted": "", "paste_error": "", "clone_error": ""})
        assign(self, {"is_refused": False, "is_overriding": bool(draft.overrides())})
        assign(self, {"kept_as": "", "is_apart": False})
        self._shown, self._key, self._edition = set(), secrets.token_hex(16), ""

    async def _edit(self, field: str, value: str) -> EventSpec | None:
        actor = await actor_of(self)
        team = value if field == "team" else self.draft.team
        draft = edited(self.draft, field, value, team=await team_of(team, actor))
        return await self._take(draft, actor)

    async def _take(self, draft: Draft, actor: Actor) -> EventSpec | None:
        """Take a changed draft in; gives its address when that is a new one."""
        assign(self, {"draft": draft, "refusal": Problem()})
        assign(self, {"is_overriding": self.is_overriding or bool(draft.overrides())})
        if draft.name:
            self._shown.add("name")
        await self._refresh(actor)
        before = self.kept_as
        self.kept_as = before or secrets.token_hex(8)
        await self._keep(actor)
        if self.kept_as == before or not self.saved_at:
            return None
        # From now on the address leads back to this very draft, after a new sign-in too.
        step = "" if self.step == "basics" else f"step={self.step}&"
        return rx.redirect(f"/new?{step}draft={self.kept_as}", replace=True)

    async def _keep(self, actor: Actor) -> None:
        """Keep the draft on the server, once something was typed."""
        if not self.kept_as:
            return
        before = Kept(self.kept_as, self._edition, self.saved_at)
        now = await kept(before, self.draft, reached=self.reached, actor=actor)
        self._edition = now.edition
        is_apart = self.is_apart or now.key != before.key
        assign(self, {"kept_as": now.key, "saved_at": now.at, "is_apart": is_apart})

    async def _refresh(self, actor: Actor) -> Answer:
        found = await checked(self.draft, self._shown, actor)
        assign(self, found.values)
        return found.answer

    async def _check_anew(self, actor: Actor) -> Found:
        """Check what is in the form, without the lock: others ask for names and budget too."""
        return await checked(self.draft, frozenset(self._shown), actor)

    def _take_in(self, values: Mapping[str, object], actor: Actor) -> None:
        """Take in what was read; what was checked only if nobody typed meanwhile."""
        super()._take_in({key: value for key, value in values.items() if key != ANEW}, actor)
        found = values.get(ANEW)
        if not isinstance(found, Found) or (found.draft, found.shown) != (self.draft, self._shown):
            return
        assign(self, found.values)
        if self.step == "review" and (lost := found.lost):
            # Nobody looks at the steps behind: what no longer holds there is told here.
            self._shown |= set(lost)
            self.errors = {**self.errors, **lost}
            self.error_lines, self.is_refused = error_lines(self.errors), True
            self.announcement = next(iter(lost.values()))


def _tellable(draft: Draft) -> Draft:
    """Leave out what no preview depends on: words for approvers, and the typed name."""
    return replace(draft, justification="", confirm="")
