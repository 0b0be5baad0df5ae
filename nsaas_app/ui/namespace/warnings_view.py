"""Warnings of a namespace as cards, computed from groups. Pure."""

from dataclasses import dataclass
from typing import Self

from ...insights.quota_words import Shortfall
from ...insights.warnings import WarningGroup
from ..figures import amount, count, unit_of

__all__ = ["ShortLine", "WarningCard"]


@dataclass(frozen=True)
class ShortLine:
    """One resource that was short."""

    resource: str
    text: str
    raw: str

    @classmethod
    def of(cls, one: Shortfall) -> Self:
        """Say by how much."""

        def write(quantity: str) -> str:
            return f"{amount(one.resource, quantity)} {unit_of(one.resource)}".rstrip()

        text = (
            f"{one.resource}: short by {write(one.short_by)}. Asked for {write(one.requested)}, "
            f"used {write(one.used)} of {write(one.hard)}."
        )
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
