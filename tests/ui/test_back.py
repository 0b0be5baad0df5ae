"""A page that was cut off says how much it missed, for a moment."""

import asyncio

from nsaas_app.ui.shell.state import Shell
from nsaas_app.ui.teams.state import TeamsState
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages

LONG_S = 8.5
"""Longer than a page goes without news while it is connected."""


async def test_a_page_that_comes_back_says_what_it_missed_and_soon_no_more(
    pages: Pages, open_tab: OpenTab
) -> None:
    cookie = pages.sign_in("frontend-dev")
    tab = await open_tab("/teams", cookie=cookie)
    await tab.until(lambda: tab.of(TeamsState).get("is_loaded"), "the page is there")
    assert tab.of(Shell).get("missed_s", 0) == 0
    await tab.close()
    await asyncio.sleep(LONG_S)

    back = await open_tab("/teams", cookie=cookie, token=tab.token)

    await back.until(lambda: back.of(Shell).get("missed_s", 0) >= int(LONG_S), "the gap is told")
    await back.until(lambda: back.of(Shell)["missed_s"] == 0, "it is no news any more")
