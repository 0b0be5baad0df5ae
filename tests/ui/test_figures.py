"""Figures read the same on every page."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from nsaas_app.ui.figures import amount, count, duration, iso, percent, utc_text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0 ms"),
        (850, "850 ms"),
        (999, "999 ms"),
        (1000, "1.0 s"),
        (2140, "2.1 s"),
        (59_900, "59.9 s"),
        (60_000, "1 min 0 s"),
        (252_000, "4 min 12 s"),
    ],
)
def test_durations(milliseconds: float, text: str) -> None:
    assert duration(milliseconds) == text


@pytest.mark.parametrize(
    ("resource", "quantity", "text"),
    [
        ("requests.cpu", "1", "1"),
        ("requests.cpu", "1200m", "1.2"),
        ("requests.cpu", "50m", "50m"),
        ("requests.cpu", "0", "0"),
        ("requests.memory", "2Gi", "2"),
        ("limits.memory", "1536Mi", "1.5"),
        ("requests.memory", "4Mi", "4Mi"),
        ("requests.storage", "4Ti", "4,096"),
        ("pods", "12", "12"),
    ],
)
def test_amounts(resource: str, quantity: str, text: str) -> None:
    assert amount(resource, quantity) == text


def test_counts_and_percents() -> None:
    assert count(10_000) == "10,000"
    assert percent(0.992) == "99.2 %"
    assert percent(1.0) == "100 %"


def test_instants_are_written_in_utc() -> None:
    there = datetime(2026, 11, 24, 13, 5, 7, tzinfo=timezone(timedelta(hours=1)))
    assert iso(there) == "2026-11-24T12:05:07.000Z"
    assert utc_text(there) == "24 Nov 2026, 12:05:07 UTC"
    assert iso(None) == utc_text(None) == ""
    assert iso(there.astimezone(UTC)) == iso(there)
