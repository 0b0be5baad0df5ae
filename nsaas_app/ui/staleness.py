"""What the stale banner says: which kinds of objects are old, and since when. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ..directory.query import Freshness, KindAge, Liveness
from .figures import iso

__all__ = ["OldKinds", "old_kinds"]

_TOGETHER: Final = timedelta(seconds=2)
"""One lost connection ends all watches, but not in the same instant."""


@dataclass(frozen=True)
class OldKinds:
    """Kinds that were heard of last at the same time."""

    words: str
    since: str


def old_kinds(freshness: Freshness) -> list[OldKinds]:
    """Name the kinds that are too old, those of one moment together; none unless it is stale."""
    if freshness.liveness is not Liveness.STALE:
        return []
    groups: list[list[KindAge]] = []
    for one in freshness.stale_kinds:
        if groups and one.as_of - groups[-1][0].as_of <= _TOGETHER:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [OldKinds(_words(group, freshness.kinds), iso(group[0].as_of)) for group in groups]


def _words(group: list[KindAge], kinds: int) -> str:
    names = ", ".join(sorted(one.kind for one in group))
    return f"All {kinds} kinds of objects" if len(group) == kinds else names
