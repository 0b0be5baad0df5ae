"""How long a page was cut off, and for how long that is news."""

from datetime import timedelta

import pytest

from nsaas_app.ui.gap import Gap
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
