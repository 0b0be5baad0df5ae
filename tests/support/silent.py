"""What every page must keep to while the cluster is silent."""

from collections.abc import Mapping
from typing import Final

from playwright.sync_api import TimeoutError as TooLateError

from tests.support.browser import Visit

__all__ = ["SHOWN", "ensure_honest"]

SHOWN: Final = {
    "/": "metric-total-namespaces",
    "/namespaces": "namespace-row-{name}",
    "/namespaces/{name}": "namespace-health",
    "/new": "wizard-step-basics",
    "/requests": "request-row-{request_id}",
    "/requests/{request_id}": "request-status",
    "/approvals": "approvals-list",
    "/teams": "team-row-frontend",
    "/teams/frontend": "team-budget-cpu",
    "/catalog": "tiers-table",
    "/insights": "answer",
    "/exports": "exports-card",
    "/inbox": "inbox-card",
    "/audit": "audit-card",
    "/cleanup": "cleanup-card",
    "/status": "kinds-table",
    "/settings": "page-title",
    "/no-such-page": "not-found",
}
"""Each page, and what it goes on to show: what was last known, not an error and not nothing."""


def ensure_honest(page: Visit, things: Mapping[str, str]) -> None:
    """Open every page: each says what is old, since when, and what becomes of what is asked."""
    wrong = []
    for path, shown in SHOWN.items():
        page.goto(path.format(**things))
        page.by_id(shown.format(**things)).first.wait_for()
        banner = page.by_id("stale-banner")
        banner.wait_for()
        words = banner.inner_text()
        said = ("has not answered since", "kinds of objects: as of", "starts when the cluster")
        wrong += [f"{path} does not say {text!r}: {words}" for text in said if text not in words]
        if not page.by_id("stale-since").get_attribute("data-value"):
            wrong.append(f"{path} does not say since when")
        if page.by_id("error-card").count():
            wrong.append(f"{path} shows an error: {page.by_id('error-message').first.inner_text()}")
        # What is read apart from the rest comes a moment later.
        try:
            page.by_id("loading").first.wait_for(state="detached")
        except TooLateError:
            wrong.append(f"{path} goes on loading")
    assert wrong == [], "\n".join(wrong)
