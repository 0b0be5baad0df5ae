"""The answers of the page of insights: what is known in numbers, what is not known in words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from nsaas_app.domain.names import TeamName
from nsaas_app.domain.prices import LIST_PRICES, hours_cost, monthly_cost
from nsaas_app.domain.teams import Resources
from nsaas_app.domain.tiers import Tier
from nsaas_app.insights.performance import FailureCount, PerformanceReport, Spread
from nsaas_app.insights.sizing import Sizing
from nsaas_app.insights.team_use import DayUse, TeamUse, TeamUseReport
from nsaas_app.ui.insights.shapes import Chart, Table
from nsaas_app.ui.insights.transform import cost_view, performance_view, sizing_view, usage_view

NOON = datetime(2030, 1, 8, 12, tzinfo=UTC)
GIB = Decimal(2) ** 30
BOOKED = Resources(Decimal(4), 8 * GIB, 100 * GIB)


def report(
    *, requested: Resources | None = None, known_since: datetime | None = NOON
) -> TeamUseReport:
    """Three days, of which the last has half gone; 48 core hours on each day."""
    hours = Resources(Decimal(48), Decimal(0), Decimal(0))
    midnight = NOON.replace(hour=0)
    days = tuple(
        DayUse(midnight - timedelta(days=back), hours, hours_cost(hours), 2, is_whole=back > 0)
        for back in (2, 1, 0)
    )
    team = TeamUse(
        name=str(TeamName("shop")),
        display_name="The Shop",
        booked=BOOKED if known_since else Resources(),
        requested=requested,
        namespaces=2,
        hours=hours,
        cost=hours_cost(hours),
        monthly=monthly_cost(BOOKED).monthly,
        days=(),
    )
    return TeamUseReport(
        as_of=NOON,
        since=midnight - timedelta(days=2),
        known_since=known_since,
        days=days if known_since else (),
        teams=(team,),
        prices=LIST_PRICES,
    )


def chart_in(view: dict[str, object]) -> Chart:
    chart = view["chart"]
    assert isinstance(chart, Chart)
    return chart


def cells(view: dict[str, object], name: str = "table") -> list[dict[str, str]]:
    table = view[name]
    assert isinstance(table, Table)
    return [{cell.label: cell.text for cell in line.cells} for line in table.lines]


def test_use_is_a_part_of_what_is_booked_and_says_of_what() -> None:
    view = usage_view(report(requested=Resources(cpu=Decimal(1))), "last 3 days")
    assert view["sentence"] == (
        "1 of 4 booked CPU are requested by pods now (25 % of what is booked)."
    )
    assert "no metrics source is connected" in str(view["source"])
    (line,) = cells(view)
    assert (line["CPU booked"], line["CPU requested"], line["Memory booked"]) == ("4", "1", "8 Gi")


def test_what_the_cluster_has_not_told_is_unknown_not_zero() -> None:
    view = usage_view(report(), "last 3 days")
    assert "is not known" in str(view["sentence"])
    (line,) = cells(view)
    assert (line["CPU requested"], line["Memory requested"]) == ("\u2013", "\u2013")


def test_days_before_the_first_booking_are_empty_and_the_page_says_it_is_early() -> None:
    view = usage_view(report(known_since=NOON - timedelta(days=1)), "last 3 days")
    bars = chart_in(view).bars
    # Today counts for the twelve hours it has had.
    assert [(bar.text, bar.height) for bar in bars] == [
        ("not known yet", 0), ("2 cores", 50), ("4 cores", 100),
    ]  # fmt: skip
    assert bars[0].raw == ""
    chart = chart_in(view)
    # The ends are those of the days that are asked for.
    assert (chart.first, chart.last) == (bars[0].label, bars[-1].label)
    assert [(tick.text, tick.raw) for tick in chart.ticks] == [("4", "4"), ("2", "2"), ("0", "0")]
    assert str(view["source"]).startswith("Early: known for 2 of 3 days")


def test_without_a_booking_there_is_no_chart_and_no_number() -> None:
    for view in (
        usage_view(report(known_since=None), "last 3 days"),
        cost_view(report(known_since=None), "last 3 days"),
    ):
        assert chart_in(view).sentence == ""
        assert str(view["sentence"]).startswith("Nothing was booked yet")


def test_costs_stand_beside_the_date_and_source_of_the_prices() -> None:
    view = cost_view(report(), "last 3 days")
    assert str(view["sentence"]).startswith("$ 1.52 in the last 3 days; $ ")
    assert "OpenCost default prices of 1 Nov 2026" in str(view["source"])


def test_advice_is_given_with_its_saving_and_withheld_from_the_young() -> None:
    def size(name: str, advice: Tier | None, days: int) -> Sizing:
        saving = Decimal("30.46") if advice else Decimal(0)
        age = timedelta(days=days)
        return Sizing(name, "shop", Tier.MEDIUM, advice, "pods", "2", "20", saving, age)

    sizes = [size("a", Tier.SMALL, 9), size("b", None, 9), size("c", None, 2)]
    view = sizing_view(sizes, "prices", called={"shop": "The Shop"})
    assert view["sentence"] == (
        "1 namespace would do with a smaller tier, which saves $ 30.46 a month at list price. "
        "1 too early to tell: younger than 7 days."
    )
    assert [line["Advice"] for line in cells(view)] == [
        "Small is enough", "Keep it", "Too early: 2 of 7 days",
    ]  # fmt: skip
    assert "nothing to compare" in str(sizing_view([], "prices", called={})["sentence"])


def test_provisioning_says_what_it_covers_and_why_it_failed() -> None:
    found = PerformanceReport(
        NOON, timedelta(days=30), 3, 2, 1500.0, 2000.0, (Spread(2, 2), Spread(None, 0)), (),
        (FailureCount("API_DOWN", "The cluster did not answer.", 1),),
    )  # fmt: skip
    view = performance_view(found)
    assert view["sentence"] == (
        "2 of 3 provision requests completed; half within 1.5 s, p95 2.0 s."
    )
    assert [bar.label for bar in chart_in(view).bars] == ["≤ 2 s", "longer"]
    assert cells(view, "more") == [{"Requests": "1", "Cause": "The cluster did not answer."}]
