"""The push loop: news at once, two updates a second at most, nothing equal, an end."""

import asyncio
import functools
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nsaas_app import runtime
from nsaas_app.directory.hub import FRESHNESS, NAMESPACES, SESSIONS, tab_topic
from nsaas_app.domain.actors import Actor
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import ForbiddenError, NotFoundError, PortalError, UnavailableError
from nsaas_app.domain.names import NamespaceName, TeamName
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.tiers import Tier
from nsaas_app.ui.glance import HIDDEN_S, Glance, until_seen
from nsaas_app.ui.live import _read
from nsaas_app.ui.namespaces.state import NamespacesState
from nsaas_app.ui.overview.state import OverviewState
from nsaas_app.ui.problems import Problem
from nsaas_app.ui.requests.state import RequestsState
from nsaas_app.ui.shell.state import Shell
from nsaas_app.ui.tab_loops import open_loops
from nsaas_app.ui.teams.state import TeamsState
from nsaas_app.ui.turns import QUIET_S, TURN_S
from tests.support.actors import actor
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages, Tab

TRIES = 3
MANY = 50


def record(name: str, *, team: str = "frontend", tier: Tier = Tier.SMALL) -> ManagedNamespace:
    """A record as the store would give it."""
    spec = NamespaceSpec(
        name=NamespaceName(name),
        team=TeamName(team),
        environment=Environment.DEVELOPMENT,
        tier=tier,
        network=NetworkSpec(NetworkPreset.TEAM_SHARED, Egress.INTERNET_HTTPS),
        owner="frontend-dev",
        cluster="local",
        access=(),
    )
    return ManagedNamespace(
        name=spec.name,
        team=spec.team,
        cluster="local",
        intent=Intent.ACTIVE,
        spec=spec,
        request_id="req-test",
        created_at=datetime.now(UTC),
    )


async def _settled(tab: Tab) -> None:
    """Wait until the first updates of a page have all come."""
    seen = -1
    while seen != tab.updates:
        seen = tab.updates
        await asyncio.sleep(TURN_S)


def _is_loaded(tab: Tab) -> bool:
    return bool(tab.of(NamespacesState).get("is_loaded"))


def _put(fresh: ManagedNamespace, portal: runtime.Runtime) -> None:
    portal.directory.put_record(fresh)


async def test_a_change_reaches_the_page_within_a_moment(pages: Pages, open_tab: OpenTab) -> None:
    tab = await open_tab("/namespaces?q=live-one")
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")
    took: list[float] = []
    # Woken by the news: without it the page would look again only after its quiet time, each time.
    while len(took) < TRIES and min(took, default=QUIET_S) >= QUIET_S / 2:
        await asyncio.sleep(TURN_S * 2)
        number, started = len(took) + 1, time.monotonic()
        pages.do(functools.partial(_put, record(f"live-one-{number}")))
        await tab.until(lambda: tab.of(NamespacesState)["total"] == number, "the row arrives")  # noqa: B023
        took.append(time.monotonic() - started)
    assert min(took) < QUIET_S / 2
    assert "live-one-1" in [row["name"] for row in tab.rows(NamespacesState)]


async def test_a_storm_of_news_becomes_two_updates_a_second(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab = await open_tab("/namespaces?q=storm")
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")
    tiers = [Tier.MICRO, Tier.SMALL]
    before, began = tab.updates, time.monotonic()
    count = 0
    while time.monotonic() - began < 2 or count <= MANY:
        count += 1
        fresh = record("storm", tier=tiers[count % 2])
        pages.do(functools.partial(_put, fresh))
    turns = (time.monotonic() - began) / TURN_S + 2
    # Each turn may touch the page's state and the frame's.
    assert tab.updates - before <= 2 * turns


async def test_what_is_equal_is_not_sent_again(pages: Pages, open_tab: OpenTab) -> None:
    tab = await open_tab("/namespaces?q=nothing-at-all")
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")
    await _settled(tab)
    before = tab.updates
    for _ in range(3):
        pages.do(lambda portal: portal.directory.hub.publish(NAMESPACES))
        await asyncio.sleep(TURN_S)
    assert tab.updates == before


async def test_the_frame_knows_how_fresh_the_picture_is(open_tab: OpenTab) -> None:
    tab = await open_tab("/")
    await tab.until(lambda: tab.of(OverviewState).get("is_loaded"), "the overview loads")
    shell = tab.of(Shell)
    assert shell["liveness"] == "stale"
    assert shell["stale_reason"] == "No cluster is configured."
    assert shell["role"] == "Platform admin"
    assert shell["is_dev"]


async def test_the_loop_ends_with_its_tab(pages: Pages, open_tab: OpenTab) -> None:
    tab = await open_tab("/")
    await tab.until(lambda: tab.of(OverviewState).get("is_loaded"), "the overview loads")
    hub = runtime.current().directory.hub
    await tab.until(lambda: hub.waiting(FRESHNESS) > 0, "the loop waits for news")
    await tab.close()
    await tab.until(lambda: hub.waiting(FRESHNESS) == 0, "the loop ends")


@pytest.mark.parametrize("is_hidden", [False, True])
async def test_a_tab_has_one_loop_and_none_once_it_is_closed_whatever_it_asked_for(
    pages: Pages,
    open_tab: OpenTab,
    is_hidden: bool,  # noqa: FBT001 - a case
) -> None:
    tab = await open_tab("/")
    await tab.until(lambda: tab.of(OverviewState).get("is_loaded"), "the overview loads")
    hub = runtime.current().directory.hub
    # Not by opening a page: these are nobody's but the tab's own.
    for state in (NamespacesState, TeamsState, OverviewState, NamespacesState, RequestsState):
        await tab.call(state, "watch")
    await tab.go("/namespaces?q=last")
    await tab.call(TeamsState, "watch")
    await tab.until(lambda: tab.of(TeamsState).get("is_loaded"), "what it asked for last loads")
    await tab.until(lambda: open_loops(tab.token) == 1, "one loop is left")
    if is_hidden:
        await tab.call(Glance, "turn", is_hidden=True)
        await tab.until(lambda: hub.waiting(FRESHNESS) == 0, "it rests")
    await tab.close()
    closed_at = time.monotonic()
    await tab.until(lambda: open_loops(tab.token) == 0, "no loop is left")
    assert time.monotonic() - closed_at < HIDDEN_S / 2, (
        "it is told, and does not find out by itself"
    )
    waiting = [f"tab:{tab.token}", tab_topic(tab.token), FRESHNESS]
    await tab.until(lambda: not any(map(hub.waiting, waiting)), "nothing of it waits")
    await tab.until(lambda: not any(map(hub.is_known, waiting[:2])), "nothing of it is kept")


async def test_one_loop_stays_when_the_page_changes(pages: Pages, open_tab: OpenTab) -> None:
    tab = await open_tab("/")
    await tab.until(lambda: tab.of(OverviewState).get("is_loaded"), "the overview loads")
    await tab.go("/namespaces?q=another")
    await tab.until(lambda: tab.of(NamespacesState).get("q") == "another", "the list loads")
    hub = runtime.current().directory.hub
    await tab.until(lambda: hub.waiting(FRESHNESS) == 1, "one loop waits")


async def test_a_team_never_sees_anothers_rows(pages: Pages, open_tab: OpenTab) -> None:
    pages.do(lambda portal: portal.directory.put_record(record("ours-dev")))
    theirs = replace(record("theirs-dev", team="payments"))
    pages.do(lambda portal: portal.directory.put_record(theirs))
    tab = await open_tab("/namespaces", "payments-dev")
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")
    assert [row["name"] for row in tab.rows(NamespacesState)] == ["theirs-dev"]
    assert "ours-dev" not in str(tab.vars)


async def test_a_tab_in_the_background_is_sent_nothing_and_catches_up_when_it_is_looked_at(
    pages: Pages, open_tab: OpenTab
) -> None:
    hidden, shown = [await open_tab("/namespaces?q=glance") for _ in range(2)]
    for tab in (hidden, shown):
        await tab.until(functools.partial(_is_loaded, tab), "the list loads")
    hub = runtime.current().directory.hub
    await hidden.call(Glance, "turn", is_hidden=True)
    topic = f"tab:{hidden.token}"
    await hidden.until(lambda: hub.waiting(topic) == 1, "the loop of the hidden tab rests")
    await _settled(hidden)
    before = hidden.updates

    pages.do(lambda portal: portal.directory.put_record(record("glance-dev")))
    await shown.until(lambda: shown.of(NamespacesState)["total"] == 1, "the other one is told")
    assert hub.waiting(topic) == 1
    assert hidden.updates == before

    await hidden.call(Glance, "turn", is_hidden=False)
    await hidden.until(lambda: hidden.of(NamespacesState)["total"] == 1, "it catches up")
    assert hub.waiting(topic) == 0


async def test_a_tab_in_the_background_is_signed_out_with_its_session(
    pages: Pages, open_tab: OpenTab
) -> None:
    cookie = pages.sign_in("admin")
    tab = await open_tab("/namespaces", cookie=cookie)
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")
    await tab.call(Glance, "turn", is_hidden=True)
    hub = runtime.current().directory.hub
    await tab.until(lambda: hub.waiting(f"tab:{tab.token}") == 1, "its loop rests")
    pages.sign_out(cookie)
    await tab.until(lambda: tab.of(Shell)["is_signed_out"], "it is signed out")


async def test_a_session_that_ended_before_the_tab_rests_is_noticed(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab = await open_tab("/namespaces")
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")
    await tab.call(Glance, "turn", is_hidden=True)
    hub = runtime.current().directory.hub
    await tab.until(lambda: hub.waiting(f"tab:{tab.token}") == 1, "its loop rests")

    async def rest() -> None:
        seen = hub.versions((FRESHNESS, SESSIONS))
        hub.publish(SESSIONS)
        async with asyncio.timeout(30):
            await until_seen(tab.token, seen)

    pages.run(rest())


async def test_a_change_of_one_value_sends_the_vars_that_show_it_and_no_other(
    pages: Pages, open_tab: OpenTab
) -> None:
    pages.do(lambda portal: portal.directory.put_record(record("one-value")))
    tab = await open_tab("/namespaces?q=one-value")
    await tab.until(lambda: tab.of(NamespacesState).get("total") == 1, "the list loads")
    hub = runtime.current().directory.hub
    await tab.until(lambda: hub.waiting(FRESHNESS) > 0, "the loop waits for news")
    tab.vars.clear()
    ends = datetime.now(UTC) + timedelta(days=90)
    ending = replace(record("one-value"), spec=replace(record("one-value").spec, expires_at=ends))
    pages.do(functools.partial(_put, ending))
    await tab.until(lambda: tab.of(NamespacesState).get("rows_0"), "the row is sent")
    # The picture's age may fall due at the same time.
    sent = {(state.rsplit(".", 1)[-1], name) for state, own in tab.vars.items() for name in own}
    own = NamespacesState.get_name()
    assert {name for state, name in sent if state == own} == {"rows_0"}
    assert {name for state, name in sent if state != own} <= {"as_of"}


async def test_a_change_of_one_row_of_twenty_sends_little(pages: Pages, open_tab: OpenTab) -> None:
    names = [f"of-twenty-{number:02}" for number in range(20)]
    for name in names:
        pages.do(functools.partial(_put, record(name)))
    tab = await open_tab("/namespaces?q=of-twenty-")
    await tab.until(lambda: len(tab.rows(NamespacesState)) == len(names), "the list loads")
    tab.vars.clear()
    pages.do(functools.partial(_put, record("of-twenty-07", tier=Tier.MICRO)))
    await tab.until(lambda: tab.of(NamespacesState).get("rows_7"), "the row is sent")
    assert tab.of(NamespacesState)["rows_7"]["tier"] == "micro"
    # The counts of the filters go along: a tier has one more, another one less.
    assert len(json.dumps(tab.vars, separators=(",", ":"))) < 1_500
    assert len(json.dumps(tab.of(NamespacesState)["rows_7"])) < 600


async def test_whoever_closes_tabs_leaves_no_task_behind(pages: Pages, open_tab: OpenTab) -> None:
    async def tasks() -> int:
        # The socket library's pings end with their interval of 25 s: those are not waited for.
        return sum("_send_ping" not in str(task.get_coro()) for task in asyncio.all_tasks())

    first = await open_tab("/namespaces")
    await first.until(lambda: first.of(NamespacesState).get("is_loaded"), "the list loads")
    before = pages.run(tasks())
    others = [await open_tab(path) for path in ("/", "/namespaces", "/requests", "/teams")]
    hub = runtime.current().directory.hub
    await first.until(lambda: hub.waiting(FRESHNESS) == 1 + len(others), "five loops wait")
    assert pages.run(tasks()) > before
    for tab in others:
        await tab.close()
    await first.until(lambda: pages.run(tasks()) <= before, "their tasks end")


@pytest.mark.parametrize(
    ("error", "is_known"),
    [
        (ForbiddenError("Your role does not include this."), False),
        (NotFoundError("team", "frontend"), False),
        (UnavailableError("The database does not answer.", code="STORE_DOWN"), True),
    ],
)
async def test_what_one_may_no_longer_see_does_not_stay_below_the_error(
    error: PortalError,
    is_known: bool,  # noqa: FBT001 - a case
) -> None:
    page = NamespacesState()
    page.is_known, page.problem = True, Problem(message=error.message)

    async def read(_actor: Actor) -> dict[str, object]:
        raise error

    values = await _read(page, read, actor("frontend-dev"))
    assert values.get("is_known", page.is_known) is is_known
    assert isinstance(values["problem"], Problem)
    assert values["problem"].message == error.message
