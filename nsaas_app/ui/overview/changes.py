"""How a headline number changed against the window before, in a sign and words. Pure."""

from dataclasses import dataclass
from typing import Final

from ...directory.query import Summary
from ..figures import count, duration

__all__ = ["Change", "rate_change", "stock_change", "stock_words", "time_changes"]

_SAME_RATE: Final = 0.05
"""Percentage points that are not told: they would read as zero."""
_SAME_MS: Final = 0.5


@dataclass(frozen=True)
class Change:
    """One number against what it was."""

    key: str
    way: str
    """`up`, `down` or `same`: the arrow, for machines as well."""
    text: str
    tone: str
    raw: str
    """The difference, for machines."""


def _change(key: str, difference: float, text: str, *, raw: str, is_good: bool | None) -> Change:
    way = "up" if difference > 0 else "down" if difference < 0 else "same"
    tone = "none" if is_good is None or way == "same" else "ok" if is_good else "bad"
    return Change(key, way, text, tone, raw)


def stock_change(summary: Summary, namespaces: int) -> list[Change]:
    """How many of so many namespaces there are more or fewer, by what requests made and deleted."""
    grown = summary.made - summary.deleted
    if not summary.made + summary.deleted:
        return []
    if grown > namespaces:
        # Some went without a request: how many there were is not to be told from requests.
        text = f"{stock_words(summary)} in {_span(summary)}"
    else:
        word = "as many as" if not grown else "more than" if grown > 0 else "fewer than"
        number = f"{count(abs(grown))} " if grown else ""
        text = f"{number}{word} {_span(summary)} ago"
    return [_change("net", grown, text, raw=str(grown), is_good=None)]


def stock_words(summary: Summary) -> str:
    """What requests made and deleted in the window; empty where none did."""
    parts = [f"+{count(summary.made)} made"] if summary.made else []
    parts += [f"\u2212{count(summary.deleted)} deleted"] if summary.deleted else []
    return ", ".join(parts)


def rate_change(summary: Summary) -> list[Change]:
    """The success rate in percentage points; nothing where one of the windows has none."""
    was, now = summary.before.success_rate, summary.success_rate
    if was is None or now is None:
        return []
    points = 100 * (now - was)
    if abs(points) < _SAME_RATE:
        return [_change("rate", 0, "the same as before", raw="0", is_good=None)]
    word = "higher" if points > 0 else "lower"
    text = f"{abs(points):.1f} points {word} than before"
    return [_change("rate", points, text, raw=f"{points:.2f}", is_good=points > 0)]


def time_changes(summary: Summary) -> list[Change]:
    """Average and p95; nothing where one of the windows has none."""
    pairs = (
        ("avg", summary.before.avg_ms, summary.provision_time_avg_ms),
        ("p95", summary.before.p95_ms, summary.provision_time_p95_ms),
    )
    return [
        _time_change(key, now - was)
        for key, was, now in pairs
        if was is not None and now is not None
    ]


def _time_change(key: str, more: float) -> Change:
    if abs(more) < _SAME_MS:
        return _change(key, 0, "the same as before", raw="0", is_good=None)
    how = "slower" if more > 0 else "faster"
    text = f"{duration(abs(more))} {how} than before"
    return _change(key, more, text, raw=f"{more:.0f}", is_good=more < 0)


def _span(summary: Summary) -> str:
    days = summary.window.days
    return "24 hours" if days <= 1 else f"{days} days"
