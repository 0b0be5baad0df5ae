"""The overview's numbers and lists, computed from what the directory answers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...directory.query import Summary
from ..figures import count, duration, percent
from ..words import word_of

__all__ = ["Share", "Stat", "shares_of", "stats_of"]


@dataclass(frozen=True)
class Stat:
    """One headline number. Empty text means there is no data yet."""

    text: str = ""
    unit: str = ""
    raw: str = ""
    note: str = ""


@dataclass(frozen=True)
class Share:
    """One value of a facet with its part of the whole."""

    value: str
    label: str
    number: int
    share: int
    href: str


def stats_of(summary: Summary, words: str) -> dict[str, Stat]:
    """Write the four headline numbers, each with its unit, window and base.

    Args:
        summary: the numbers.
        words: the window, as in `last 30 days`.
    """
    window = f"{words}, n\u00a0=\u00a0{count(summary.n)}"
    running, rate, average, p95 = (
        summary.active_deployments,
        summary.success_rate,
        summary.provision_time_avg_ms,
        summary.provision_time_p95_ms,
    )
    return {
        "namespaces": Stat(
            count(summary.namespaces), "", str(summary.namespaces), "active in the cluster now"
        ),
        "deployments": Stat("", "", "", "the cluster has not shown them")
        if running is None
        else Stat(count(running), "", str(running), "with at least one available replica"),
        "success": Stat("", "", "", f"of provision requests, {window}")
        if rate is None
        else Stat(percent(rate), "", f"{rate:.4f}", f"of provision requests, {window}"),
        "time": Stat("", "", "", window)
        if average is None or p95 is None
        else Stat(
            duration(average), "", f"{average:.0f}", f"average · p95 {duration(p95)} · {window}"
        ),
    }


def shares_of(
    facet: Mapping[str, int], *, field: str, limit: int = 6, order: tuple[str, ...] = ()
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
            href=f"/namespaces?{field}={value}",
        )
        for value, number in chosen
        if number or order
    ]
