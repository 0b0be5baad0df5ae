"""Turns of a page's loop: the first news after quiet at once, then two a second at most."""

import asyncio
import time

from nsaas_app.directory.hub import Hub
from nsaas_app.ui.turns import TURN_S, Turns

TOPIC = "topic"
FOR_EVER_S = 3600.0
"""Whoever waits so long does not come in time, on however slow a machine."""


async def test_the_first_news_after_a_quiet_look_are_shown_at_once_and_the_next_a_turn_later() -> (
    None
):
    hub = Hub()
    turns = Turns(hub, [TOPIC], turn_s=0, quiet_s=0.01)
    await turns.wait(turns.begin())  # nothing happens: this was the quiet look

    turns.turn_s = turns.quiet_s = FOR_EVER_S
    seen = turns.begin()
    hub.publish(TOPIC)
    async with asyncio.timeout(30):
        await turns.wait(seen)

    seen, turns.turn_s = turns.begin(), 0.2
    began = time.monotonic()
    hub.publish(TOPIC)
    await turns.wait(seen)
    assert time.monotonic() - began >= 0.2


async def test_a_busy_page_looks_twice_a_second_and_misses_nothing() -> None:
    hub, looks = Hub(), 0
    turns = Turns(hub, [TOPIC], turn_s=0.05, quiet_s=30)
    began = time.monotonic()
    for _ in range(5):
        seen = turns.begin()
        looks += 1
        hub.publish(TOPIC)
        await turns.wait(seen)
    assert time.monotonic() - began >= looks * 0.05
    assert turns.begin() == {TOPIC: looks}
    assert TURN_S == 0.5


async def test_what_happens_while_a_page_looks_is_news_for_its_next_look() -> None:
    hub = Hub()
    turns = Turns(hub, [TOPIC], turn_s=0, quiet_s=FOR_EVER_S)
    seen = turns.begin()
    hub.publish(TOPIC)  # between the look and the wait
    async with asyncio.timeout(30):
        await turns.wait(seen)
    assert turns.begin() != seen
