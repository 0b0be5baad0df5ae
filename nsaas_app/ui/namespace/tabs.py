"""The sections of a namespace's page. Which one is open stands in the address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..routes import address

__all__ = ["TABS", "TabLink", "tab_address", "tab_links", "tab_of"]

TABS: Final[dict[str, str]] = {
    "overview": "Overview",
    "quota": "Quota & usage",
    "workloads": "Workloads",
    "network": "Network",
    "access": "Access",
    "events": "Events & failures",
    "activity": "Activity",
    "yaml": "YAML",
    "settings": "Settings",
}
"""Words of the address with their labels; the first is open where the address names none."""

_FIRST: Final = next(iter(TABS))


@dataclass(frozen=True)
class TabLink:
    """One section as a link."""

    key: str
    label: str
    href: str
    is_open: bool
    count: str = ""
    """How many things there call for attention; empty for none."""


def tab_of(query: Mapping[str, str]) -> str:
    """Read which section an address asks for."""
    wanted = query.get("tab", "")
    return wanted if wanted in TABS else _FIRST


def tab_address(name: str, tab: str, **query: str) -> str:
    """Write the address of a section; the first one has the plain address."""
    return address(f"/namespaces/{name}", {"tab": "" if tab == _FIRST else tab, **query})


def tab_links(name: str, opened: str, counts: Mapping[str, int]) -> list[TabLink]:
    """Link every section of a namespace."""
    return [
        TabLink(
            key=tab,
            label=label,
            href=tab_address(name, tab),
            is_open=tab == opened,
            count=str(counts[tab]) if counts.get(tab) else "",
        )
        for tab, label in TABS.items()
    ]
