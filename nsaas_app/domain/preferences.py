"""Preferences: how one person wants to see the portal. They change no rule and no right."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final, Self
from zoneinfo import available_timezones

from .errors import FieldIssue, InvalidFieldsError

__all__ = ["PAGE_SIZES", "Density", "Motion", "Preferences", "Theme", "time_zones"]

PAGE_SIZES: Final = (20, 50)
"""Rows on a page of a list; the first is usual."""
_NO_PLACES: Final = ("posix/", "right/", "localtime", "Factory")


class Theme(StrEnum):
    """Which colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    """How high a row of a table is."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class Motion(StrEnum):
    """Whether anything moves."""

    SYSTEM = "system"
    """As the system is set."""
    REDUCED = "reduced"


@cache
def time_zones() -> tuple[str, ...]:
    """Every IANA time zone there is, in the order of their names."""
    return tuple(sorted(name for name in available_timezones() if not name.startswith(_NO_PLACES)))


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody chose; every field stands for itself."""

    theme: Theme = Theme.SYSTEM
    density: Density = Density.COMFORTABLE
    page_size: int = PAGE_SIZES[0]
    time_zone: str = ""
    """An IANA name; empty for the browser's own."""
    motion: Motion = Motion.SYSTEM

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what somebody sent; what is left out is as usual.

        Raises:
            InvalidFieldsError: a field is unknown, or has no value that it may have.
        """
        issues = [
            FieldIssue(name, "There is no such preference.")
            for name in document
            if name not in cls.__slots__
        ]
        for name, choices in _CHOICES.items():
            if document.get(name, choices[0]) not in choices:
                words = ", ".join(str(choice) for choice in choices)
                issues.append(FieldIssue(name, f"Choose one of {words}."))
        zone = document.get("time_zone", "")
        if zone != "" and zone not in time_zones():
            message = "Choose an IANA time zone such as Europe/Berlin, or none for the browser's."
            issues.append(FieldIssue("time_zone", message))
        if issues:
            raise InvalidFieldsError(issues)
        return cls(
            theme=Theme(document.get("theme", Theme.SYSTEM)),
            density=Density(document.get("density", Density.COMFORTABLE)),
            page_size=int(document.get("page_size", PAGE_SIZES[0])),
            time_zone=zone,
            motion=Motion(document.get("motion", Motion.SYSTEM)),
        )

    def to_document(self) -> dict[str, Any]:
        """Write it as JSON types."""
        return {name: value if isinstance(value, int) else str(value)
                for name, value in asdict(self).items()}  # fmt: skip


_CHOICES: Final[Mapping[str, tuple[Any, ...]]] = {
    "theme": tuple(Theme),
    "density": tuple(Density),
    "page_size": PAGE_SIZES,
    "motion": tuple(Motion),
}
