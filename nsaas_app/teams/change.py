"""One change of a team: who makes it, from what they saw, and what nobody does to oneself."""

from dataclasses import dataclass

from ..domain.actors import Actor
from ..domain.errors import FieldIssue, InvalidFieldsError
from ..domain.teams import TeamGroups

__all__ = ["TeamChange", "ensure_still_leads"]


@dataclass(frozen=True, slots=True)
class TeamChange:
    """Who changes a team, through which edge, and which state of it they saw."""

    actor: Actor
    source: str
    correlation_id: str = ""
    version: str = ""
    """The version that was edited; empty when it does not matter."""

    @property
    def audit_source(self) -> str:
        """The edge with the way of authentication."""
        return f"{self.source}/{self.actor.auth.value}"


def ensure_still_leads(actor: Actor, groups: TeamGroups) -> None:
    """Keep a lead from taking the lead from itself by mistake.

    Raises:
        InvalidFieldsError: none of the actor's groups would lead the team.
    """
    if not actor.is_admin and set(groups.lead).isdisjoint(actor.groups):
        message = "None of your own groups would lead the team: you would shut yourself out."
        raise InvalidFieldsError([FieldIssue("groups.lead", message)])
