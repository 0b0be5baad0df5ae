"""The overview's numbers and lists, computed from what the directory answers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ...directory.query import Summary
from ...directory.tallies import LIVE
from ...domain.namespaces import NamespaceState
from ..figures import count, duration, percent
from ..routes import address
from ..words import word_of
from .changes import Change, rate_change, stock_change, stock_words, time_changes

__all__ = ["Share", "Stat", "list_address", "shares_of", "stats_of"]


@dataclass(frozen=True)
class Stat:
    """One headline number. Empty text means there is no data yet."""

    text: str = ""
    unit: str = ""
    raw: str = ""
    note: str = ""
    href: str = "/namespaces"
    """The list behind it."""
    changes: list[Change] = field(default_factory=list)
    """What is different against the window before; the first is shown."""
    against: str = ""
    """Why nothing can be compared; empty where there is a change."""
    told: str = ""
    """The whole of it in a sentence: against what, from how many, and the other changes."""


@dataclass(frozen=True)
class Share:
    """One value of a facet with its part of the whole."""

    value: str
    label: str
    number: int
    share: int
    href: str


_LIVE_STATES: Final = ",".join(each.value for each in NamespaceState if each in LIVE)


def list_address(path: str, teams: Sequence[str], **query: str) -> str:
    """Write the address of the list behind a number, for the teams it counts; none means all."""
    # The list of requests is narrowed to one team at most.
    named = ",".join(teams) if path == "/namespaces" or len(teams) == 1 else ""
    return address(path, {"team": named, **query})


def stats_of(
    summary: Summary, words: str, *, teams: Sequence[str] = (), window: str = ""
) -> dict[str, Stat]:
    """Write the four headline numbers: unit, window, base, change and the list behind each.

    Args:
        summary: the numbers.
        words: the window, as in `last 7 days`.
        teams: the only ones that count; none means all the reader may see.
        window: the same window in an address.
    """
    live = list_address("/namespaces", teams, state=_LIVE_STATES)
    running = summary.active_deployments
    return {
        "namespaces": _stock(summary, words, live),
        "deployments": Stat("", "", "", "the cluster has not shown them", live)
        if running is None
        else Stat(
            count(running),
            "",
            str(running),
            "with an available replica",
            live,
            against="earlier numbers are not kept",
        ),
        "success": _rate(summary, words, teams, window),
        "time": _time(summary, words, teams, window),
    }


def _stock(summary: Summary, words: str, href: str) -> Stat:
    if summary.namespaces is None:
        return Stat("", "", "", "the cluster has not been listed since the portal started", href)
    grown = stock_change(summary, summary.namespaces)
    return Stat(
        count(summary.namespaces),
        "",
        str(summary.namespaces),
        "active in the cluster now",
        href,
        grown,
        "" if grown else f"none made or deleted in {words.removeprefix('last ')}",
        f"{stock_words(summary)} by requests of the {words}." if grown else "",
    )


def _rate(summary: Summary, words: str, teams: Sequence[str], window: str) -> Stat:
    href = list_address("/requests", teams, kind="provision", window=window)
    rate = summary.success_rate
    if rate is None:
        return Stat("", "", "", f"no request yet in the {words}", href)
    note, changes = _base(summary, words), rate_change(summary)
    raw, told = f"{rate:.4f}", _told(summary, words) if changes else ""
    against = "" if changes else _incomparable(summary, words)
    return Stat(percent(rate), "", raw, note, href, changes, against, told)


def _time(summary: Summary, words: str, teams: Sequence[str], window: str) -> Stat:
    href = list_address("/requests", teams, kind="provision", status="completed", window=window)
    average, p95 = summary.provision_time_avg_ms, summary.provision_time_p95_ms
    if average is None or p95 is None:
        return Stat("", "", "", f"no request yet in the {words}", href)
    note, changes = f"p95 {duration(p95)} · {_base(summary, words)}", time_changes(summary)
    told = _told(summary, words, *changes[1:]) if changes else ""
    against = "" if changes else _incomparable(summary, words)
    text, raw = duration(average), f"{average:.0f}"
    return Stat(text, "\u00a0average", raw, note, href, changes, against, told)


def _base(summary: Summary, words: str) -> str:
    return f"{words}, n\u00a0=\u00a0{count(summary.n)}"


def _told(summary: Summary, words: str, *others: Change) -> str:
    """Name the window before that changes are against, and the changes that are not shown."""
    span, number = words.removeprefix("last "), count(summary.before.n)
    before = f"Before: the {span} before, n\u00a0=\u00a0{number}."
    return " ".join([before, *(f"{one.key} {one.text}." for one in others)])


def _incomparable(summary: Summary, words: str) -> str:
    before = f"the {words.removeprefix('last ')} before"
    return f"none completed in {before}" if summary.before.n else f"no request in {before}"


def shares_of(
    facet: Mapping[str, int],
    *,
    field: str,
    limit: int = 6,
    order: tuple[str, ...] = (),
    teams: Sequence[str] = (),
    called: Mapping[str, str] | None = None,
) -> list[Share]:
    """Write a facet as bars, largest first or in the given order.

    Args:
        facet: how many there are of each value.
        field: what the list behind a bar is filtered by.
        limit: so many bars at most, without an order.
        order: which bars there are, whether or not there is something of them.
        teams: the only ones the list counts.
        called: how people call a value that is a name of a team.
    """
    total = sum(facet.values())
    if order:
        chosen = [(value, facet.get(value, 0)) for value in order]
    else:
        chosen = sorted(facet.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [
        Share(
            value=value,
            label=(called or {}).get(value, value) if field == "team" else word_of(value),
            number=number,
            share=round(100 * number / total) if total else 0,
            href=list_address("/namespaces", () if field == "team" else teams, **{field: value}),
        )
        for value, number in chosen
        if number or order
    ]
