"""Teams and members in the contract's field names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from ..domain.access_review import AccessReview
from ..domain.budget_asks import BudgetAsk
from ..domain.team_document import team_to_document, version_of
from ..insights.scorecard import Scorecard
from ..teams.members import MemberList
from ..teams.overview import NamespaceShare, TeamStanding

__all__ = [
    "BudgetAskOut",
    "BudgetAskPage",
    "MembersOut",
    "ReviewOut",
    "ScorecardOut",
    "SharePage",
    "TeamOut",
    "TeamPage",
]


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


class ShareOut(BaseModel):
    """What one namespace takes; `reserved` while a request that has not ended holds it."""

    namespace: str
    environment: str
    reserved: bool
    amount: dict[str, str]


class SharePage(BaseModel):
    """All shares of a team, by name."""

    items: list[ShareOut]
    total: int
    next_cursor: str | None = None

    @classmethod
    def of(cls, shares: Sequence[NamespaceShare]) -> Self:
        """Show them."""
        items = [
            ShareOut(
                namespace=one.namespace,
                environment=one.environment.value,
                reserved=one.is_reserved,
                amount=one.amount.to_quantities(),
            )
            for one in shares
        ]
        return cls(items=items, total=len(items))


class RuleOut(BaseModel):
    """One rule; `kept` is null where nothing is known to judge by."""

    key: str
    title: str
    points: int
    kept: bool | None
    result: str
    improve: str


class ScorecardOut(BaseModel):
    """The part of the points that is reached, 0 to 100, and every rule."""

    score: int | None
    rules: list[RuleOut]

    @classmethod
    def of(cls, found: Scorecard) -> Self:
        """Show a scorecard."""
        rules = [
            RuleOut(
                key=rule.key,
                title=rule.title,
                points=rule.points,
                kept=rule.is_kept,
                result=rule.result,
                improve=rule.improve,
            )
            for rule in found.rules
        ]
        return cls(score=found.score, rules=rules)


class ReviewOut(BaseModel):
    """The review of a team's access; without `due_at` it is due at once."""

    reviewed_at: datetime | None
    reviewed_by: str
    due_at: datetime | None
    is_due: bool

    @classmethod
    def of(cls, review: AccessReview, *, now: datetime) -> Self:
        """Show when it was and is due."""
        return cls(
            reviewed_at=review.reviewed_at,
            reviewed_by=review.reviewed_by,
            due_at=review.due_at,
            is_due=review.is_due(now),
        )


class BudgetAskOut(BaseModel):
    """A wish for a larger budget; `wanted` names only the limits that should change."""

    id: str
    team: str
    asked_by: str
    asked_at: datetime
    wanted: dict[str, Any]
    reason: str

    @classmethod
    def of(cls, ask: BudgetAsk) -> Self:
        """Show one."""
        return cls(
            id=ask.ask_id,
            team=ask.team,
            asked_by=ask.asked_by,
            asked_at=ask.asked_at,
            wanted=dict(ask.wanted),
            reason=ask.reason,
        )


class BudgetAskPage(BaseModel):
    """Wishes of a team that nobody has decided, the newest first."""

    items: list[BudgetAskOut]
    total: int
    next_cursor: str | None = None

    @classmethod
    def of(cls, asks: Sequence[BudgetAsk]) -> Self:
        """Show them."""
        return cls(items=[BudgetAskOut.of(one) for one in asks], total=len(asks))
