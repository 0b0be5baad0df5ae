"""What the overview is about: whose namespaces and since when, read from the address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Self

from ...domain.actors import Actor
from ..routes import Pill, address
from .uses import RESOURCES

__all__ = ["OverviewFilters"]

_SCOPES: Final = {"fleet": ("All teams", "All"), "mine": ("My teams", "Mine")}
WINDOWS: Final = {
    "24h": ("24 hours", timedelta(hours=24)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
}
_DEFAULT: Final = "30d"
_RESOURCE: Final = "cpu"


@dataclass(frozen=True)
class OverviewFilters:
    """Scope and window; words that mean nothing fall back to the default."""

    scope: str = "fleet"
    window: str = _DEFAULT
    shows_all: bool = False
    """Whether everything that needs attention is listed, not only the worst."""
    resource: str = _RESOURCE
    """Of what the use of teams is compared."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address."""
        scope, window = query.get("scope", ""), query.get("window", "")
        return cls(
            scope if scope in _SCOPES else "fleet",
            window if window in WINDOWS else _DEFAULT,
            query.get("attention", "") == "all",
            resource if (resource := query.get("use", "")) in RESOURCES else _RESOURCE,
        )

    @property
    def span(self) -> timedelta:
        """The window."""
        return WINDOWS[self.window][1]

    @property
    def words(self) -> str:
        """The window in words: `last 7 days`."""
        return f"last {WINDOWS[self.window][0]}"

    def address(self) -> str:
        """Write the address; what is the default is left out."""
        return address(
            "/",
            {
                "scope": "" if self.scope == "fleet" else self.scope,
                "window": "" if self.window == _DEFAULT else self.window,
                "attention": "all" if self.shows_all else "",
                "use": "" if self.resource == _RESOURCE else self.resource,
            },
        )

    def turned(self) -> Self:
        """The same with all that needs attention, or with the worst of it again."""
        return replace(self, shows_all=not self.shows_all)

    def teams_of(self, actor: Actor) -> tuple[str, ...]:
        """The teams that a list behind a number must be narrowed to; none where it need not be."""
        if self.eyes_of(actor) is actor:
            return ()
        return tuple(sorted(str(team) for team in actor.teams))

    def eyes_of(self, actor: Actor) -> Actor:
        """Who looks: with scope `mine`, those who see all teams look as a member of their own."""
        if self.scope == "mine" and actor.sees_all_teams:
            return replace(actor, is_admin=False, is_auditor=False)
        return actor

    def scope_pills(self) -> list[Pill]:
        """Offer whose namespaces to show."""
        return [
            Pill(key, label, replace(self, scope=key).address(), self.scope == key, short)
            for key, (label, short) in _SCOPES.items()
        ]

    def window_pills(self) -> list[Pill]:
        """Offer since when to count."""
        return [
            Pill(
                key,
                label,
                replace(self, window=key).address(),
                self.window == key,
                key.replace("h", " h").replace("d", " d"),
            )
            for key, (label, _) in WINDOWS.items()
        ]

    def resource_pills(self) -> list[Pill]:
        """Offer of what to compare the use of teams."""
        return [
            Pill(key, label, replace(self, resource=key).address(), self.resource == key)
            for key, label in RESOURCES.items()
        ]
