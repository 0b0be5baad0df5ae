"""Quotas as bars show them: length, words and tone of one resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Self

from ..directory.rows import QuotaUse
from ..domain.quantities import parse_quantity
from ..domain.resource_words import RESOURCE_WORDS
from .figures import NOTHING, amount, in_full

__all__ = ["HEADLINE", "QuotaCell", "QuotaView", "quota_views"]

_NEAR: Final = 0.75
_ALMOST: Final = 0.9

HEADLINE: Final = dict(RESOURCE_WORDS)
"""Resources shown as bars, in this order; the rest stands in the table of all limits."""


@dataclass(frozen=True)
class QuotaView:
    """One resource of a quota."""

    resource: str
    label: str
    used: str
    hard: str
    used_raw: str
    hard_raw: str
    share: int
    """Percent of the bar that is filled, 0 to 100."""
    tone: str
    """ok, near, almost or full."""
    sentence: str
    short: str
    now: int = -1
    """Percent of the hard limit that is really in use, measured; below 0 where nobody measures."""

    @classmethod
    @lru_cache(maxsize=16_384)
    def from_use(cls, resource: str, use: QuotaUse, in_use: str = "") -> Self:
        """Describe what the quota counts against its hard limit, and what is really in use."""
        # The same few amounts stand on every page.
        used, hard = amount(resource, use.used), amount(resource, use.hard)
        left = max(parse_quantity(use.hard) - parse_quantity(use.used), parse_quantity("0"))
        whole = in_full(resource, use.hard)
        return cls(
            resource=resource,
            label=HEADLINE.get(resource, resource),
            used=used,
            hard=hard,
            used_raw=use.used,
            hard_raw=use.hard,
            share=min(100, round(use.ratio * 100)),
            tone=_tone(use),
            sentence=" · ".join(
                part
                for part in (
                    f"{used} of {whole} {_verb(resource)}",
                    f"{in_full(resource, in_use)} used now" if in_use else "",
                    f"{_with_unit(resource, left)} left",
                )
                if part
            ),
            short=f"{used} of {whole}",
            now=_share_in_use(in_use, use.hard) if in_use else -1,
        )


@dataclass(frozen=True)
class QuotaCell:
    """One resource in a row of a list: what its bar needs. Empty where no quota was seen yet."""

    used_raw: str = ""
    hard_raw: str = ""
    share: int = 0
    """Percent of the bar that is filled, 0 to 100."""
    tone: str = "ok"
    short: str = NOTHING

    @classmethod
    @lru_cache(maxsize=16_384)
    def from_use(cls, resource: str, use: QuotaUse) -> Self:
        """Describe what the quota counts against its hard limit."""
        whole = QuotaView.from_use(resource, use)
        return cls(whole.used_raw, whole.hard_raw, whole.share, whole.tone, whole.short)


def _share_in_use(in_use: str, hard: str) -> int:
    most = parse_quantity(hard)
    return min(100, round(100 * parse_quantity(in_use) / most)) if most else 0


def _with_unit(resource: str, value: Decimal) -> str:
    return in_full(resource, value)


def _verb(resource: str) -> str:
    match resource.partition(".")[0]:
        case "requests":
            return "requested"
        case "limits":
            return "set"
        case _:
            return "used"


def _tone(use: QuotaUse) -> str:
    if use.ratio >= 1 and parse_quantity(use.hard) > 0:
        return "full"
    if use.ratio >= _ALMOST:
        return "almost"
    return "near" if use.ratio >= _NEAR else "ok"


def quota_views(
    quota: Mapping[str, QuotaUse], in_use: Mapping[str, str] | None = None
) -> list[QuotaView]:
    """Describe the headline resources that the quota has, and of each what is really in use."""
    measured = in_use or {}
    return [
        QuotaView.from_use(name, quota[name], measured.get(name, ""))
        for name in HEADLINE
        if name in quota
    ]
