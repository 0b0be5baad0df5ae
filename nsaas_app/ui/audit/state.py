"""State of the audit page: the visible part of the log, one open entry, the chain's last check."""

from dataclasses import replace

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import REQUESTS
from ...domain.actors import Actor
from ...domain.audit import AuditFilter
from ...domain.errors import PortalError
from ...identity.permissions import Permission, may_anywhere
from ..figures import count, iso
from ..guard import actor_of, guarded
from ..live import LivePage, assign, follow
from ..preferring import learn_size
from ..problems import Problem
from ..routes import Pill
from .filters import PATH, AuditFilters, Chip, chips_of, outcome_pills, window_pills
from .transform import AuditDetail, AuditLine, Changed, changes_of

__all__ = ["AuditState"]


class AuditState(LivePage, rx.State):
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
    page: int = 1
    pages: int = 1
    total: int = 0
    counted: str = ""
    csv_href: str = ""
    jsonl_href: str = ""
    may_verify: bool = False
    is_verifying: bool = False
    verified_at: str = ""
    verdict: str = ""
    is_valid: bool = True
    verify_problem: Problem = Problem()

    # Open to everybody who is signed in: who may read nothing here is told so by the page.
    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for; count what is written meanwhile."""
        await learn_size(self)
        filters, portal, size = self._filters(), runtime.current(), self._size
        now = portal.clock()
        wanted = filters.wanted(now=now)
        async with self:
            assign(
                self,
                {
                    "outcomes": outcome_pills(filters),
                    "windows": window_pills(filters),
                    "chips": chips_of(filters),
                    "q": filters.q,
                    "is_narrowed": filters.is_narrowed,
                    "page": filters.page,
                    "csv_href": filters.export_address("csv", now=now),
                    "jsonl_href": filters.export_address("jsonl", now=now),
                },
            )
        top: list[int] = []

        async def read(actor: Actor) -> dict[str, object]:
            if not top:
                shown, newest = await _part(filters, wanted, actor, size)
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
        wanted = str(text)[:100].strip()
        return rx.redirect(self._filters().narrowed(q=wanted).address(), replace=True)

    @guarded(Permission.AUDIT_READ)
    async def clear(self) -> list[EventSpec]:
        """Drop every filter."""
        return [rx.set_value("filter_q", ""), rx.redirect(AuditFilters().address())]

    @guarded(Permission.AUDIT_READ)
    async def go_to(self, page: int) -> EventSpec:
        """Open another page of the log."""
        wanted = page if isinstance(page, int) else 1
        target = min(max(1, wanted), self.pages)
        return rx.redirect(replace(self._filters(), page=target, event=0).address())

    @guarded(Permission.AUDIT_READ)
    async def show_fresh(self) -> None:
        """Read the newest entries."""
        filters = replace(self._filters(), page=1)
        wanted = filters.wanted(now=runtime.current().clock())
        shown, _ = await _part(filters, wanted, await actor_of(self), self._size)
        assign(self, shown)

    @guarded(Permission.AUDIT_VERIFY, background=True)
    async def verify(self) -> None:
        """Walk along the whole chain and tell what was found."""
        async with self:
            self.is_verifying, self.verify_problem = True, Problem()
        try:
            found = await runtime.current().audit_trail.verify(actor=await actor_of(self))
        except PortalError as error:
            values: dict[str, object] = {"verify_problem": Problem.from_error(error)}
        else:
            values = {
                "verified_at": iso(found.at),
                "is_valid": found.is_valid,
                "verdict": f"Untouched: all {count(found.checked)} entries are as they were written"
                if found.is_valid
                else f"Changed: entry #{count(found.first_bad_seq or 0)} is not as it was written",
            }
        async with self:
            assign(self, values | {"is_verifying": False})

    def _filters(self) -> AuditFilters:
        return AuditFilters.from_query(self.router.url.query_parameters)


async def _part(
    filters: AuditFilters, wanted: AuditFilter, actor: Actor, size: int
) -> tuple[dict[str, object], int]:
    """One page of the log, and the number of the newest entry there is."""
    trail = runtime.current().audit_trail
    found = await trail.find(wanted, actor=actor, limit=size, offset=(filters.page - 1) * size)
    # The first page begins with the newest of all.
    newest = found if filters.page == 1 else await trail.find(wanted, actor=actor, limit=1)
    opened = next((event for event in found.items if event.seq == filters.event), None)
    values: dict[str, object] = {
        "rows": [AuditLine.of(event, filters) for event in found.items],
        "detail": AuditDetail.of(opened) if opened else AuditDetail(),
        "changed": changes_of(opened) if opened else [],
        "total": found.total,
        "pages": max(1, -(-found.total // size)),
        "counted": f"{count(found.total)} entries",
        "fresh": 0,
        "may_verify": may_anywhere(actor, Permission.AUDIT_VERIFY),
    }
    return values, newest.items[0].seq if newest.items else 0
