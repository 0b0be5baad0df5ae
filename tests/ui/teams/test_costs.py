"""What a team cost day by day: every day that is asked for has its place, known or not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from nsaas_app.domain.prices import LIST_PRICES
from nsaas_app.domain.teams import Resources
from nsaas_app.insights.team_use import DayUse, TeamUseReport
from nsaas_app.ui.axes import Tick
from nsaas_app.ui.team.costs import CostDay, cost_vars

NOON = datetime(2030, 1, 30, 12, tzinfo=UTC)
TODAY = NOON.replace(hour=0)


def report(*costs: str) -> TeamUseReport:
    """The last days of thirty, with what each cost; before them nothing was booked."""
    days = tuple(
        DayUse(
            TODAY - timedelta(days=back), Resources(Decimal(1)), Decimal(cost), 1, is_whole=back > 0
        )
        for back, cost in zip(range(len(costs) - 1, -1, -1), costs, strict=True)
    )
    return TeamUseReport(
        as_of=NOON,
        since=TODAY - timedelta(days=29),
        known_since=days[0].start if days else None,
        days=days,
        teams=(),
        prices=LIST_PRICES,
    )


def lines(values: dict[str, object], name: str) -> list[CostDay]:
    found = values[name]
    assert isinstance(found, list)
    return found


def test_a_day_before_the_first_booking_keeps_its_place_and_costs_nothing_known() -> None:
    values = cost_vars(report("2", "4"), "shop")
    bars = lines(values, "cost_bars")
    assert (len(bars), bars[0].label, bars[-1].label) == (30, "1 Jan", "30 Jan")
    assert (bars[0].height, bars[0].text, bars[0].raw) == (0, "not known yet", "")
    assert [bar.height for bar in bars[-2:]] == [50, 100]
    assert [day.label for day in lines(values, "cost_days")] == ["29 Jan", "30 Jan"]
    assert "Early: 2 of 30 days are known." in str(values["cost_source"])


def test_the_axis_says_what_the_dearest_day_cost() -> None:
    expected = [Tick("$ 4.00", "4"), Tick("$ 2.00", "2"), Tick("$ 0.00", "0")]
    assert cost_vars(report("2", "4"), "shop")["cost_ticks"] == expected


def test_nothing_booked_is_no_data() -> None:
    values = cost_vars(report(), "shop")
    assert (lines(values, "cost_bars"), lines(values, "cost_days")) == ([], [])
    assert values["cost_sentence"] == ""
