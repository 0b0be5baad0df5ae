"""The pages under test: one running application a module, tabs that end with their test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from tests.ui.tabs import Pages, Tab, serving_pages

OpenTab = Callable[..., Awaitable[Tab]]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with serving_pages(tmp_path_factory.mktemp("pages")) as serving:
        yield serving


@pytest.fixture
async def open_tab(pages: Pages) -> AsyncIterator[OpenTab]:
    """Open a path as an identity, or with the cookie of a browser that is there already."""
    tabs: list[Tab] = []

    async def open_one(
        path: str, identity: str = "admin", *, cookie: str = "", token: str = ""
    ) -> Tab:
        tab = Tab(pages, cookie or pages.sign_in(identity))
        if token:
            tab.token = token
        tabs.append(tab)
        return await tab.open(path)

    yield open_one
    for tab in tabs:
        await tab.close()
