"""A served portal, a browser, and visits to the one with the other."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from nsaas_app.identity.roles import Identity
from tests.support.browser import Visit, running_browser, visiting
from tests.support.controlplane import ControlPlane
from tests.support.served import ServedPortal, served_portal

Visiting = Callable[..., Visit]


@pytest.fixture(scope="session")
def served(
    tmp_path_factory: pytest.TempPathFactory, controlplane: ControlPlane
) -> Iterator[ServedPortal]:
    """A portal for all tests that do not hurt it."""
    with served_portal(tmp_path_factory.mktemp("served"), controlplane) as portal:
        yield portal
    portal.ensure_log_is_clean()


@pytest.fixture
def of_nobody_else(served: ServedPortal) -> Iterator[str]:
    """An identity whose preferences are as usual again afterwards."""
    identity = "frontend-viewer"
    yield identity
    with served.client(identity) as client:
        client.put("/me/preferences", json={}).raise_for_status()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module: while it runs, this thread can have no other event loop."""
    with running_browser() as running:
        yield running


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Visiting]:
    """Open a browser of one's own: `visit("frontend-dev")`. Each is clean at the end."""
    with ExitStack() as stack:

        def open_one(
            identity: str | Identity | None, *, portal: ServedPortal | None = None, **options: Any
        ) -> Visit:
            there = portal or request.getfixturevalue("served")
            return stack.enter_context(visiting(browser, there, identity, **options))

        yield open_one
