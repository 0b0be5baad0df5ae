"""Rate limits: a burst is free, a loop is told how long to wait, nobody pays for another."""

import asyncio
import time

import pytest

from nsaas_app.identity.limits import MAX_BUCKETS, RateLimits


def test_a_burst_is_free_and_what_follows_has_to_wait() -> None:
    limits = RateLimits(burst=5, per_second=0.5)
    assert [limits.take("ada") for _ in range(5)] == [0.0] * 5
    assert 1.5 < limits.take("ada") <= 2.0


def test_being_refused_costs_nothing_more() -> None:
    limits = RateLimits(burst=1, per_second=0.5)
    limits.take("ada")
    waits = [limits.take("ada") for _ in range(50)]
    assert all(0 < wait <= 2.0 for wait in waits)


def test_each_actor_has_a_bucket_of_their_own() -> None:
    limits = RateLimits(burst=1, per_second=0.5)
    assert limits.take("ada") == 0
    assert limits.take("ada") > 0
    assert limits.take("bob") == 0


async def test_waiting_as_told_is_enough() -> None:
    limits = RateLimits(burst=2, per_second=20)
    limits.take("ada")
    limits.take("ada")
    wait = limits.take("ada")
    assert 0 < wait <= 0.05
    await asyncio.sleep(wait + 0.01)
    assert limits.take("ada") == 0


async def test_a_bucket_fills_up_to_the_burst_and_no_higher() -> None:
    limits = RateLimits(burst=3, per_second=100)
    for _ in range(3):
        limits.take("ada")
    await asyncio.sleep(0.2)
    began, taken = time.monotonic(), 0
    while limits.take("ada") == 0:
        taken += 1
    # What came in while they were taken is on top.
    assert 3 <= taken <= 4 + 100 * (time.monotonic() - began)


@pytest.mark.parametrize("per_second", [0.001, 0.01])
def test_nobody_is_told_to_wait_longer_than_half_a_minute(per_second: float) -> None:
    limits = RateLimits(burst=1, per_second=per_second)
    limits.take("ada")
    assert limits.take("ada") == 30


async def test_buckets_of_the_quiet_are_forgotten_and_those_in_use_are_kept() -> None:
    limits = RateLimits(burst=2, per_second=1000)
    for n in range(MAX_BUCKETS):
        limits.take(f"actor-{n}")
    await asyncio.sleep(0.01)
    limits.take("one more")
    assert len(limits._buckets) < MAX_BUCKETS / 2

    busy = RateLimits(burst=1, per_second=0.001)
    for n in range(MAX_BUCKETS + 5):
        busy.take(f"actor-{n}")
    assert busy.take("actor-0") > 0
