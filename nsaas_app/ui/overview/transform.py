"""The overview's numbers and lists, computed from what the directory answers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...directory.query import Summary
from ...directory.tallies import LIVE
from ...domain.namespaces import NamespaceState
from ..figures import count, duration, percent
from ..routes import address
from ..words import word_of

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
    summary: Summary, words: str, *, teams: Sequence[str] = (), window: str = "", grown: str = ""
) -> dict[str, Stat]:
    """Write the four headline numbers, each with its unit, window, base and the list behind it.

    Args:
        summary: the numbers.
        words: the window, as in `last 30 days`.
        teams: the only ones that count; none means all the reader may see.
        window: the same window in an address.
        grown: how many namespaces came and went in it, in words.
    """
    base = f"{words}, n\u00a0=\u00a0{count(summary.n)}"
    live = list_address("/namespaces", teams, state=_LIVE_STATES)
    ended = list_address("/requests", teams, kind="provision", window=window)
    done = list_address("/requests", teams, kind="provision", status="completed", window=window)
    none = f"no request yet in the {words}"
    running, rate, average, p95 = (
        summary.active_deployments,
        summary.success_rate,
        summary.provision_time_avg_ms,
        summary.provision_time_p95_ms,
    )
    return {
        "namespaces": Stat(
            count(summary.namespaces),
            "",
            str(summary.namespaces),
            f"active in the cluster now{grown}",
            live,
        ),
        "deployments": Stat("", "", "", "the cluster has not shown them", live)
        if running is None
        else Stat(count(running), "", str(running), "with at least one available replica", live),
        "success": Stat("", "", "", none, ended)
        if rate is None
        else Stat(percent(rate), "", f"{rate:.4f}", f"of provision requests, {base}", ended),
        "time": Stat("", "", "", none, done)
        if average is None or p95 is None
        else Stat(
            duration(average),
            "",
            f"{average:.0f}",
            f"average · p95 {duration(p95)} · {base}",
            done,
        ),
    }


def shares_of(
    facet: Mapping[str, int],
    *,
    field: str,
    limit: int = 6,
    order: tuple[str, ...] = (),
    teams: Sequence[str] = (),
) -> list[Share]:
    """Write a facet as bars, largest first or in the given order."""
    total = sum(facet.values())
    if order:
        chosen = [(value, facet.get(value, 0)) for value in order]
    else:
        chosen = sorted(facet.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [
        Share(
            value=value,
            label=value if field == "team" else word_of(value),
            number=number,
            share=round(100 * number / total) if total else 0,
            href=list_address("/namespaces", () if field == "team" else teams, **{field: value}),
        )
        for value, number in chosen
        if number or order
    ]
