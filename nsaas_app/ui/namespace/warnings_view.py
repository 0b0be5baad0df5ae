"""Warnings of a namespace as cards, computed from groups. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from ...domain.resource_words import RESOURCE_WORDS
from ...insights.quota_words import Shortfall
from ...insights.warnings import WarningGroup
from ..figures import count, in_full
from ..routes import Pill
from .tabs import tab_address

__all__ = ["ShortLine", "WarningCard", "kind_pills", "since_of", "since_pills"]

_SINCE: Final = {"15m": "15 minutes", "1h": "1 hour"}
_USUAL: Final = "1h"
_SPANS: Final = {"15m": timedelta(minutes=15)}


@dataclass(frozen=True)
class ShortLine:
    """One resource that was short."""

    resource: str
    text: str
    raw: str

    @classmethod
    def of(cls, one: Shortfall) -> Self:
        """Say by how much."""
        short, asked, used, hard = (
            in_full(one.resource, quantity)
            for quantity in (one.short_by, one.requested, one.used, one.hard)
        )
        name = RESOURCE_WORDS.get(one.resource, one.resource)
        text = f"{name}: short by {short}. Asked for {asked}, used {used} of {hard}."
        return cls(one.resource, text, one.short_by)


@dataclass(frozen=True)
class WarningCard:
    """Warnings of one cause."""

    key: str
    title: str
    code: str
    cause: str
    fix: str
    who: str
    objects: str
    times: str
    last_seen: str
    message: str
    shortfalls: tuple[ShortLine, ...]

    @classmethod
    def of(cls, group: WarningGroup) -> Self:
        """Describe a group."""
        more = group.objects_total - len(group.objects)
        named = ", ".join(group.objects)
        times = "once" if group.times == 1 else f"{count(group.times)} times"
        kind = group.objects[0].partition("/")[0] if group.objects else ""
        return cls(
            key=f"{group.reason}-{group.code}-{kind}".lower(),
            title=group.cause,
            code=group.code or group.reason,
            cause=group.cause,
            fix=group.fix,
            who=group.who_can_fix,
            objects=f"{named} and {count(more)} more" if more else named,
            times=times,
            last_seen=group.last_seen,
            message=group.message,
            shortfalls=tuple(ShortLine.of(one) for one in group.shortfalls),
        )


def since_of(query: Mapping[str, str]) -> timedelta | None:
    """Read how far back an address looks; None is as far as the cluster remembers."""
    return _SPANS.get(query.get("since", ""))


def since_pills(name: str, query: Mapping[str, str]) -> list[Pill]:
    """Offer every span."""
    opened = query.get("since", "")
    opened = opened if opened in _SINCE else _USUAL
    return [
        Pill(
            key,
            label,
            tab_address(
                name, "events", kind=query.get("kind", ""), since="" if key == _USUAL else key
            ),
            key == opened,
        )
        for key, label in _SINCE.items()
    ]


def kind_pills(name: str, kinds: Iterable[str], query: Mapping[str, str]) -> list[Pill]:
    """Offer every kind there are warnings about, and the one that is asked for."""
    opened = query.get("kind", "")[:63]
    offered = ["", *sorted({*kinds, *([opened] if opened else [])})]
    return [
        Pill(
            kind or "all",
            kind or "All kinds",
            tab_address(name, "events", kind=kind, since=query.get("since", "")),
            kind == opened,
        )
        for kind in offered
    ]
