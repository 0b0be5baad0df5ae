"""Sums over requests are kept between two changes, and are always what they would be anew."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nsaas_app.directory.feed import Feed
from nsaas_app.directory.hub import FEED, Hub
from nsaas_app.directory.requests import RequestBoard
from nsaas_app.domain.actors import Actor
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind
from tests.directory.samples import ADMIN, FRONTEND, NOBODY, PAYMENTS, Desk, member, request
from tests.support.clocks import Clock
from tests.support.specs import NOW, spec_of

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
EYES = (ADMIN, member(FRONTEND), member(PAYMENTS), member(FRONTEND, PAYMENTS), NOBODY)
WINDOWS = (timedelta(hours=1), DAY)

ended = st.builds(
    lambda request_id, kind, phase, age, took: request(
        request_id,
        team=PAYMENTS if request_id.startswith("p") else FRONTEND,
        kind=kind,
        phase=phase,
        namespace=spec_of(f"shop-{request_id[-1]}").name,
        created_at=NOW - age,
        finished_at=NOW - age + took,
    ),
    request_id=st.sampled_from(["r1", "r2", "p1", "p2"]),
    kind=st.sampled_from([RequestKind.PROVISION, RequestKind.ADOPT, RequestKind.DELETE]),
    phase=st.sampled_from([Phase.DONE, Phase.ROLLED_BACK, Phase.RUNNING]),
    # Near both edges of both windows, so that minutes matter.
    age=st.sampled_from([0 * DAY, WINDOWS[0] - MINUTE, WINDOWS[0], DAY - 2 * MINUTE, DAY]),
    took=st.sampled_from([SECOND, 5 * SECOND]),
)
steps = st.lists(ended | st.sampled_from([MINUTE, 2 * MINUTE, DAY]), max_size=10)


ASKED: tuple[Callable[[RequestBoard, Actor, timedelta], object], ...] = (
    lambda board, eyes, window: board.history(actor=eyes, window=window),
    lambda board, eyes, window: board.performance(actor=eyes, window=window),
    lambda board, eyes, window: board.performance(actor=eyes, window=window, team=PAYMENTS),
    lambda board, eyes, window: board.failing(actor=eyes, window=window),
    lambda board, eyes, window: board.came_and_went(actor=eyes, window=window),
)


def board_with(clock: Clock, requests: Iterable[ProvisioningRequest] = ()) -> RequestBoard:
    hub = Hub()
    made = RequestBoard(hub=hub, feed=Feed(hub.publish, FEED, start=100), clock=clock)
    for each in requests:
        made.put(each)
    return made


@settings(max_examples=50)
@given(steps=steps, window=st.sampled_from(WINDOWS))
def test_after_any_puts_and_minutes_sums_are_what_a_new_board_says(
    steps: list[ProvisioningRequest | timedelta], window: timedelta
) -> None:
    clock = Clock(NOW)
    kept, there = board_with(clock), dict[str, ProvisioningRequest]()
    for step in steps:
        if isinstance(step, timedelta):
            clock.now += step
        else:
            there[step.request_id] = step
            kept.put(step)
        for eyes, ask in itertools.product(EYES, ASKED):
            # Each asks a board of its own: what one sums up must not be the other's answer.
            assert ask(kept, eyes, window) == ask(board_with(clock, there.values()), eyes, window)


def test_within_a_minute_without_a_change_nothing_is_summed_up_twice() -> None:
    desk = Desk(now=NOW.replace(second=0))
    desk.board.put(request("r1"))
    first = desk.board.history(actor=member(FRONTEND))
    desk.now += 59 * SECOND
    twin = replace(member(FRONTEND), subject="bob")
    assert desk.board.history(actor=twin) is first, "whoever sees the same shares it"
    assert desk.board.failing(actor=ADMIN) is desk.board.failing(actor=ADMIN)
    desk.now += SECOND
    assert desk.board.history(actor=twin) is not first
    later = desk.board.history(actor=twin)
    desk.board.put(request("r2"))
    assert desk.board.history(actor=twin) is not later
