"""The overview's numbers and lists, computed from what the directory answers. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from ...directory.query import Summary
from ...directory.rows import NamespaceRow
from ...domain.requests import Phase, ProvisioningRequest
from ..figures import count, duration, percent
from ..words import word_of

__all__ = [
    "Attention",
    "Column",
    "Share",
    "Stat",
    "attention_of",
    "columns_of",
    "shares_of",
    "stats_of",
    "timing_sentence",
]


@dataclass(frozen=True)
class Stat:
    """One headline number. Empty text means there is no data yet."""

    text: str = ""
    unit: str = ""
    raw: str = ""
    note: str = ""


@dataclass(frozen=True)
class Attention:
    """One namespace that needs somebody, with its worst reason."""

    name: str
    team: str
    message: str
    more: str
    health: int

    @classmethod
    def from_row(cls, row: NamespaceRow) -> Self:
        """Take the reason that costs most."""
        worst = max(row.health.reasons, key=lambda reason: reason.points)
        others = len(row.health.reasons) - 1
        return cls(
            name=row.name,
            team=str(row.team),
            message=worst.message.removesuffix("."),
            more=f"· {others} more" if others else "",
            health=row.health.score,
        )


@dataclass(frozen=True)
class Share:
    """One value of a facet with its part of the whole."""

    value: str
    label: str
    number: int
    share: int
    href: str


@dataclass(frozen=True)
class Column:
    """How long one request took, as a column of the chart."""

    key: str
    height: int
    """Percent of the tallest one."""
    is_failed: bool
    label: str


def _window(summary: Summary) -> str:
    days = summary.window // timedelta(days=1)
    return f"last {days} days, n\u00a0=\u00a0{count(summary.n)}"


def stats_of(summary: Summary) -> dict[str, Stat]:
    """Write the four headline numbers, each with its unit, window and base."""
    window = _window(summary)
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


def attention_of(rows: tuple[NamespaceRow, ...]) -> list[Attention]:
    """Keep the rows that have a reason, in the order they came."""
    return [Attention.from_row(row) for row in rows if row.health.reasons]


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


def _milliseconds(request: ProvisioningRequest) -> float:
    span = request.duration
    return span / timedelta(milliseconds=1) if span is not None else 0.0


def _ended(requests: Iterable[ProvisioningRequest]) -> list[ProvisioningRequest]:
    """Keep what ran to an end by itself, oldest first."""
    kept = [each for each in requests if each.phase in (Phase.DONE, Phase.ROLLED_BACK)]
    return kept[::-1]


def columns_of(requests: Iterable[ProvisioningRequest]) -> list[Column]:
    """Draw how long each request took; the requests come newest first."""
    ended = _ended(requests)
    tallest = max((_milliseconds(each) for each in ended), default=0.0)
    return [
        Column(
            key=each.request_id,
            height=max(3, round(100 * _milliseconds(each) / tallest)) if tallest else 3,
            is_failed=each.phase is Phase.ROLLED_BACK,
            label=f"{each.namespace}: {duration(_milliseconds(each))}"
            + (", failed" if each.phase is Phase.ROLLED_BACK else ""),
        )
        for each in ended
    ]


def timing_sentence(requests: Iterable[ProvisioningRequest]) -> str:
    """Say in one sentence what the chart shows."""
    ended = _ended(requests)
    if not ended:
        return ""
    took = sorted(_milliseconds(each) for each in ended)
    failed = sum(each.phase is Phase.ROLLED_BACK for each in ended)
    return (
        f"Last {len(ended)} requests: {duration(took[0])} to {duration(took[-1])}, "
        f"half of them within {duration(took[(len(took) - 1) // 2])}, {failed} failed."
    )
