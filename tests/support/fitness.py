"""What a page owes everybody in the state it is in now, in both themes."""

from playwright.sync_api import Page

from tests.support.accessibility import findings
from tests.support.inspecting import bare_words, unmarked, untimed

__all__ = ["ensure_fit", "unfit"]


def unfit(page: Page) -> list[str]:
    """Everything that is wrong with what is shown; the page is light before and after."""
    found = [f"no test id: {line}" for line in unmarked(page)]
    found += [f"a moment without its machine value: {line}" for line in untimed(page)]
    found += [f"not our words: {line}" for line in bare_words(page)]
    found += [f"light: {line}" for line in findings(page)]
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("html.dark")
    found += [f"dark: {line}" for line in findings(page, of_colours=True)]
    page.emulate_media(color_scheme="light")
    page.wait_for_selector("html.light")
    return found


def ensure_fit(page: Page) -> None:
    """Fail when something is wrong with what is shown."""
    assert (found := unfit(page)) == [], "\n".join(found)
