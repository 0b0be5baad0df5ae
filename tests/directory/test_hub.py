"""The hub: whoever waits for a topic wakes when it moves, never for another, never too late."""

import asyncio

import pytest

from nsaas_app.directory.hub import Hub, namespace_topic, request_topic

MOMENT_S, LONG_S = 0.05, 30.0


async def test_a_waiter_wakes_when_one_of_its_topics_moves() -> None:
    hub = Hub()
    seen = hub.versions(["a", "b"])
    waiting = asyncio.create_task(hub.wait_newer(seen, timeout_s=LONG_S))
    await asyncio.sleep(0)
    hub.publish("b")
    assert await waiting == {"a": 0, "b": 1}


async def test_a_waiter_sleeps_through_other_topics() -> None:
    hub = Hub()
    waiting = asyncio.create_task(hub.wait_newer({"a": 0}, timeout_s=MOMENT_S))
    await asyncio.sleep(0)
    hub.publish("b", "c")
    await asyncio.sleep(0)
    assert not waiting.done()
    assert await waiting == {"a": 0}


async def test_what_moved_between_looking_and_waiting_is_not_missed() -> None:
    hub = Hub()
    seen = hub.versions(["a"])
    hub.publish("a")
    assert await asyncio.wait_for(hub.wait_newer(seen, timeout_s=LONG_S), 20) == {"a": 1}


async def test_no_wake_is_lost_between_many_publishers_and_waiters() -> None:
    hub, last = Hub(), 300

    async def follow() -> int:
        seen, turns = hub.versions(["a"]), 0
        while seen["a"] < last:
            seen = await hub.wait_newer(seen, timeout_s=LONG_S)
            turns += 1
        return turns

    async def publish() -> int:
        for _ in range(last):
            hub.publish("a")
            await asyncio.sleep(0)
        return last

    async with asyncio.timeout(LONG_S):
        turns = await asyncio.gather(*(follow() for _ in range(5)), publish())
    assert min(turns) > last / 4
    assert (hub.waiting("a"), hub.waiting("b")) == (0, 0)


async def test_everybody_who_waits_wakes() -> None:
    hub = Hub()
    waiting = [asyncio.create_task(hub.wait_newer({"a": 0}, timeout_s=LONG_S)) for _ in range(50)]
    await asyncio.sleep(0)
    assert hub.waiting("a") == 50
    hub.publish("a")
    assert await asyncio.gather(*waiting) == [{"a": 1}] * 50
    assert (hub.waiting("a"), hub.waiting("b")) == (0, 0)


async def test_a_wait_that_is_over_leaves_nobody_behind() -> None:
    hub = Hub()
    assert await hub.wait_newer({"a": 0, "b": 0}, timeout_s=MOMENT_S) == {"a": 0, "b": 0}
    assert (hub.waiting("a"), hub.waiting("b")) == (0, 0)


async def test_a_page_that_goes_away_leaves_nobody_behind() -> None:
    hub = Hub()
    waiting = asyncio.create_task(hub.wait_newer({"a": 0, "b": 0}, timeout_s=LONG_S))
    staying = asyncio.create_task(hub.wait_newer({"a": 0}, timeout_s=LONG_S))
    await asyncio.sleep(0)
    assert (hub.waiting("a"), hub.waiting("b")) == (2, 1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (hub.waiting("a"), hub.waiting("b")) == (1, 0)
    hub.publish("a")
    assert await staying == {"a": 1}


async def test_publishing_never_waits_for_anybody() -> None:
    hub = Hub()
    hub.publish("a", "a", "b")
    assert hub.versions(["a", "b", "c"]) == {"a": 2, "b": 1, "c": 0}


def test_topics_of_different_things_differ() -> None:
    assert namespace_topic("x") != request_topic("x") != namespace_topic("y")
