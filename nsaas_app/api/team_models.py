"""Teams and members in the contract's field names."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from ..domain.team_document import team_to_document, version_of
from ..teams.members import MemberList
from ..teams.overview import TeamStanding

__all__ = ["MembersOut", "TeamOut", "TeamPage"]


class CostOut(BaseModel):
    """A month of what is used and reserved, with the source of the prices."""

    monthly: float
    basis: str
    source: str
    as_of: str


class TeamOut(BaseModel):
    """A team."""

    name: str
    display_name: str
    cost_center: str
    groups: dict[str, list[str]]
    budget: dict[str, Any]
    used: dict[str, Any]
    reserved: dict[str, Any]
    cost: CostOut
    version: str

    @property
    def etag(self) -> str:
        """The version as HTTP writes it."""
        return f'"{self.version}"'

    @classmethod
    def of(cls, standing: TeamStanding) -> Self:
        """Show a team with its ledger."""
        team, use, cost = standing.team, standing.use, standing.cost
        counts = {environment.value: n for environment, n in use.per_environment.items()}
        return cls(
            name=str(team.name),
            **team_to_document(team),
            used={
                "namespaces": use.namespaces,
                "per_environment": counts,
                **use.used.to_quantities(),
            },
            reserved=use.reserved.to_quantities(),
            cost=CostOut(
                monthly=float(cost.monthly),
                basis=cost.basis,
                source=cost.source,
                as_of=cost.as_of.isoformat(),
            ),
            version=version_of(team),
        )


class TeamPage(BaseModel):
    """All teams the actor may see."""

    items: list[TeamOut]
    total: int
    next_cursor: str | None = None


class MemberOut(BaseModel):
    """Somebody seen with a group of the team."""

    subject: str
    display_name: str
    role: str
    groups: list[str]
    seen_at: datetime


class GroupOut(BaseModel):
    """A group of the team's configuration; `seen` counts the people known to be in it."""

    name: str
    role: str
    seen: int


class MembersOut(BaseModel):
    """Members of a team: people with a living login session or token."""

    items: list[MemberOut]
    total: int
    groups: list[GroupOut]
    next_cursor: str | None = None

    @classmethod
    def of(cls, found: MemberList) -> Self:
        """Show who belongs to a team."""
        return cls(
            items=[
                MemberOut(
                    subject=member.subject,
                    display_name=member.display_name,
                    role=member.role.value,
                    groups=list(member.groups),
                    seen_at=member.seen_at,
                )
                for member in found.members
            ],
            total=len(found.members),
            groups=[
                GroupOut(name=group.name, role=group.role.value, seen=group.seen)
                for group in found.groups
            ],
        )
