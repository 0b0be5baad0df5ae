"""The views, computed from reports: an answer in one sentence, a chart, tables. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from ...domain.prices import Prices
from ...domain.resource_words import RESOURCE_WORDS
from ...domain.teams import Resources
from ...insights.performance import PerformanceReport, Spread
from ...insights.sizing import MIN_AGE, Sizing
from ...insights.team_use import TeamUse, TeamUseReport
from ..figures import NOTHING, amount, count, duration, in_full, iso, number, percent
from ..words import STEP_WORDS, word_of
from .days import asked_days, cores_of, day_word, known_days, unknown
from .shapes import Chart, Line, Table, chart_of, line

__all__ = ["cost_view", "performance_view", "sizing_view", "usage_view"]

_MOST: Final = 50
_NO_METRICS: Final = (
    "What containers really use is not known yet: no metrics source is connected. A platform admin "
    "can add one."
)
_NOTHING_YET: Final = "Nothing was booked yet. The account begins with the first namespace."


def _vars(
    sentence: str, source: str, chart: Chart, table: Table, more: Table | None = None
) -> dict[str, object]:
    return {
        "sentence": sentence,
        "source": source,
        "chart": chart,
        "table": table,
        "more": more or Table(),
    }


def _since(report: TeamUseReport, words: str) -> str:
    if report.known_since is None or report.known_since <= report.since:
        return f"{words[:1].upper()}{words[1:]}, days of UTC"
    first = report.known_since
    known = (report.as_of.date() - first.date()).days + 1
    asked = (report.as_of.date() - report.since.date()).days + 1
    return (
        f"Early: known for {known} of {asked} days, nothing was booked before "
        f"{day_word(first)} {first:%Y}"
    )


def _money(value: Decimal) -> str:
    return f"$ {value:,.2f}"


def _cents(value: Decimal) -> Decimal:
    """Round as it is written."""
    return Decimal(f"{value:.2f}")


def _prices(prices: Prices) -> str:
    return f"{prices.source} of {prices.as_of.day} {prices.as_of:%b %Y}"


def usage_view(report: TeamUseReport, words: str) -> dict[str, object]:
    """Show what was booked, and how much of that is asked for now."""
    days = known_days(report)
    chart = chart_of(
        "CPU booked",
        "Cores, mean of the day",
        [
            cores_of(day, report.as_of) if day is not None else unknown(start)
            for start, day in asked_days(report)
        ],
        sentence=f"CPU booked by day over {count(len(days))} days, in cores",
        part="days",
        write=lambda cores: number(Decimal(cores)),
    )
    booked = sum((team.booked for team in report.teams), Resources())
    return _vars(
        _use_sentence(report, booked),
        f"{_since(report, words)}. {_NO_METRICS}",
        chart,
        Table(
            title="By team",
            note="Booked are the quotas of its namespaces; requested is what pods and claims in "
            "them ask for now",
            first="Team",
            heads=("Namespaces", "CPU booked", "CPU requested", "Memory booked",
                   "Memory requested", "Core hours"),
            lines=tuple(_use_line(team) for team in report.teams),
            empty=_NOTHING_YET,
            part="teams",
        ),
    )  # fmt: skip


def _use_sentence(report: TeamUseReport, booked: Resources) -> str:
    if not booked.cpu:
        return _NOTHING_YET if report.known_since is None else "Nothing is booked now."
    known = [team.requested for team in report.teams if team.requested is not None]
    if len(known) < len(report.teams):
        return f"{number(booked.cpu)} CPU are booked now. What is asked for in them is not known."
    asked = sum((one.cpu for one in known), Decimal(0))
    return (
        f"{number(asked)} of {number(booked.cpu)} booked CPU are requested by pods now "
        f"({percent(float(asked / booked.cpu))} of what is booked)."
    )


def _use_line(team: TeamUse) -> Line:
    asked = team.requested

    def requested(resource: str, value: Decimal | None) -> tuple[str, str]:
        return (NOTHING, "") if value is None else (amount(resource, value), str(value))

    cpu = requested("requests.cpu", None if asked is None else asked.cpu)
    memory = requested("requests.memory", None if asked is None else asked.memory)
    return line(
        team.name,
        team.display_name,
        f"/teams/{team.name}",
        (
            ("Namespaces", count(team.namespaces), str(team.namespaces)),
            ("CPU booked", number(team.booked.cpu), str(team.booked.cpu)),
            ("CPU requested", *cpu),
            ("Memory booked", f"{amount('requests.memory', team.booked.memory)} Gi",
             str(team.booked.memory)),
            ("Memory requested", memory[0] if asked is None else f"{memory[0]} Gi", memory[1]),
            ("Core hours", number(team.hours.cpu), str(team.hours.cpu)),
        ),
    )  # fmt: skip


def cost_view(report: TeamUseReport, words: str) -> dict[str, object]:
    """Show what was booked at list price."""
    days = known_days(report)
    # What is written adds up: the sum is that of the cents in the rows.
    total = sum((_cents(team.cost) for team in report.teams), Decimal(0))
    monthly = sum((_cents(team.monthly) for team in report.teams), Decimal(0))
    prices = _prices(report.prices)
    chart = chart_of(
        "Cost by day",
        "US dollars at list price",
        [
            (iso(start), day_word(start), float(day.cost), _money(day.cost))
            if day is not None
            else unknown(start)
            for start, day in asked_days(report)
        ],
        sentence=f"Cost by day over {count(len(days))} days, {_money(total)} in all",
        part="days",
        write=lambda dollars: _money(Decimal(dollars)),
    )
    lines = tuple(
        line(
            team.name,
            team.display_name,
            f"/teams/{team.name}",
            (
                ("Cost", _money(team.cost), str(team.cost)),
                ("Monthly, as now", _money(team.monthly), str(team.monthly)),
                ("Core hours", number(team.hours.cpu), str(team.hours.cpu)),
            ),
        )
        for team in report.teams
    )
    sentence = (
        f"{_money(total)} in the {words}; {_money(monthly)} a month with what is booked now."
        if report.known_since
        else _NOTHING_YET
    )
    return _vars(
        sentence,
        f"List price: {prices}, for CPU, memory and storage that were booked, used or not. "
        f"{_since(report, words)}.",
        chart,
        Table(
            title="By team",
            note=f"At list price: {prices}",
            first="Team",
            heads=("Cost", "Monthly, as now", "Core hours"),
            lines=lines,
            empty=_NOTHING_YET,
            part="teams",
        ),
    )  # fmt: skip


def sizing_view(
    found: Sequence[Sizing], prices: str, *, called: Mapping[str, str]
) -> dict[str, object]:
    """Show which namespaces a smaller tier would hold; `called` is how people call the teams."""
    advised = [one for one in found if one.advice is not None]
    early = sum(one.is_early for one in found)
    saving = sum((one.saving for one in advised), Decimal(0))
    if not found:
        sentence = "No quota has been seen yet, so there is nothing to compare."
    elif advised:
        plural = "namespaces" if len(advised) > 1 else "namespace"
        sentence = (
            f"{count(len(advised))} {plural} would do with a smaller tier, which saves "
            f"{_money(saving)} a month at list price."
        )
    else:
        sentence = "No namespace is known to be too large."
    if early:
        sentence += f" {count(early)} too early to tell: younger than {MIN_AGE.days} days."
    shown = found[:_MOST]
    return _vars(
        sentence,
        f"Compared is what pods, claims and objects ask for at this moment, and 15 % more. Savings "
        f"at list price: {prices}. {_NO_METRICS}",
        Chart(),
        Table(
            title="Namespaces",
            note=f"{count(len(shown))} of {count(len(found))}, greatest saving first",
            first="Namespace",
            heads=("Team", "Tier", "Fullest", "Advice", "Monthly saving"),
            lines=tuple(_sizing_line(one, called.get(one.team, one.team)) for one in shown),
            empty="A namespace shows here once the cluster tells its quota.",
            part="namespaces",
        ),
    )


def _sizing_line(one: Sizing, team: str) -> Line:
    if one.is_early:
        advice = f"Too early: {one.age.days} of {MIN_AGE.days} days"
    else:
        bare = " without its overrides" if one.without_overrides else ""
        advice = f"{word_of(one.advice.value)}{bare} is enough" if one.advice else "Keep it"
    fullest = (
        f"{RESOURCE_WORDS.get(one.tightest, one.tightest)}: {amount(one.tightest, one.used)} of "
        f"{in_full(one.tightest, one.hard)}"
    )
    return line(
        one.namespace,
        one.namespace,
        f"/namespaces/{one.namespace}",
        (
            ("Team", team, one.team),
            ("Tier", one.tier.value, one.tier.value),
            ("Fullest", fullest, one.tightest),
            ("Advice", advice, one.advice.value if one.advice else ""),
            ("Monthly saving", _money(one.saving) if one.saving else NOTHING, str(one.saving)),
        ),
        is_name=True,
    )


def performance_view(report: PerformanceReport) -> dict[str, object]:
    """Show how long provisioning takes, where the time goes and why it fails."""
    words = f"last {report.window.days} days"
    took = sum(one.n for one in report.spread)
    chart = chart_of(
        "Time to ready",
        "Requests",
        [(_bound(one), _bound(one), float(one.n), f"{count(one.n)} requests")
         for one in report.spread],
        sentence=f"How long {count(took)} requests took",
        part="spread",
        write=lambda requests: count(int(requests)),
        is_count=True,
        is_named=True,
    )  # fmt: skip
    return _vars(
        _performance_sentence(report, words),
        f"Provision requests that ended in the {words}, which is as far back as they are kept at "
        "hand. Those that people cancelled or rejected do not count, nor does the wait for them.",
        chart,
        Table(
            title="By step",
            note="Of every attempt that completed the step",
            first="Step",
            heads=("Requests", "Half within", "p95"),
            lines=tuple(
                line(
                    one.name.value,
                    STEP_WORDS[one.name],
                    "",
                    (
                        ("Requests", count(one.n), str(one.n)),
                        ("Half within", duration(one.median_ms), str(one.median_ms)),
                        ("p95", duration(one.p95_ms), str(one.p95_ms)),
                    ),
                )
                for one in report.steps
            ),
            empty="No step was completed in this window.",
            part="steps",
        ),
        Table(
            title="Failures by code",
            note=f"Of {count(report.n)} requests",
            first="Code",
            heads=("Requests", "Cause"),
            lines=tuple(
                line(
                    one.code,
                    one.code,
                    "",
                    (("Requests", count(one.n), str(one.n)), ("Cause", one.cause, one.code)),
                )
                for one in report.failures
            ),
            empty="None failed.",
            part="failures",
        ),
    )


def _bound(one: Spread) -> str:
    return "longer" if one.up_to_s is None else f"≤ {one.up_to_s} s"


def _performance_sentence(report: PerformanceReport, words: str) -> str:
    if not report.n:
        return f"No provision request ended in the {words}."
    done = f"{count(report.done)} of {count(report.n)} provision requests completed"
    if report.median_ms is None or report.p95_ms is None:
        return f"{done}."
    return f"{done}; half within {duration(report.median_ms)}, p95 {duration(report.p95_ms)}."
