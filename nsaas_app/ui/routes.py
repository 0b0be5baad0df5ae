"""Addresses: reading the address of a page, writing one with its filters. Pure.

An address comes from the browser: it chooses what is asked for, never what is allowed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

__all__ = ["Pill", "address", "dropped_words", "last_part", "number_in"]


_DIGITS: Final = 6
"""No list is so long that its page number has more."""


@dataclass(frozen=True)
class Pill:
    """One of several addresses side by side, of which one is open."""

    key: str
    label: str
    href: str
    is_open: bool
    short: str = ""
    """The label where there is little room; empty where it is short enough."""


def last_part(path: str) -> str:
    """Give the last part of a path: the name or id a page is about."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def address(path: str, query: Mapping[str, str]) -> str:
    """Write an address; empty values are left out, so that the plain page has the plain address."""
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept, quote_via=quote, safe=',')}" if kept else path


def dropped_words(dropped: Sequence[str]) -> str:
    """Say which values of an address mean nothing; empty where all do."""
    return f"Ignored, because it means nothing here: {', '.join(dropped)}." if dropped else ""


def number_in(text: str, *, default: int) -> int:
    """Read a positive number from an address; anything else is the default."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return max(1, int(text)) if is_number else default
