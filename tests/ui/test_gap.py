"""How long a page was cut off, and for how long that is news."""

from datetime import timedelta

import pytest

from nsaas_app.ui.gap import Gap, mark, marked
from tests.support.specs import NOW


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@pytest.mark.parametrize(("gone_s", "told"), [(0.5, 0), (7.9, 0), (8, 8), (12.7, 12), (3600, 3600)])
def test_a_gap_is_told_in_whole_seconds_unless_it_is_none(gone_s: float, told: int) -> None:
    assert Gap.between(NOW, NOW + after(gone_s)).seconds_to_tell(NOW + after(gone_s)) == told


def test_it_is_news_for_four_seconds() -> None:
    gap = Gap.between(NOW, NOW + after(20))
    assert gap.seconds_to_tell(NOW + after(23.9)) == 20
    assert gap.seconds_to_tell(NOW + after(24)) == 0


def test_a_page_that_was_not_shown_before_missed_nothing() -> None:
    assert Gap.between(None, NOW).seconds_to_tell(NOW) == 0


def test_what_a_browser_kept_is_read_back_for_the_same_page_only() -> None:
    kept = mark("/teams", NOW)
    assert marked(kept, "/teams") == NOW
    assert marked(kept, "/audit") is None


@pytest.mark.parametrize("kept", ["", " /teams", "soon /teams", "2030-01-02T03:04:05 /teams"])
def test_nonsense_from_a_browser_is_no_time(kept: str) -> None:
    assert marked(kept, "/teams") is None
