"""What axe-core, the field's checker of accessibility, finds wrong with a page."""

from pathlib import Path
from typing import Any, Final

import axe_playwright_python
from playwright.sync_api import Page

__all__ = ["findings"]

_SCRIPT: Final = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
_OPTIONS: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
_COLOURS: Final = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""The rules that a change of colours can break, and no other."""
_RUN: Final = """async options => {
  const results = await axe.run(document, options);
  return results.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.target.join(' ')} ${node.failureSummary}`));
}"""


_STILL: Final = """() => Promise.all(document.getAnimations()
  .filter(one => Number.isFinite(one.effect?.getComputedTiming().endTime))
  .map(one => one.finished.catch(() => {})))"""
"""A colour that is half faded in has half its contrast."""


def findings(page: Page, *, of_colours: bool = False) -> list[str]:
    """One line for each thing that is against a rule, with its place.

    `of_colours` is for a page that was found right in other colours: the rest is as it was.
    """
    page.evaluate(_STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    found: list[Any] = page.evaluate(_RUN, _COLOURS if of_colours else _OPTIONS)
    # What lies under a bar that stays in view is reached by scrolling.
    return [str(line) for line in found if "partially obscured" not in str(line)]
