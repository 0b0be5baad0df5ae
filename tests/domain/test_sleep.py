"""Sleep schedules: read as people write them, right also when the clocks are changed."""

from datetime import UTC, datetime, timedelta

import pytest

from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.sleep import (
    NIGHTS_AND_WEEKENDS,
    Asleep,
    Edge,
    SleepCause,
    SleepSchedule,
    SleepWindow,
)

BERLIN = "Europe/Berlin"
OFFICE = ("Mon-Fri 20:00-07:00", "Sat-Sun")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_nights_and_the_weekend_are_one_long_sleep() -> None:
    schedule = SleepSchedule.parse(BERLIN, OFFICE)
    friday_evening = at("2026-07-10T18:00")  # 20:00 in summer
    assert schedule.last_edge(friday_evening) == Edge(friday_evening, is_asleep=True)
    # Saturday 07:00 does not wake: the weekend has begun. Monday has no window before 20:00.
    assert schedule.next_edge(friday_evening) == Edge(at("2026-07-12T22:00"), is_asleep=False)


@pytest.mark.parametrize(
    ("now", "wakes"),
    [
        ("2026-03-27T20:00", "2026-03-28T06:00"),  # winter: UTC+1
        ("2026-03-28T20:00", "2026-03-29T05:00"),  # the night that loses an hour
        ("2026-10-24T20:00", "2026-10-25T06:00"),  # the night that gains one
    ],
)
def test_seven_in_the_morning_is_seven_on_the_wall(now: str, wakes: str) -> None:
    schedule = SleepSchedule.parse(BERLIN, ("daily 20:00-07:00",))
    assert schedule.next_edge(at(now)) == Edge(at(wakes), is_asleep=False)


def test_an_hour_that_does_not_exist_is_read_an_hour_later() -> None:
    schedule = SleepSchedule.parse(BERLIN, ("Sun 02:30-06:00",))
    assert schedule.next_edge(at("2026-03-28T12:00")).at == at("2026-03-29T01:30")


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    schedule = SleepSchedule.parse(BERLIN, ("Sun 02:30-06:00",))
    assert schedule.next_edge(at("2026-10-24T12:00")).at == at("2026-10-25T00:30")


def test_days_may_wrap_around_the_week_and_be_listed() -> None:
    assert SleepWindow.parse("Fri-Mon").days == {4, 5, 6, 0}
    assert SleepWindow.parse("mon,Wed 10:00-12:00").days == {0, 2}


@pytest.mark.parametrize(
    ("zone", "windows", "field"),
    [
        ("Mars/Olympus", OFFICE, "sleep.timezone"),
        ("../etc/passwd", OFFICE, "sleep.timezone"),
        ("", OFFICE, "sleep.timezone"),
        (BERLIN, (), "sleep.asleep"),
        (BERLIN, ("Mon-Fri", "Foo 10:00-11:00"), "sleep.asleep[1]"),
        (BERLIN, ("Mon 25:00-07:00",), "sleep.asleep[0]"),
        (BERLIN, ("20 * * * *",), "sleep.asleep[0]"),
        (BERLIN, ("daily",), "sleep.asleep"),
        (BERLIN, ("Sat", "idle"), "sleep.asleep[1]"),
        (BERLIN, ("idle 0h",), "sleep.asleep[0]"),
        (BERLIN, ("idle 200h",), "sleep.asleep[0]"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    zone: str, windows: tuple[str, ...], field: str
) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        SleepSchedule.parse(zone, windows)
    assert refused.value.issues[0].field == field


def test_it_may_sleep_whenever_nobody_uses_it() -> None:
    always = SleepSchedule.parse(BERLIN, ("idle 4h",))
    assert (always.windows, always.idle_after) == ((), timedelta(hours=4))
    assert not always.is_night(at("2026-01-03T03:00"))
    both = SleepSchedule.parse(BERLIN, (*OFFICE, "idle 12h"))
    assert both.windows == SleepSchedule.parse(BERLIN, OFFICE).windows
    assert both.is_night(at("2026-01-03T03:00")), "a Saturday"
    for schedule in (always, both):
        assert SleepSchedule.from_document(schedule.to_document()) == schedule


def test_what_is_stored_is_read_back() -> None:
    schedule = SleepSchedule.parse(BERLIN, OFFICE)
    assert SleepSchedule.from_document(schedule.to_document()) == schedule
    asleep = Asleep(at("2026-01-01T00:00"), SleepCause.PERSON, at("2026-01-02T00:00"))
    assert Asleep.from_document(asleep.to_document()) == asleep


def test_a_schedule_is_told_as_people_say_it() -> None:
    nights = SleepSchedule.parse("UTC", NIGHTS_AND_WEEKENDS)
    assert nights.in_words == "weekdays 20:00 to 07:00 and at weekends (UTC)"
    other = SleepSchedule.parse("Europe/Berlin", ("Mon-Fri 22:00-06:00", "Sat-Sun", "idle 4h"))
    assert other.in_words == (
        "Mon-Fri 22:00 to 06:00, Sat-Sun, after 4 h without use (Europe/Berlin)"
    )
