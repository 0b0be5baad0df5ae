"""What the page is about: view, team and window, read from the address and written to it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Self

from ..routes import Pill, address

__all__ = ["KNOWN", "PATH", "VIEWS", "InsightFilters"]

PATH: Final = "/insights"
VIEWS: Final = {
    "usage": "Usage",
    "cost": "Cost",
    "rightsizing": "Right-sizing",
    "provisioning": "Provisioning",
}
_WINDOWS: Final = {"7d": 7, "30d": 30, "90d": 90}
_FIRST: Final = "usage"
_USUAL: Final = "30d"
_MAX_TEXT: Final = 63
_FIRST_SHOWN: Final = "chart"
_SHOWN: Final = {"chart": "Chart", "table": "Table"}
KNOWN: Final[Mapping[str, Collection[str]]] = {"view": VIEWS, "window": _WINDOWS, "show": _SHOWN}
"""Values that the address may have, by name."""
_TIMELESS: Final = "rightsizing"
"""A view of this moment: it has no window."""


@dataclass(frozen=True)
class InsightFilters:
    """What the address asks for; words that mean nothing fall back to the default."""

    view: str = _FIRST
    team: str = ""
    window: str = _USUAL
    show: str = _FIRST_SHOWN
    """Charts as they are drawn, or as tables."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address."""
        view, window, show = (query.get(name, "") for name in ("view", "window", "show"))
        return cls(
            view=view if view in VIEWS else _FIRST,
            team=query.get("team", "")[:_MAX_TEXT],
            window=window if window in _WINDOWS else _USUAL,
            show=show if show in _SHOWN else _FIRST_SHOWN,
        )

    @property
    def span(self) -> timedelta:
        """The window."""
        return timedelta(days=_WINDOWS[self.window])

    @property
    def words(self) -> str:
        """The window in words; now, where the view has none."""
        return "now" if self.view == _TIMELESS else f"last {_WINDOWS[self.window]} days"

    def address(self) -> str:
        """Write the address; what is the default is left out."""
        return address(
            PATH,
            {
                "view": "" if self.view == _FIRST else self.view,
                "team": self.team,
                "window": "" if self.window == _USUAL else self.window,
                "show": "" if self.show == _FIRST_SHOWN else self.show,
            },
        )

    def csv_address(self, part: str = "") -> str:
        """Where the same can be had as a file; `part` names one chart or table of several."""
        kind = "usage" if self.view == "cost" else self.view
        # What has no window has one table only.
        window, part = ("", "") if self.view == _TIMELESS else (self.window, part)
        return address(
            f"/api/v1/insights/{kind}/export", {"team": self.team, "window": window, "part": part}
        )

    def show_pills(self) -> list[Pill]:
        """Offer to see charts as tables; nothing where the view has no chart."""
        if self.view == _TIMELESS:
            return []
        return [
            Pill(key, label, replace(self, show=key).address(), self.show == key)
            for key, label in _SHOWN.items()
        ]

    def view_pills(self) -> list[Pill]:
        """Offer the views."""
        return [
            Pill(key, label, replace(self, view=key).address(), self.view == key)
            for key, label in VIEWS.items()
        ]

    def window_pills(self) -> list[Pill]:
        """Offer since when to count; nothing where the view is of now."""
        if self.view == _TIMELESS:
            return []
        return [
            Pill(key, f"{days} days", replace(self, window=key).address(), self.window == key)
            for key, days in _WINDOWS.items()
        ]
