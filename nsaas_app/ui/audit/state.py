"""State of the audit page: the visible part of the log, one open entry, the chain's last check."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import REQUESTS
from ...domain.actors import Actor
from ...domain.audit import AuditEvent, AuditFilter
from ...domain.errors import PortalError
from ...identity.permissions import Permission, may, may_anywhere
from ..figures import count
from ..guard import actor_of, guarded
from ..live import LivePage, assign, follow
from ..paging import Paged, page_in, pages_of, size_in, span_words
from ..preferring import learn_preferences
from ..problems import Problem
from ..routes import Pill
from ..team_views import TeamChoice, team_choices
from ..typed import TypedText
from .filters import FIELDS, PATH, AuditFilters, Chip, chips_of, outcome_pills, window_pills
from .transform import AuditDetail, AuditLine, Broken, Changed, chain_vars, changes_of, export_word

__all__ = ["AuditState"]


TOLD_EVERY_S = 0.5
"""So often a page learns how far a check of the chain is."""


class AuditState(Paged, TypedText, LivePage, rx.State):
    """Vars of the log. Rows stay where they are; what is new waits behind a button."""

    rows: list[AuditLine] = []
    detail: AuditDetail = AuditDetail()
    changed: list[Changed] = []
    outcomes: list[Pill] = []
    windows: list[Pill] = []
    chips: list[Chip] = []
    q: str = ""
    is_narrowed: bool = False
    fresh: int = 0
    """Matching entries that were written since the rows were read."""
    export_word: str = ""
    actor: str = ""
    action: str = ""
    team: str = ""
    namespace: str = ""
    first: str = ""
    last: str = ""
    zone: str = ""
    """In which days begin and end."""
    teams: list[TeamChoice] = []
    """Whose entries one may read."""
    csv_href: str = ""
    jsonl_href: str = ""
    may_verify: bool = False
    is_verifying: bool = False
    verified_at: str = ""
    verdict: str = ""
    is_valid: bool = True
    broken: Broken = Broken()
    checked: int = 0
    to_check: int = 1
    progress_word: str = ""
    verify_problem: Problem = Problem()

    # Open to everybody who is signed in: who may read nothing here is told so by the page.
    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for; count what is written meanwhile."""
        query = self.router.url.query_parameters
        await learn_preferences(self)
        portal = runtime.current()
        now = portal.clock()
        async with self:
            filters, zone = AuditFilters.from_query(query, usual=self._size), self._zone
            wanted = filters.wanted(now=now, zone=zone)
            assign(
                self,
                {
                    "outcomes": outcome_pills(filters),
                    "windows": window_pills(filters),
                    "chips": chips_of(filters),
                    "q": filters.q,
                    **{name: getattr(filters, name) for name in FIELDS},
                    "zone": zone or "UTC",
                    "is_narrowed": filters.is_narrowed,
                    "page": filters.page,
                    "size": filters.size,
                    "csv_href": filters.export_address("csv", now=now, zone=zone),
                    "jsonl_href": filters.export_address("jsonl", now=now, zone=zone),
                },
            )
            self._note_text(filters.typed)
        top: list[int] = []

        async def read(actor: Actor) -> dict[str, object]:
            if not top:
                shown, newest = await _part(filters, wanted, actor)
                top.append(newest)
                return shown | {"announcement": shown["counted"]}
            later = replace(wanted, after_seq=top[0])
            found = await portal.audit_trail.find(later, actor=actor, limit=1)
            return {"fresh": found.total}

        await follow(self, topics=(REQUESTS,), read=read)

    @guarded(Permission.AUDIT_READ)
    async def search(self, text: str) -> EventSpec | None:
        """Filter by text while it is typed; the history keeps one entry."""
        if self.router.url.path.rstrip("/") != PATH:
            # The last key was still waited for when the page was left.
            return None
        return self._typed_into("q", text)

    @guarded(Permission.AUDIT_READ)
    async def narrow(self, field: str, value: str) -> EventSpec | None:
        """Filter by one field that is typed; an empty value takes the filter away."""
        if field not in FIELDS or self.router.url.path.rstrip("/") != PATH:
            return None
        return self._typed_into(field, value)

    @guarded(Permission.AUDIT_READ)
    async def choose_team(self, team: str) -> EventSpec:
        """Filter by a team; an empty one takes the filter away."""
        return rx.redirect(self._filters().narrowed(team=str(team)[:100]).address())

    @guarded(Permission.AUDIT_READ)
    async def clear(self) -> list[EventSpec]:
        """Drop every filter."""
        emptied = [rx.set_value(f"filter_{name}", "") for name in ("q", *sorted(FIELDS))]
        cleared, usual = AuditFilters(), self._filters().usual
        self._note_typed(cleared.typed)
        return [*emptied, rx.redirect(replace(cleared, size=usual, usual=usual).address())]

    @guarded(Permission.AUDIT_READ)
    async def go_to(self, page: int) -> EventSpec:
        """Open another page of the log."""
        filters = replace(self._filters(), page=page_in(page, self.pages), event=0)
        return rx.redirect(filters.address())

    @guarded(Permission.AUDIT_READ)
    async def resize(self, size: str) -> EventSpec:
        """Show more or fewer entries on a page."""
        filters = self._filters()
        filters = replace(filters, page=1, event=0, size=size_in(str(size), filters.usual))
        return rx.redirect(filters.address())

    @guarded(Permission.AUDIT_READ)
    async def show_fresh(self) -> EventSpec | None:
        """Read the newest entries; they stand on the first page."""
        filters = self._filters()
        if filters.page > 1:
            return rx.redirect(replace(filters, page=1).address())
        wanted = filters.wanted(now=runtime.current().clock(), zone=self._zone)
        shown, _ = await _part(filters, wanted, await actor_of(self))
        assign(self, shown)
        return None

    @guarded(Permission.AUDIT_VERIFY, background=True)
    async def verify(self) -> None:
        """Walk along the whole chain, tell how far it is, and what was found."""
        trail, reached = runtime.current().audit_trail, [0]
        async with self:
            self.is_verifying, self.verify_problem = True, Problem()
            actor = await actor_of(self)
        walk = asyncio.create_task(trail.verify(actor=actor, on_progress=reached.append))
        try:
            total = await trail.count(AuditFilter(), actor=actor)
            is_done = False
            while not is_done:
                is_done = walk.done()
                # At the end too: a short chain is walked before anything was told.
                async with self:
                    assign(self, _progress_vars(reached[-1], total))
                await asyncio.wait({walk}, timeout=TOLD_EVERY_S)
            values = chain_vars(await walk)
        except PortalError as error:
            values = {"verify_problem": Problem.from_error(error)}
        finally:
            # Whoever leaves the page leaves the walk too.
            walk.cancel()
        async with self:
            assign(self, values | {"is_verifying": False})

    def _take_in(self, values: Mapping[str, object], actor: Actor) -> None:
        self._fill_box()
        super()._take_in(values, actor)

    def _typed_into(self, field: str, value: str) -> EventSpec:
        filters = self._filters().narrowed(**{field: str(value)[:100].strip()})
        self._note_typed(filters.typed)
        return rx.redirect(filters.address(), replace=True)

    def _filters(self) -> AuditFilters:
        return AuditFilters.from_query(self.router.url.query_parameters, usual=self._size)


def _progress_vars(reached: int, total: int) -> dict[str, object]:
    word = f"{count(reached)} of {count(total)} entries checked"
    return {"checked": reached, "to_check": max(1, total), "progress_word": word}


async def _part(
    filters: AuditFilters, wanted: AuditFilter, actor: Actor
) -> tuple[dict[str, object], int]:
    """One page of the log, and the number of the newest entry there is."""
    trail, size = runtime.current().audit_trail, filters.size
    found = await trail.find(wanted, actor=actor, limit=size, offset=(filters.page - 1) * size)
    # The first page begins with the newest of all.
    newest = found if filters.page == 1 else await trail.find(wanted, actor=actor, limit=1)
    shown = await _with_opened(found.items, filters.event, actor)
    opened = next((event for event in shown if event.seq == filters.event), None)
    may_verify = may_anywhere(actor, Permission.AUDIT_VERIFY)
    every = await trail.count(AuditFilter(), actor=actor) if filters.is_narrowed else found.total
    told = span_words(filters.page, size, found.total)
    told += f" that match, {count(every)} in all" if filters.is_narrowed else " entries"
    known = (await runtime.current().teams.all()).values()
    teams = team_choices(one for one in known if may(actor, Permission.AUDIT_READ, one.name))
    called = next((one.called for one in teams if one.name == filters.team), "")
    values: dict[str, object] = {
        **(chain_vars(trail.latest_check(actor=actor)) if may_verify else {}),
        "teams": teams,
        "chips": chips_of(filters, team=called),
        "export_word": export_word(found.total, found.items),
        "rows": [AuditLine.of(event, filters) for event in shown],
        "detail": AuditDetail.of(opened) if opened else AuditDetail(),
        "changed": changes_of(opened) if opened else [],
        "total": found.total,
        "pages": pages_of(found.total, size),
        "counted": told,
        "fresh": 0,
        "may_verify": may_verify,
    }
    return values, newest.items[0].seq if newest.items else 0


async def _with_opened(
    items: tuple[AuditEvent, ...], seq: int, actor: Actor
) -> tuple[AuditEvent, ...]:
    """Put the entry that is open before the others where it is not among them: a link named it."""
    if not seq or any(event.seq == seq for event in items):
        return items
    wanted = AuditFilter(seq=seq)
    found = await runtime.current().audit_trail.find(wanted, actor=actor, limit=1)
    return (*found.items, *items)
