"""The agenda: who is due comes once, at its latest moment; and the moments rows change at."""

from datetime import timedelta

import pytest

from nsaas_app.directory.agenda import Agenda
from nsaas_app.directory.joining import changes_at, health_of
from tests.directory.samples import row
from tests.support.specs import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_name_is_due_once_and_only_at_its_latest_moment() -> None:
    agenda = Agenda()
    agenda.plan("a", NOW + HOUR)
    agenda.plan("b", NOW + HOUR)
    agenda.plan("c", NOW + HOUR)
    agenda.plan("a", NOW + 3 * HOUR)
    agenda.plan("b", None)
    assert agenda.due(NOW) == []
    assert agenda.due(NOW + 2 * HOUR) == ["c"]
    assert agenda.due(NOW + 3 * HOUR) == ["a"]
    assert agenda.due(NOW + 9 * HOUR) == []


@pytest.mark.parametrize("field", ["expires_at", "certify_by"])
@pytest.mark.parametrize("left", [45 * DAY, 30 * DAY, 7 * DAY, 3.5 * DAY, 2 * DAY, DAY / 3])
def test_health_changes_at_the_told_moments_and_at_no_other(field: str, left: timedelta) -> None:
    shown, now = row("shop", **{field: NOW + left}), NOW
    moments = 0
    while (moment := changes_at(shown, None, now=now)) is not None:
        moments += 1
        assert moment > now
        just_before = moment - timedelta(microseconds=1)
        assert health_of(shown, now=max(now, just_before)) == health_of(shown, now=now)
        assert health_of(shown, now=moment) != health_of(shown, now=just_before)
        now = moment
    assert moments >= 1
    assert health_of(shown, now=now) == health_of(shown, now=now + 400 * DAY)
