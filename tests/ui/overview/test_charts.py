"""Charts draw what happened, say it in a sentence, and are empty where nothing did."""

from datetime import timedelta

from nsaas_app.directory.history import Period
from nsaas_app.ui.figures import iso
from nsaas_app.ui.overview.charts import Chart, chart_of
from tests.ui.examples import NOW

DAY = timedelta(days=1)


def test_heights_follow_the_tallest_and_the_sentences_say_the_sums() -> None:
    chart = chart_of(
        (
            Period(NOW - 2 * DAY, done=3, failed=1, median_ms=500, p95_ms=1000),
            Period(NOW - DAY),
            Period(NOW, done=1, median_ms=2000, p95_ms=4000),
        ),
        window=7 * DAY,
    )
    assert [(one.done, one.failed) for one in chart.bars] == [(75, 25), (0, 0), (25, 0)]
    assert [(one.median, one.p95) for one in chart.bars] == [(12, 25), (0, 0), (50, 100)]
    assert chart.bars[1].median_text == "\u2013"
    assert chart.counts == "4 completed, 1 failed; most in a day: 4"
    assert chart.times == "Half of the last day's within 2.0 s; slowest day: p95 4.0 s"
    assert (chart.first, chart.last, chart.is_hourly) == ("22 Nov", "24 Nov", False)
    assert [tick.text for tick in chart.count_ticks] == ["4", "2", "0"]
    assert [(tick.text, tick.raw) for tick in chart.time_ticks] == [
        ("4.0 s", "4000"), ("2.0 s", "2000"), ("0", "0"),
    ]  # fmt: skip


def test_hours_are_named_by_the_clock() -> None:
    chart = chart_of((Period(NOW, failed=1),), window=DAY)
    assert chart.first == "12:00 UTC"
    # A page shows the hours in its reader's zone.
    assert (chart.is_hourly, chart.first_at) == (True, iso(NOW))
    # Half a request means nothing.
    assert [tick.text for tick in chart.count_ticks] == ["1", "0"]
    assert chart.time_ticks == ()
    assert (chart.counts, chart.times) == ("0 completed, 1 failed; most in an hour: 1", "")


def test_nothing_is_no_chart() -> None:
    assert chart_of((Period(NOW), Period(NOW - DAY)), window=7 * DAY) == Chart()
