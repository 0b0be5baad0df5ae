"""What the form shows of a draft: rules, budget and name as they stand now."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from ... import runtime
from ...directory.hub import NAMESPACES, REQUESTS, TEAMS
from ...domain.actors import Actor
from .asking import Answer, asked
from .draft import Draft
from .sources import team_of
from .steps import step_of
from .view import form_vars, issues_of

__all__ = ["ANEW", "CHECKED_BY", "Found", "checked"]

ANEW: Final = "checked_anew"
"""Under this key a page's reading holds what was checked; it is no var."""
CHECKED_BY: Final = (NAMESPACES, REQUESTS, TEAMS)
"""News of these may change what the checks say of a draft."""


@dataclass(frozen=True)
class Found:
    """What the checks say of a draft, and of which."""

    draft: Draft
    shown: AbstractSet[str]
    """The fields whose errors show."""
    answer: Answer
    values: Mapping[str, object]
    """The form's vars."""

    @property
    def lost(self) -> dict[str, str]:
        """Messages of the steps before the review."""
        issues = issues_of(self.draft, self.answer)
        return {field: text for field, text in issues.items() if step_of(field) != "review"}


async def checked(draft: Draft, shown: AbstractSet[str], actor: Actor) -> Found:
    """Check a draft by what is booked and taken at this moment."""
    portal = runtime.current()
    team = await team_of(draft.team, actor)
    answer = await asked(draft, actor, team=team)
    use = await portal.teams.budget_use(team.name) if team is not None else None
    values = form_vars(
        draft,
        answer,
        shown=shown,
        team=team,
        use=use,
        now=portal.clock(),
        ceilings=portal.provisioner.house.ceilings,
    )
    return Found(draft, shown, answer, values)
