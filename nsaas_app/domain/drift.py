"""Drift: where the cluster differs from what was asked, in fields we own or by foreign objects."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

__all__ = ["DriftItem", "Remedy", "Repaired"]


class Remedy(StrEnum):
    """What becomes of it."""

    AUTOMATIC = "automatic"
    """Isolation, quota and access repair themselves."""
    OFFERED = "offered"
    """A person decides: the repair is one click."""
    STOPPED = "stopped"
    """Another controller keeps undoing the repair: people must settle it first."""
    FOREIGN = "foreign"
    """Not ours to change: a policy of somebody else that widens isolation."""


@dataclass(frozen=True, slots=True)
class DriftItem:
    """One difference."""

    object: str
    """`Kind/name`."""
    path: str
    """Empty when the whole object is missing or foreign."""
    desired: Any
    observed: Any
    remedy: Remedy
    note: str = ""

    @property
    def kind(self) -> str:
        """Kind of the object."""
        return self.object.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Repaired:
    """Drift that is over."""

    objects: tuple[str, ...]
    """What differed, as `Kind/name`."""
    at: datetime
    """When it was seen to be as asked again."""
