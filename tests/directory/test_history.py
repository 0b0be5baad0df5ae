"""The history: every hour or day of the window, and only what ran to an end by itself."""

from dataclasses import replace
from datetime import timedelta

from nsaas_app.directory.history import Period, p95, periods_of
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind
from tests.ui.examples import NOW, failed_request, finished_request, running_request

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def made(request: ProvisioningRequest, back: timedelta) -> ProvisioningRequest:
    return replace(request, created_at=NOW - back, finished_at=NOW - back + timedelta(seconds=2))


def test_days_begin_at_midnight_utc_and_empty_ones_are_there() -> None:
    midnight = NOW.replace(hour=0)
    requests = [
        made(finished_request(), timedelta(0)),
        made(finished_request(), 12 * HOUR),
        made(failed_request(), 12 * HOUR + timedelta(seconds=1)),
        made(finished_request(), 6 * DAY + 12 * HOUR),
        made(finished_request(), 6 * DAY + 13 * HOUR),
    ]
    periods = periods_of(requests, now=NOW, window=7 * DAY)
    assert [one.start for one in periods] == [midnight - n * DAY for n in range(6, -1, -1)]
    assert [(one.done, one.failed) for one in periods] == [
        (1, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 1), (2, 0),
    ]  # fmt: skip
    assert periods[-1].median_ms == periods[-1].p95_ms == 2000
    assert periods[-2] == Period(midnight - DAY, failed=1)


def test_a_day_is_cut_into_hours() -> None:
    periods = periods_of([made(finished_request(), 23 * HOUR)], now=NOW, window=DAY)
    assert len(periods) == 24
    assert periods[0].done == 1


def test_what_people_ended_or_what_still_runs_does_not_count() -> None:
    requests = [
        running_request(),
        replace(made(finished_request(), HOUR), phase=Phase.CANCELLED),
        replace(made(finished_request(), HOUR), kind=RequestKind.CHANGE),
    ]
    periods = periods_of(requests, now=NOW, window=DAY)
    assert not any(one.done or one.failed for one in periods)


def test_the_tail_of_few_values() -> None:
    assert p95([]) is None
    assert p95([7.0]) == 7.0
    assert p95([float(n) for n in range(101)]) == 95.0
