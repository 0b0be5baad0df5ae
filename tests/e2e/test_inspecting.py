"""The inspection of pages sees what it looks for: a page that breaks every rule is found out."""

import pytest
from playwright.sync_api import Browser

from tests.support.accessibility import findings
from tests.support.browser import browsing
from tests.support.inspecting import (
    bare_words,
    moving,
    needed_width,
    tab_through,
    unmarked,
    untimed,
)

pytestmark = pytest.mark.xdist_group("browser")

BAD = """<html><body>
  <style>
    @keyframes turn { to { rotate: 1turn } }
    .turns { animation: turn 1s linear infinite }
    a:focus-visible { outline: 2px solid red }
    .blind { outline: none }
  </style>
  <a class="skip" href="#main">Skip</a>
  <main><button class="blind"></button><p>Asked 3 minutes ago</p><p>Oops, your tenant is full.</p>
  <p>It took 3 mins 4 s</p>
  <div role="meter" aria-valuetext="62 %">62 %</div><div class="turns" style="width: 900px">x</div>
  <p style="color: #ddd; background: #fff">Hardly there</p>
  </main></body></html>"""


def test_a_page_that_breaks_every_rule_is_found_out(browser: Browser) -> None:
    with browsing(browser) as page:
        page.set_content(BAD)
        assert moving(page) == 1
        assert len(unmarked(page)) == 2
        assert untimed(page) == ["Asked 3 minutes ago"]
        assert len(bare_words(page)) == 3
        assert [stop["is_seen"] for stop in tab_through(page)][:2] == [True, False]
        assert needed_width(page, 390) > 390
        found = "\n".join(findings(page))
        for rule in ("button-name", "document-title", "html-has-lang", "aria-meter-name"):
            assert rule in found
        faint = "\n".join(findings(page, of_colours=True))
        assert "color-contrast: " in found
        assert "color-contrast: " in faint
        assert "button-name" not in faint
