"""Tallies: what the live namespaces of each team add up to, kept right row by row."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..domain.names import TeamName
from ..domain.namespaces import NamespaceState
from .rows import NamespaceRow

__all__ = ["LIVE", "Tallies", "Tally"]

LIVE = frozenset(
    {
        NamespaceState.ACTIVE,
        NamespaceState.CHANGING,
        NamespaceState.SLEEPING,
        NamespaceState.WAKING,
        NamespaceState.RELEASED,
    }
)
"""States of a namespace that counts: its Namespace object is Active."""


@dataclass(slots=True)
class Tally:
    """What live namespaces add up to."""

    namespaces: int = 0
    active_deployments: int = 0


class Tallies:
    """One tally a team."""

    def __init__(self) -> None:
        self._of_team: dict[TeamName, Tally] = {}

    def count(self, row: NamespaceRow, by: int) -> None:
        """Count a row in (1) or out (-1)."""
        if row.state in LIVE:
            tally = self._of_team.setdefault(row.team, Tally())
            tally.namespaces += by
            tally.active_deployments += by * row.active_deployments

    def sum(self, teams: Iterable[TeamName] | None) -> Tally:
        """Add up some teams; None means all."""
        wanted = self._of_team if teams is None else teams
        found = [self._of_team[team] for team in wanted if team in self._of_team]
        return Tally(
            sum(tally.namespaces for tally in found),
            sum(tally.active_deployments for tally in found),
        )
