"""What axe-core, the field's checker of accessibility, finds wrong with a page."""

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["serious_findings"]

_SERIOUS: Final = ("serious", "critical")
_AXE: Final = Axe()


def serious_findings(page: Page) -> list[str]:
    """One line for each finding that keeps somebody from using the page, with its place."""
    found = _AXE.run(page).response["violations"]
    return [
        f"{finding['id']}: {' '.join(node['target'])} {node['failureSummary']}"
        for finding in found
        if finding["impact"] in _SERIOUS
        for node in finding["nodes"]
    ]
