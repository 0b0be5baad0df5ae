"""Wishes for a larger budget as the page shows them. Pure."""

from dataclasses import dataclass
from typing import Self

from ...domain.budget_asks import BudgetAsk, differences, granted
from ...domain.team_document import changed_team
from ...domain.teams import Team
from ..figures import iso

__all__ = ["AskLine"]


@dataclass(frozen=True)
class AskLine:
    """One wish that waits."""

    ask_id: str
    asked_by: str
    asked_at: str
    wanted: str
    """Each limit, before and after."""
    reason: str

    @classmethod
    def of(cls, ask: BudgetAsk, team: Team) -> Self:
        """Describe one against the budget as it is now."""
        wanted = changed_team(str(team.name), {"budget": granted(team, ask)}, present=team)
        found = differences(team.budget, wanted.budget)
        words = ", ".join(f"{one.word} {one.before} → {one.after}" for one in found)
        return cls(ask.ask_id, ask.asked_by, iso(ask.asked_at), words, ask.reason)
