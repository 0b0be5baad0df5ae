"""What the palette lists: groups of items, ranked by how well they match. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

__all__ = ["MOST", "PaletteGroup", "PaletteItem", "Wanted", "best", "counted", "neighbour"]

MOST: Final = 8
"""So many results a group shows at most."""
_SIGNS: Final = {">": "actions", "@": "teams", "#": "requests", "?": "help"}

Item = TypeVar("Item")


@dataclass(frozen=True)
class PaletteItem:
    """One line. `key` is its id on the page and the end of its test id."""

    key: str
    kind: str
    label: str
    note: str
    href: str


@dataclass(frozen=True)
class PaletteGroup:
    """Lines of one kind under a heading."""

    name: str
    label: str
    lines: tuple[PaletteItem, ...]


@dataclass(frozen=True)
class Wanted:
    """What was typed: the text to look for, and the one group it is looked for in, if any."""

    text: str
    group: str = ""

    @classmethod
    def of(cls, typed: str) -> "Wanted":
        """Read what was typed; a sign in front names a group."""
        typed = typed.strip()
        group = _SIGNS.get(typed[:1], "")
        return cls((typed[1:] if group else typed).strip().casefold(), group)

    def includes(self, group: str) -> bool:
        """Whether a group is looked through."""
        return self.group in ("", group)


def best(items: Iterable[Item], text: str, words_of: Callable[[Item], Sequence[str]]) -> list[Item]:
    """Keep what has the text in its words, at most `MOST`, each in the order it came.

    Where the first word begins with the text comes first, then where it has it inside, then where
    another word has it.
    """
    beginnings: list[Item] = []
    inside: list[Item] = []
    elsewhere: list[Item] = []
    for item in items:
        first, *others = words_of(item)
        place = first.casefold().find(text)
        if place == 0:
            beginnings.append(item)
            if len(beginnings) == MOST:
                break
        elif place > 0:
            if len(inside) < MOST:
                inside.append(item)
        elif len(elsewhere) < MOST and any(text in word.casefold() for word in others):
            elsewhere.append(item)
    return [*beginnings, *inside, *elsewhere][:MOST]


def counted(groups: Sequence[PaletteGroup]) -> str:
    """Say how much was found."""
    total = sum(len(group.lines) for group in groups)
    return "1 result" if total == 1 else f"{total} results"


def neighbour(keys: Sequence[str], active: str, by: int) -> str:
    """Give the key so many lines further, round the ends."""
    if not keys:
        return ""
    if active not in keys:
        return keys[0]
    return keys[(keys.index(active) + by) % len(keys)]
