"""The week grid: lines and hours say the same, in both directions."""

from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.domain.sleep import NIGHTS_AND_WEEKENDS
from nsaas_app.ui.namespace.week import toggled, week_of, written_week

WEEK = 7 * 24


def asleep(lines: list[str]) -> list[bool]:
    return [cell.is_asleep for day in week_of(lines) for cell in day.cells]


@given(st.lists(st.booleans(), min_size=WEEK, max_size=WEEK))
def test_what_is_written_reads_the_same(hours: list[bool]) -> None:
    assert asleep(written_week(hours)) == hours


def test_nights_and_weekends_read_as_people_mean_them() -> None:
    grid = {
        day.name: [cell.is_asleep for cell in day.cells] for day in week_of(NIGHTS_AND_WEEKENDS)
    }
    assert grid["Tue"] == [True] * 7 + [False] * 13 + [True] * 4
    assert all(grid["Sat"])
    assert all(grid["Sun"])
    assert grid["Mon"][:8] == [True] * 7 + [False]


def test_they_are_written_in_few_lines() -> None:
    assert written_week(asleep(list(NIGHTS_AND_WEEKENDS))) == [
        "Mon-Thu 20:00-07:00",
        "Fri 20:00-24:00",
        "Sat-Sun",
        "Mon 00:00-07:00",
    ]


def test_one_hour_is_turned_over_and_what_is_no_window_stays() -> None:
    lines = ["Mon 20:00-22:00", "idle 4h"]
    assert toggled(lines, 0, 22) == ["Mon 20:00-23:00", "idle 4h"]
    assert toggled(lines, 0, 21) == ["Mon 20:00-21:00", "idle 4h"]
    assert toggled(["Sun 23:00-24:00"], 6, 23) == []


def test_a_part_of_an_hour_counts_and_a_bad_line_is_passed_over() -> None:
    hours = asleep(["Mon 20:30-21:15", "whenever"])
    assert [hour for hour, is_asleep in enumerate(hours) if is_asleep] == [20, 21]
