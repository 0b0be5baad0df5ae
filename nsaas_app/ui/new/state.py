"""State of the wizard: the draft on the server, and what the checks say about it."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from datetime import datetime

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import ForbiddenError, InvalidFieldsError, PortalError
from ...domain.requests import RequestKind
from ...domain.spec import SpecDraft
from ...domain.teams import Team
from ...identity.permissions import Permission, may_anywhere
from ...provisioning.checks import Checked
from ...provisioning.provisioner import Submission
from ..budget_views import BudgetLine
from ..costs import CostView
from ..figures import duration
from ..guard import actor_of, guarded
from ..live import LivePage, assign, follow
from ..problems import Problem
from ..spec_views import Fact
from .access_editing import grant_added, grant_edited, grant_removed
from .draft import (
    TEXTS,
    Draft,
    answered,
    begun_from,
    clone_of,
    draft_of,
    edited,
    with_defaults,
)
from .preview import ConnectionLine, DryRunLine, VerdictLine
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
from .transform import Option, ParameterField, TierOption
from .trying import FRESH_FOR, tried
from .view import form_vars, issues_of

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


class NewState(LivePage, rx.State):
    """Vars of the wizard. Every default is filled in once somebody is known."""

    draft: Draft = Draft()
    step: str = "basics"
    reached: int = 0
    """How many steps were passed."""
    teams: list[str] = []
    template: str = ""
    """Title of the template it began from."""
    parameters: list[ParameterField] = []
    errors: dict[str, str] = {}
    warnings: dict[str, str] = {}
    suggestions: list[str] = []
    suggested: str = ""
    is_name_free: bool = False
    tiers: list[TierOption] = []
    networks: list[Option] = []
    egresses: list[Option] = []
    has_expiry: bool = True
    may_sleep: bool = True
    is_production: bool = False
    budget: list[BudgetLine] = []
    facts: list[Fact] = []
    approval: str = ""
    needs_approval: bool = False
    is_complete: bool = False
    usual: str = ""
    refusal: Problem = Problem()
    is_submitting: bool = False
    verdicts: list[VerdictLine] = []
    dry_runs: list[DryRunLine] = []
    connections: list[ConnectionLine] = []
    cost: CostView = CostView()
    previewed_at: str = ""
    preview_problem: str = ""
    blocked: str = ""
    """Why the draft cannot be handed in; empty when it can."""
    is_previewing: bool = False
    _tried: SpecDraft | None = None
    """The draft that the preview is of."""
    _tried_at: datetime | None = None
    _shown: set[str] = set()
    _key: str = ""
    """Idempotency key of this draft; a second click on submit gives the same request."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> AsyncIterator[EventSpec | None]:
        """Open the step in the address, with a fresh draft or the one that was left."""
        actor = await actor_of(self)
        if may_anywhere(actor, Permission.NAMESPACE_REQUEST):
            query = self.router.url.query_parameters
            async with self:
                if source := query.get("from", ""):
                    await self._begin_from(source, actor)
                    # The address without its source: a reload must keep what is typed from now on.
                    yield rx.redirect("/new", replace=True)
                elif not self._key:
                    await self._begin(Draft(), actor)
                self.step = open_step(query.get("step", ""), self.reached)
                await self._refresh(actor)
                is_tried = self._is_tried() or self.step != "review"
                self.is_previewing = not is_tried
            if not is_tried:
                draft = self.draft.spec()
                values = await tried(draft, actor)
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
        await self._take(edited(self.draft, field, value, team=await _team(team, actor)), actor)

    @guarded(Permission.NAMESPACE_REQUEST)
    async def leave(self, field: str) -> None:
        """Check a field when the cursor leaves it: from now on its errors show."""
        if field in TEXTS:
            self._shown.add(field)
            await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def answer(self, name: str, value: str) -> None:
        """Take in one answer to the template; tier, network and the rest follow it."""
        if not isinstance(name, str) or not isinstance(value, str):
            return
        actor = await actor_of(self)
        team = await _team(self.draft.team, actor)
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
        await self._begin(Draft(), await actor_of(self))
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
        checked = await self._refresh(actor)
        if issues := issues_of(self.draft, checked):
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
            request = await runtime.current().provisioner.submit(self.draft.spec(), submission)
        except InvalidFieldsError as error:
            return self._show(messages_of(error.issues))
        self._key = ""
        return rx.redirect(f"/requests/{request.request_id}")

    def _is_tried(self) -> bool:
        """Whether the preview is of this very draft, and fresh."""
        if self._tried_at is None or self._tried != self.draft.spec():
            return False
        return runtime.current().clock() - self._tried_at < FRESH_FOR

    async def _try(self, actor: Actor) -> None:
        draft = self.draft.spec()
        self._take_preview(draft, await tried(draft, actor))

    def _take_preview(self, draft: SpecDraft, values: dict[str, object]) -> None:
        assign(self, {**values, "is_previewing": False})
        self._tried, self._tried_at = draft, runtime.current().clock()

    async def _pass(self, steps: set[str], target: str) -> EventSpec | list[EventSpec] | None:
        self._shown |= {field for step in steps for field in FORM_STEPS[step]}
        checked = await self._refresh(await actor_of(self))
        broken = issues_of(self.draft, checked)
        here = [field for field in broken if step_of(field) in steps]
        if here:
            return self._show({field: broken[field] for field in here})
        return self._open(target)

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
        return rx.redirect(f"/new?step={step}")

    async def _begin(self, draft: Draft, actor: Actor) -> None:
        teams = await runtime.current().teams.of(actor)
        if not draft.team:
            own = teams[0] if len(teams) == 1 else None
            zone = runtime.current().settings.default_sleep_timezone
            team = str(own.name) if own else ""
            draft = Draft(team=team, owner=actor.subject, sleep_timezone=zone)
            draft = with_defaults(draft, team=own)
        assign(self, {"draft": draft, "step": "basics", "reached": 0, "refusal": Problem()})
        self._shown, self._key = set(), secrets.token_hex(16)

    async def _begin_from(self, source: str, actor: Actor) -> None:
        kind, _, key = source.partition(":")
        portal = runtime.current()
        draft = Draft()
        # Not there or not theirs: an empty draft tells neither.
        with contextlib.suppress(PortalError):
            if kind == "request":
                draft = draft_of(portal.requests.get(key, actor=actor).spec, now=portal.clock())
            elif kind == "clone":
                spec = await portal.changes.spec_of(key, actor=actor)
                draft = clone_of(spec, owner=actor.subject)
        await self._begin(draft, actor)
        team = await _team(self.draft.team, actor)
        if kind == "clone":
            # Lifetime and access follow environment and team again.
            assign(self, {"draft": with_defaults(self.draft, team=team)})
        elif kind == "template":
            with contextlib.suppress(PortalError):
                assign(self, {"draft": begun_from(self.draft, key, team=team)})
        self.reached = len(FORM_STEPS) - 1 if draft.team and draft.name else 0

    async def _take(self, draft: Draft, actor: Actor) -> None:
        assign(self, {"draft": draft, "refusal": Problem()})
        if draft.name:
            self._shown.add("name")
        await self._refresh(actor)

    async def _refresh(self, actor: Actor) -> Checked:
        portal = runtime.current()
        checked = await portal.provisioner.check(self.draft.spec(), actor=actor)
        team = await _team(self.draft.team, actor)
        use = await portal.teams.budget_use(team.name) if team is not None else None
        assign(self, form_vars(self.draft, checked, shown=self._shown, team=team, use=use))
        return checked


async def _team(name: str, actor: Actor) -> Team | None:
    teams = await runtime.current().teams.of(actor)
    return next((team for team in teams if str(team.name) == name), None)


async def _offers(actor: Actor) -> dict[str, object]:
    if not may_anywhere(actor, Permission.NAMESPACE_REQUEST):
        raise ForbiddenError("Your role reads only: it cannot ask for a namespace.")
    portal = runtime.current()
    usual = portal.requests.median_duration_ms(RequestKind.PROVISION)
    return {
        "teams": [str(team.name) for team in await portal.teams.of(actor)],
        "usual": "" if usual is None else duration(usual),
    }
