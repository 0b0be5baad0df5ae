"""The list and single namespaces in Chromium: times as a person sees them, bytes as they travel."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from playwright.sync_api import Page, WebSocket

from tests.support.browser import running_browser

from .fleet import TEAMS
from .kit import Series
from .pages import TEAM
from .portal import Place

__all__ = ["Firsts", "in_browser"]

ROUNDS: Final = 10
"""How often each page is opened."""
SETTLED_S: Final = 3.0
READ_S: Final = 0.5
"""Nobody types in the moment in which the rows appear."""
_PAINTED: Final = '[data-testid^="namespace-row-"]'
_QUOTA: Final = '[data-testid="quota-pods"]'
_FIRST_ROW: Final = """() => new Promise(done => {
  const look = () => {
    if (document.querySelector('[data-testid^="namespace-row-"]'))
      requestAnimationFrame(() => done(performance.now()));
    else requestAnimationFrame(look);
  };
  look();
})"""


def _painted(page: Page, url: str) -> float:
    """Load the list anew; milliseconds from the start of the navigation to its first rows."""
    page.goto(url, wait_until="commit")
    return float(page.evaluate(_FIRST_ROW))


def _timed(act: Callable[[], object], shown: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    shown()
    return (time.perf_counter() - started) * 1000


@dataclass
class _Frames:
    """What goes over the page's connection, with when."""

    sent: list[tuple[float, str]] = field(default_factory=list)
    received: list[tuple[float, str]] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Note what is sent and received from now on."""

        def note(to: list[tuple[float, str]], payload: str | bytes) -> None:
            text = payload if isinstance(payload, str) else payload.decode(errors="replace")
            to.append((time.perf_counter(), text))

        def connected(connection: WebSocket) -> None:
            connection.on("framesent", partial(note, self.sent))
            connection.on("framereceived", partial(note, self.received))

        page.on("websocket", connected)

    def last_search(self) -> float:
        """When the page asked for what was typed: the pause it makes before is over."""
        return max(at for at, text in self.sent if ".search" in text)


@dataclass(frozen=True, slots=True)
class Firsts:
    """The namespace that stands first in the list, by how it is asked for."""

    ascending: str
    descending: str
    production: str
    """Of those of production alone."""


def _row(name: str) -> str:
    return f'[data-testid="namespace-row-{name}"]'


def _filtered_and_sorted(page: Page, url: str, firsts: Firsts) -> tuple[list[float], list[float]]:
    """Choose a filter and turn the order round; milliseconds from each click to its rows."""
    filtered, sorted_ = [], []
    shows = page.wait_for_selector
    for _ in range(ROUNDS):
        page.goto(url)
        shows(_row(firsts.ascending))
        turn = partial(page.click, '[data-testid="sort-name"]')
        sorted_.append(_timed(turn, partial(shows, _row(firsts.descending))))
        sorted_.append(_timed(turn, partial(shows, _row(firsts.ascending))))
        page.click('[data-testid="filter-env"]')
        choice = '[data-testid="filter-env-production"]'
        page.click(choice, trial=True)  # nobody clicks at what still moves into its place
        chosen = partial(shows, f"tbody tr:first-child{_row(firsts.production)}")
        filtered.append(_timed(partial(page.click, choice), chosen))
    return filtered, sorted_


def in_browser(
    place: Place, names: list[str], shown: str, firsts: Firsts
) -> tuple[list[Series], int]:
    """Open, search, filter, sort and look at single namespaces in Chromium.

    Args:
        place: whose portal.
        names: what is searched for.
        shown: a namespace on the first page of its team's list.
        firsts: what stands first.

    Returns:
        The times, and the bytes of an update that shows a change of one row.
    """
    url, box = f"{place.portal.url}/namespaces", "[data-testid=filter-q]"
    paints, answers, asked, details = [], [], [], []
    frames = _Frames()
    with running_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        for name, value in place.portal.cookie("admin").items():
            context.add_cookies([{"name": name, "value": value, "url": place.portal.url}])
        page = context.new_page()
        frames.listen(page)
        page.goto(url)
        page.wait_for_selector(_PAINTED)
        paints = [_painted(page, url) for _ in range(ROUNDS)]
        for wanted in names[:ROUNDS]:
            page.goto(url)
            page.wait_for_selector(_PAINTED)
            page.wait_for_timeout(1000 * READ_S)
            row, link = (f'[data-testid="namespace-row-{wanted}{part}"]' for part in ("", "-link"))
            shows = page.wait_for_selector
            answers.append(_timed(partial(page.fill, box, wanted), partial(shows, row)))
            asked.append((time.perf_counter() - frames.last_search()) * 1000)
            details.append(_timed(partial(page.click, link), partial(shows, _QUOTA)))
        filtered, sorted_ = _filtered_and_sorted(page, url, firsts)
        size = _size_of_update(place, page, frames, shown)
        context.close()
    return [
        Series("list: first rows painted", tuple(paints)),
        Series("search in the browser: to its row", tuple(answers)),
        Series("... without the pause after the last key", tuple(asked)),
        Series("filter in the browser: click to its rows", tuple(filtered)),
        Series("sort in the browser: click to its rows", tuple(sorted_)),
        Series("namespace page: click to its quota", tuple(details)),
    ], size


def _size_of_update(place: Place, page: Page, frames: _Frames, name: str) -> int:
    """Change one row of a whole page of rows; bytes of the message that shows it."""
    page.goto(f"{place.portal.url}/namespaces?team={TEAMS[TEAM].name}")
    row = f'[data-testid="namespace-row-{name}-pods"]'
    page.wait_for_selector(row)
    page.wait_for_timeout(1000 * SETTLED_S)
    frames.received.clear()

    async def write() -> None:
        cluster = await place.administrator()
        try:
            patch = {"status": {"used": {"pods": "77777"}}}
            await cluster.merge("ResourceQuota", "nsaas-quota", patch, name, part="status")
        finally:
            await cluster.close()

    place.run(write())
    page.wait_for_selector(f'{row}[data-value="77777"]')
    return max(len(text.encode()) for _, text in frames.received if "77777" in text)
