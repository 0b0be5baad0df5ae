"""Trends: a sample holds until the next one, and the future is told only from a long past."""

from datetime import timedelta
from decimal import Decimal

from nsaas_app.domain.trends import ENOUGH, Sample, full_on, slots_of
from tests.support.specs import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def sample(hours: float, used: str, hard: str = "10") -> Sample:
    return Sample(NOW + hours * HOUR, {"pods": (used, hard)})


def used(*samples: Sample) -> list[Decimal | None]:
    slots = slots_of(samples, "pods", since=NOW, until=NOW + 4 * HOUR, count=4)
    assert [slot.start for slot in slots] == [NOW + index * HOUR for index in range(4)]
    return [slot.used for slot in slots]


def test_a_sample_holds_until_the_next_one() -> None:
    assert used(sample(-30, "3"), sample(1.5, "5"), sample(2.5, "1")) == [3, 5, 5, 1]


def test_before_the_first_sample_nothing_is_known() -> None:
    assert used(sample(2.5, "4")) == [None, None, 4, 4]
    assert used() == [None] * 4


def test_a_short_peak_is_seen() -> None:
    assert used(sample(-1, "1"), sample(0.2, "9"), sample(0.3, "1")) == [9, 1, 1, 1]


def test_a_resource_that_is_not_bounded_is_not_known() -> None:
    slots = slots_of([sample(0, "1")], "requests.cpu", since=NOW, until=NOW + HOUR, count=1)
    assert [(slot.used, slot.hard) for slot in slots] == [(None, None)]


def test_the_day_it_is_full_follows_from_seven_days() -> None:
    past = [Sample(NOW - 8 * DAY, {"pods": ("2", "10")}), Sample(NOW - HOUR, {"pods": ("6", "10")})]
    assert full_on(past, "pods", now=NOW) == NOW + ENOUGH
    assert full_on(past[1:], "pods", now=NOW) is None, "a short past tells nothing"
    steady = [past[0], Sample(NOW - HOUR, {"pods": ("2", "10")})]
    assert full_on(steady, "pods", now=NOW) is None
    slow = [past[0], Sample(NOW - HOUR, {"pods": ("2.01", "10")})]
    assert full_on(slow, "pods", now=NOW) is None, "farther away than a year"
