"""State of the list: the visible page of rows, and the filters the address asks for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import NAMESPACES, REQUESTS
from ...directory.query import RowPage
from ...domain.actors import Actor
from ...domain.requests import RequestKind
from ...identity.permissions import Permission
from ..awaiting import awaiting_names
from ..figures import duration
from ..guard import actor_of, guarded
from ..holding import HeldList
from ..live import LivePage, assign, follow
from ..namespace_views import NamespaceLine
from ..paging import Paged, page_in
from ..places import Places
from ..preferring import learn_preferences
from ..remembered import Remembered
from ..routes import dropped_words
from ..typed import TypedText
from .filters import FACETS, PATH, SIZES, Filters
from .transform import Chip, Facet, chips_of, list_vars, merged

__all__ = ["BULK", "PLAN", "ROWS", "NamespacesState"]

BULK: Final = "bulk"
PLAN: Final = "plan"
"""The dialogs over the list; an abandoned one does not come back with the other."""
ROWS: Final = Places("rows", NamespaceLine, most=max(SIZES), key=lambda line: line.uid)
"""The rows of the visible page."""


@ROWS.declared
class NamespacesState(Paged, TypedText, HeldList, LivePage, rx.State):
    """Vars of the list. Only the visible page of rows crosses the wire."""

    chips: list[Chip] = []
    # The filters with their counts, each apart: most changes move those of one alone.
    facet_team: Facet = Facet("team", FACETS["team"])
    facet_env: Facet = Facet("env", FACETS["env"])
    facet_tier: Facet = Facet("tier", FACETS["tier"])
    facet_state: Facet = Facet("state", FACETS["state"])
    facet_health: Facet = Facet("health", FACETS["health"])
    q: str = ""
    sort: str = "name"
    is_descending: bool = False
    is_narrowed: bool = False
    dropped: str = ""
    csv_href: str = ""
    yaml_href: str = ""
    all: int = 0
    matching: str = ""
    """How many match of how many there are, in words."""
    total_text: str = ""
    names: list[str] = []
    """Of the rows that are shown and still there."""
    selected: list[str] = []
    is_page_selected: bool = False
    whose: str = ""
    """The one team somebody is in; empty for who sees several or all."""
    usual: str = ""
    """How long it takes until one is ready, from what was; empty where nothing was yet."""
    asked: str = ""
    """Which dialog about rows is open: they wait below it. Another visit begins without."""
    _address: str = ""
    """What is shown was asked for by this one."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and keep it current."""
        asked = self.router.url.query_parameters
        await learn_preferences(self)
        async with self:
            filters = Filters.from_query(asked, usual=self._size)
            self._let_go()
            self.asked = ""
            assign(self, _address_vars(filters))
            self._note_text(filters.q)

        query, address = filters.row_query(), filters.address()

        async def read(actor: Actor) -> Mapping[str, object]:
            found = runtime.current().directory.find(query, actor=actor)
            awaiting = _awaiting_of(found)
            # One address is another page to who prefers longer ones.
            listed = _PAGES.of(
                f"{address} {filters.size} {' '.join(awaiting)}",
                found,
                lambda page: {**list_vars(page, filters, awaiting), "address": address},
            )
            return listed if found.all else {**listed, **_first_words(actor)}

        await follow(self, topics=(NAMESPACES, REQUESTS), read=read)

    @guarded(Permission.NAMESPACE_READ)
    async def search(self, text: str) -> EventSpec | None:
        """Filter by text while it is typed; the history keeps one entry."""
        if self.router.url.path.rstrip("/") != PATH:
            # The last key was still waited for when the page was left.
            return None
        filters = replace(self._filters(), q=str(text)[:100].strip(), page=1)
        self._note_typed(filters.q)
        return await self._open(filters, is_step=False)

    @guarded(Permission.NAMESPACE_READ)
    async def toggle(self, name: str, value: str) -> EventSpec:
        """Add or remove one value of a filter."""
        return await self._open(self._filters().toggled(str(name), str(value)))

    @guarded(Permission.NAMESPACE_READ)
    async def clear(self) -> list[EventSpec]:
        """Drop every filter."""
        self._note_typed("")
        return [rx.set_value("filter_q", ""), await self._open(self._filters().cleared())]

    @guarded(Permission.NAMESPACE_READ)
    async def sort_by(self, column: str) -> EventSpec:
        """Sort by a column, or turn its order round."""
        return await self._open(self._filters().sorted_by(str(column)), is_step=False)

    @guarded(Permission.NAMESPACE_READ)
    async def go_to(self, page: int) -> EventSpec:
        """Open another page of the list."""
        return await self._open(replace(self._filters(), page=page_in(page, self.pages)))

    @guarded(Permission.NAMESPACE_READ)
    async def resize(self, size: str) -> EventSpec:
        """Show more or fewer rows on a page."""
        query = {**self.router.url.query_parameters, "size": str(size), "page": "1"}
        return await self._open(Filters.from_query(query, usual=self._size))

    async def _open(self, filters: Filters, *, is_step: bool = True) -> EventSpec:
        """Show what an address asks for and lead there: the rows need not wait for the way.

        Args:
            filters: what the address asks for.
            is_step: whether the browser's way back leads to what is shown now.
        """
        assign(self, _address_vars(filters))
        await self._show(filters)
        return rx.redirect(filters.address(), replace=not is_step)

    def _is_held(self) -> bool:
        # What is selected must not move away from under the pointer.
        return bool(self.selected) or bool(self.asked) or super()._is_held()

    async def _catch_up(self) -> None:
        await self._show(self._filters())

    async def _show(self, filters: Filters) -> None:
        found = runtime.current().directory.find(filters.row_query(), actor=await actor_of(self))
        self._show_rows(list_vars(found, filters, _awaiting_of(found)), is_held=False)

    def _take_in(self, values: Mapping[str, object], actor: Actor) -> None:  # noqa: ARG002 - the loop's
        # A state that was forgotten meanwhile knows of no address.
        if self._address and values.get("address", self._address) != self._address:
            # What was asked for before: the loop of the new address is about to begin.
            return
        self._fill_box()
        is_held, is_first = self._is_held(), self._is_first()
        self._show_rows(values, is_held=is_held and not is_first)

    def _show_rows(self, values: Mapping[str, object], *, is_held: bool) -> None:
        around = {name: value for name, value in values.items() if name != "address"}
        if "rows" in around:
            rows, waiting = cast("list[NamespaceLine]", around["rows"]), 0
            if is_held:
                portal = runtime.current()
                rows, waiting = merged(
                    ROWS.lines(self),
                    rows,
                    is_there=lambda name: portal.directory.find_row(name) is not None,
                    now=portal.clock(),
                )
            around |= {"rows": rows, "waiting": waiting}
            names = [line.name for line in rows if not line.is_gone]
            around["names"] = names
            around["is_page_selected"] = bool(names) and set(names) <= set(self.selected)
        self._put(around)

    def _filters(self) -> Filters:
        return Filters.from_query(self.router.url.query_parameters, usual=self._size)


def _first_words(actor: Actor) -> dict[str, object]:
    """What is told where there is no namespace yet: whose there would be, and how soon."""
    teams = sorted(str(team) for team in actor.teams)
    median = runtime.current().requests.median_duration_ms(RequestKind.PROVISION)
    return {
        "whose": teams[0] if len(teams) == 1 and not actor.sees_all_teams else "",
        "usual": "" if median is None else duration(median),
    }


def _awaiting_of(page: RowPage) -> list[str]:
    """Name those of a page whose request waits for approval, in its order."""
    awaiting = awaiting_names()
    return [row.name for row in page.items if row.name in awaiting]


def _address_vars(filters: Filters) -> dict[str, object]:
    return {
        "_address": filters.address(),
        "q": filters.q,
        "chips": chips_of(filters),
        "sort": filters.sort,
        "is_descending": filters.is_descending,
        "is_narrowed": filters.is_narrowed,
        "dropped": dropped_words(filters.dropped),
        "csv_href": filters.file_address("csv"),
        "yaml_href": filters.file_address("yaml"),
        "page": filters.page,
        "size": filters.size,
    }


_PAGES: Final = Remembered[RowPage, dict[str, object]](most=256)
"""What one page of the list shows, by address: computed once for all who look at it."""
