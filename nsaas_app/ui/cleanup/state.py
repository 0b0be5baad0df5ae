"""State of the cleanup page: the list of one reason, the open plan, what is selected."""

from collections.abc import Sequence

import reflex as rx

from ... import runtime
from ...cleanup.candidates import CandidateList
from ...directory.hub import CLEANUP, NAMESPACES
from ...domain.actors import Actor
from ...domain.cleanup import Candidate, Reason
from ...domain.cleanup_plans import Plan, PlanState
from ...domain.errors import NotFoundError
from ...domain.sweeps import Sweep
from ...identity.permissions import Permission, may_anywhere
from ..figures import count, iso
from ..guard import actor_of, guarded
from ..holding import HeldList, in_place
from ..live import LivePage, assign, follow
from ..routes import Pill, dropped_words, unknown_in
from .plan_rows import PlanHead, PlanLine, PlanLink
from .rule_rows import RuleLine
from .stuck_rows import StuckLine, stuck_lines
from .transform import CandidateRow, pills_of, reclaimable
from .unmanaged_rows import UNMANAGED, UnmanagedRow, unmanaged_vars

__all__ = ["CleanupState"]

MOST = 200
"""More rows are counted and not shown."""


class CleanupState(HeldList, LivePage, rx.State):
    """Vars of the page. Its rows stand still while something is selected, or somebody is there."""

    opened: str = ""
    """The list that is open: a reason, empty for all."""
    pills: list[Pill] = []
    dropped: str = ""
    """What of the address means nothing, in words."""
    rows: list[CandidateRow] = []
    counted: str = ""
    reclaim: str = ""
    checked_at: str = ""
    swept: str = ""
    may_run: bool = False
    selected: list[str] = []
    picked: int = 0
    """How many are selected."""
    plan: PlanHead = PlanHead()
    lines: list[PlanLine] = []
    plans: list[PlanLink] = []
    rules: list[RuleLine] = []
    stuck: list[StuckLine] = []
    stuck_names: list[str] = []
    unmanaged: list[UnmanagedRow] = []
    unmanaged_word: str = ""

    # Open to everybody who is signed in: who has no business here is told so by the page.
    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and keep it current."""
        query = self.router.url.query_parameters
        wanted, plan_id = query.get("list", ""), query.get("plan", "")
        lists = {UNMANAGED, *(reason.value for reason in Reason)}
        opened = wanted if wanted in lists else ""
        dropped = dropped_words(unknown_in(query, {"list": lists}))
        async with self:
            self._let_go()
            first = {"opened": opened, "dropped": dropped, "selected": [], "picked": 0}
            assign(self, first)

        async def read(actor: Actor) -> dict[str, object]:
            desk = runtime.current().cleanup
            sweeps = await desk.sweeps.latest(actor=actor, limit=1)
            found = await desk.candidates.all(actor=actor)
            async with self:
                is_first = self._is_first()
                is_frozen = bool(self.selected)
                held = list(self.rows) if self._is_held() and not is_first else None
            plans = await desk.plans.latest(actor=actor, limit=10)
            shown = {} if is_frozen else await _rows(found, opened, plans, held)
            last = sweeps[0] if sweeps else None
            others = await desk.unmanaged.all(actor=actor)
            return {
                **shown,
                **(unmanaged_vars(others) if opened == UNMANAGED else {}),
                **(await _plan(plan_id, actor)),
                "pills": pills_of(
                    found.counts | {UNMANAGED: len(others.items)},
                    total=len(found.items),
                    opened=opened,
                ),
                "reclaim": reclaimable(found.items),
                "checked_at": iso(found.as_of),
                "swept": _swept(last) if last else "",
                "may_run": may_anywhere(actor, Permission.CLEANUP_RUN),
                "plans": [PlanLink.of(plan) for plan in plans],
                "rules": [RuleLine.of(one) for one in await desk.rules.all(actor=actor)],
                "stuck": _stuck(found.items, actor),
                "stuck_names": [one.namespace for one in found.items if _is_stuck(one)][:MOST],
            }

        await follow(self, topics=(CLEANUP, NAMESPACES), read=read)

    async def _catch_up(self) -> None:
        if self.selected:
            return
        desk, actor = runtime.current().cleanup, await actor_of(self)
        found = await desk.candidates.all(actor=actor)
        plans = await desk.plans.latest(actor=actor, limit=10)
        assign(self, await _rows(found, self.opened, plans, None))


def _swept(last: Sweep) -> str:
    notes = "".join(f". {note.removesuffix('.')}" for note in last.notes)
    return f"{count(last.looked_at)} namespaces in {last.took_ms} ms{notes}"


async def _rows(
    found: CandidateList, opened: str, plans: Sequence[Plan], held: list[CandidateRow] | None
) -> dict[str, object]:
    """Compute the list; in rows that are held only what they say changes."""
    items = [one for one in found.items if not opened or opened in one.reasons]
    more = f", the first {MOST} shown" if len(items) > MOST else ""
    teams = (await runtime.current().teams.all()).values()
    called = {str(team.name): team.called for team in teams}
    rows, waiting = (
        [CandidateRow.of(one, selected=(), plans=plans, called=called) for one in items[:MOST]],
        0,
    )
    if held is not None:
        rows, waiting = in_place(held, rows, lambda row: row.name)
    return {
        "rows": rows,
        "waiting": waiting,
        "counted": f"{count(len(items))} of {count(found.looked_at)} namespaces{more}",
    }


async def _plan(plan_id: str, actor: Actor) -> dict[str, object]:
    if not plan_id:
        return {"plan": PlanHead(), "lines": []}
    plans = runtime.current().cleanup.plans
    try:
        plan = await plans.get(plan_id, actor=actor)
    except NotFoundError:
        words = f"There is no plan {plan_id[:40]}, or it is not kept any more."
        return {"plan": PlanHead(), "lines": [], "dropped": words}
    would: dict[str, str] = {}
    if plan.state is PlanState.PLANNED:
        would = await plans.try_out(plan_id, actor=actor)
    lines = [
        PlanLine.of(line, plan, would=would.get(line.namespace, "")) for line in plan.lines[:MOST]
    ]
    return {"plan": PlanHead.of(plan), "lines": lines}


def _is_stuck(one: Candidate) -> bool:
    return Reason.STUCK in one.reasons


def _stuck(candidates: tuple[Candidate, ...], actor: Actor) -> list[StuckLine]:
    found: list[StuckLine] = []
    for one in candidates:
        if _is_stuck(one) and len(found) < MOST:
            try:
                report = runtime.current().cleanup.stuck.explain(one.namespace, actor=actor)
            except NotFoundError:
                continue  # It went away at this very moment.
            found += stuck_lines(report)
    return found
