"""Preferences: what may be chosen, and that what is kept is read again as it was."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.preferences import Preferences, time_zones


def test_what_is_left_out_is_as_usual() -> None:
    assert Preferences.from_document({}) == Preferences()


def test_what_is_written_is_read_again() -> None:
    document = {
        "theme": "dark", "density": "compact", "page_size": 50,
        "time_zone": "Europe/Berlin", "motion": "reduced",
    }  # fmt: skip
    assert Preferences.from_document(document).to_document() == document


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme", "pink"), ("density", ""), ("page_size", 30), ("page_size", "20"),
        ("motion", None), ("time_zone", "Europe/Nowhere"), ("time_zone", ["Europe/Berlin"]),
        ("time_zone", "posix/Europe/Berlin"), ("colour", "red"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_at_its_field(field: str, value: Any) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        Preferences.from_document({field: value})
    assert [issue.field for issue in refused.value.issues] == [field]


def test_every_zone_that_is_offered_exists() -> None:
    assert {"UTC", "Europe/Berlin", "America/New_York"} <= set(time_zones())
    assert all(ZoneInfo(zone) for zone in time_zones()[::50])
