"""The overview's address: whose, and since when."""

from datetime import timedelta

from nsaas_app.domain.names import TeamName
from nsaas_app.ui.overview.filters import OverviewFilters
from tests.support.actors import actor


def test_an_address_is_read_and_written_without_its_defaults() -> None:
    filters = OverviewFilters.from_query({"scope": "mine", "window": "7d"})
    assert filters.span == timedelta(days=7)
    assert filters.words == "last 7 days"
    assert filters.address() == "/?scope=mine&window=7d"
    unknown = OverviewFilters.from_query({"scope": "x", "window": "1y"})
    assert (unknown.address(), unknown.dropped) == ("/", ("x", "1y"))
    assert [pill.href for pill in filters.window_pills()] == [
        "/?scope=mine&window=24h", "/?scope=mine&window=7d", "/?scope=mine",
    ]  # fmt: skip


def test_mine_narrows_those_who_see_all_and_widens_nobody() -> None:
    mine, fleet = OverviewFilters(scope="mine"), OverviewFilters()
    assert mine.eyes_of(actor("admin")).role_in(TeamName("frontend")) is None
    assert fleet.eyes_of(actor("admin")).sees_all_teams
    assert fleet.eyes_of(actor("frontend-dev")) == actor("frontend-dev")
    assert not fleet.eyes_of(actor("frontend-dev")).sees_all_teams
