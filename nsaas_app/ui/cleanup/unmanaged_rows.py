"""Namespaces that nobody manages, as they are shown. Pure."""

from dataclasses import dataclass
from typing import Self

from ...cleanup.unmanaged import Unmanaged, UnmanagedList
from ..figures import count, iso
from ..routes import address

__all__ = ["UNMANAGED", "UnmanagedRow", "unmanaged_vars"]

UNMANAGED = "unmanaged"
"""Name of the list in the address."""
_MOST = 200


@dataclass(frozen=True)
class UnmanagedRow:
    """One namespace."""

    name: str
    created_at: str
    pods: str
    why_not: str
    """Why it cannot be adopted as it is; empty where it can."""
    adopt_href: str

    @classmethod
    def of(cls, one: Unmanaged) -> Self:
        """Show it."""
        return cls(
            name=one.name,
            created_at=iso(one.created_at),
            pods=count(one.pods),
            why_not=" ".join(one.obstacles),
            adopt_href=address("/new", {"from": f"adopt:{one.name}"}) if one.is_adoptable else "",
        )


def unmanaged_vars(found: UnmanagedList) -> dict[str, object]:
    """Write the list into the vars of the page."""
    total, free = len(found.items), sum(one.is_adoptable for one in found.items)
    more = f" The first {_MOST} are shown." if total > _MOST else ""
    word = "namespace is" if total == 1 else "namespaces are"
    return {
        "unmanaged": [UnmanagedRow.of(one) for one in found.items[:_MOST]],
        "unmanaged_word": f"{count(total)} {word} not managed, {count(free)} of them can be "
        f"adopted.{more}",
    }
