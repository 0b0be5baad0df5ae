"""The scorecard of a team: rules that a good team keeps, each with its result and the way there.

Pure but for the service at the end, which gathers the facts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..directory.directory import Directory
from ..directory.query import RowQuery
from ..directory.requests import Performance, RequestBoard
from ..directory.rows import NamespaceRow
from ..domain.access_review import AccessReview
from ..domain.actors import Actor, Role
from ..domain.quantities import parse_quantity
from ..teams.members import MemberList, Members
from ..teams.overview import TeamOverviews, TeamStanding
from ..teams.reviews import AccessReviews

__all__ = ["Facts", "Rule", "Scorecard", "Scorecards", "scorecard_of"]

_EVERYTHING: Final = 1_000_000
_WINDOW: Final = timedelta(days=30)
_ROOM: Final = Decimal("0.9")
_ASKED: Final = Decimal("0.3")
_GOOD_RATE: Final = 0.95
_FEWEST: Final = 5
"""Of fewer requests no rate is worth a judgement."""
_NAMED: Final = 3
"""So many namespaces are named in a result."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with its result."""

    key: str
    title: str
    points: int
    """What it weighs."""
    is_kept: bool | None
    """None: nothing is known to judge by."""
    result: str
    improve: str
    """What to do about it; empty where it is kept."""
    href: str
    """Where to do it."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All rules, and what part of the points is reached."""

    score: int | None
    """0 to 100 of the rules that can be judged; None where none can."""
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a scorecard is computed from."""

    standing: TeamStanding
    rows: Sequence[NamespaceRow]
    members: MemberList
    performance: Performance
    review: AccessReview
    now: datetime


def scorecard_of(facts: Facts) -> Scorecard:
    """Judge a team."""
    rules = (*_of_namespaces(facts), *_of_budget(facts), *_of_people(facts), _requests(facts))
    judged = [rule for rule in rules if rule.is_kept is not None]
    reached = sum(rule.points for rule in judged if rule.is_kept)
    total = sum(rule.points for rule in judged)
    return Scorecard(round(100 * reached / total) if total else None, rules)


def _named(rows: Iterable[NamespaceRow]) -> str:
    names = [row.name for row in rows]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _none_with(
    facts: Facts, key: str, title: str, points: int, *, codes: Sequence[str], improve: str
) -> Rule:
    """A rule that no namespace may break; without any namespace there is nothing to judge."""
    wrong = [row for row in facts.rows if any(one.code in codes for one in row.health.reasons)]
    team = facts.standing.team.name
    return Rule(
        key=key,
        title=title,
        points=points,
        is_kept=not wrong if facts.rows else None,
        result=_named(wrong) if wrong else "All of them" if facts.rows else "No namespace yet",
        improve=improve if wrong else "",
        href=f"/namespaces?team={team}&health={','.join(codes)}",
    )


def _of_namespaces(facts: Facts) -> tuple[Rule, ...]:
    team = facts.standing.team.name
    silent = [row for row in facts.rows if not row.description]
    return (
        _none_with(
            facts, "healthy", "Every namespace is there and works", 20,
            codes=("missing", "stuck", "failed", "unavailable"),
            improve="Open each and follow what its health says.",
        ),
        _none_with(
            facts, "as-asked", "Every namespace is as it was asked for", 15, codes=("drifted",),
            improve="Open each and repair what differs, or ask for the change.",
        ),
        _none_with(
            facts, "quota", "No quota is above 90 %", 10, codes=("near-quota",),
            improve="Ask for a larger tier, or free something.",
        ),
        _none_with(
            facts, "lifetime", "No lifetime is over", 10, codes=("expired", "uncertified"),
            improve="Renew what is needed, release the rest.",
        ),
        Rule(
            key="described",
            title="Every namespace says what it is for",
            points=5,
            is_kept=not silent if facts.rows else None,
            result=_named(silent) if silent else "All of them" if facts.rows
            else "No namespace yet",
            improve="Write one sentence under Settings of each." if silent else "",
            href=f"/namespaces?team={team}",
        ),
    )  # fmt: skip


def _of_budget(facts: Facts) -> tuple[Rule, ...]:
    standing = facts.standing
    booked, top = standing.use.used + standing.use.reserved, standing.team.budget.resources
    pairs = (("CPU", booked.cpu, top.cpu), ("memory", booked.memory, top.memory),
             ("storage", booked.storage, top.storage))  # fmt: skip
    full = [word for word, part, limit in pairs if part > limit * _ROOM]
    asked = sum(
        (
            parse_quantity(row.quota["requests.cpu"].used)
            for row in facts.rows
            if "requests.cpu" in row.quota
        ),
        Decimal(0),
    )
    used = standing.use.used.cpu
    is_used = asked >= used * _ASKED if used else None
    href = f"/teams/{standing.team.name}"
    return (
        Rule(
            key="room",
            title="The budget has room for one more",
            points=5,
            is_kept=not full,
            result=f"Above 90 %: {', '.join(full)}" if full else "Below 90 % of every limit",
            improve="Ask for more, or release what nobody needs." if full else "",
            href=href,
        ),
        Rule(
            key="asked-for",
            title="What is booked is asked for by pods",
            points=10,
            is_kept=is_used,
            result="Nothing is booked" if is_used is None
            else f"Pods request {asked.normalize():f} of {used.normalize():f} booked CPU",
            improve="See under Right-sizing which namespaces a smaller tier would hold."
            if is_used is False else "",
            href=f"/insights?view=rightsizing&team={standing.team.name}",
        ),
        Rule(
            key="cost-centre",
            title="It is known who pays",
            points=5,
            is_kept=bool(standing.team.cost_center),
            result=standing.team.cost_center or "No cost centre",
            improve="" if standing.team.cost_center else "Ask a platform admin to write it down.",
            href=href,
        ),
    )  # fmt: skip


def _of_people(facts: Facts) -> tuple[Rule, ...]:
    leads = [one for one in facts.members.members if one.role is Role.LEAD]
    unseen = [group.name for group in facts.members.groups if not group.seen]
    is_due = facts.review.is_due(facts.now)
    reviewed = facts.review.reviewed_at
    href = f"/teams/{facts.standing.team.name}?tab=members"
    return (
        Rule(
            key="two-leads",
            title="Two leads can decide",
            points=5,
            is_kept=len(leads) > 1,
            result=f"{len(leads)} seen",
            improve="" if len(leads) > 1 else "Put a second person into a group of the leads.",
            href=href,
        ),
        Rule(
            key="groups",
            title="Every group is one that somebody is in",
            points=5,
            is_kept=not unseen if facts.members.groups else None,
            result=f"Matches nobody seen so far: {', '.join(unseen)}" if unseen
            else "All of them" if facts.members.groups else "No group yet",
            improve="Mend the name, or take the group out." if unseen else "",
            href=href,
        ),
        Rule(
            key="review",
            title="Access was reviewed in the last 90 days",
            points=5,
            is_kept=not is_due,
            result=f"By {facts.review.reviewed_by}, {reviewed:%d %b %Y}" if reviewed
            else "The team is younger than that" if not is_due else "Never",
            improve="Look at the groups under Members and confirm them." if is_due else "",
            href=href,
        ),
    )  # fmt: skip


def _requests(facts: Facts) -> Rule:
    found = facts.performance
    is_enough = found.n >= _FEWEST and found.success_rate is not None
    is_good = (found.success_rate or 0.0) >= _GOOD_RATE
    rate = f"{round(100 * (found.success_rate or 0.0))} % of {found.n} in 30 days"
    return Rule(
        key="requests",
        title="Requests come through",
        points=5,
        is_kept=is_good if is_enough else None,
        result=rate if is_enough else f"Too early: {found.n} of {_FEWEST} requests in 30 days",
        improve="Open those that failed: each says why." if is_enough and not is_good else "",
        href=f"/requests?team={facts.standing.team.name}&kind=provision&status=failed",
    )


class Scorecards:
    """Gathers the facts of a team and judges it."""

    def __init__(
        self,
        *,
        overviews: TeamOverviews,
        members: Members,
        reviews: AccessReviews,
        directory: Directory,
        board: RequestBoard,
        clock: Callable[[], datetime],
    ) -> None:
        self._overviews = overviews
        self._members = members
        self._reviews = reviews
        self._directory = directory
        self._board = board
        self._clock = clock

    async def of(self, name: str, *, actor: Actor) -> Scorecard:
        """Judge one team by what stands now.

        Raises:
            NotFoundError: there is no such team, or it is not the actor's.
        """
        standing = await self._overviews.one(name, actor=actor)
        query = RowQuery(teams=frozenset({name}), limit=_EVERYTHING)
        facts = Facts(
            standing=standing,
            rows=self._directory.find(query, actor=actor).items,
            members=await self._members.of(name, actor=actor),
            performance=self._board.performance(
                actor=actor, window=_WINDOW, team=standing.team.name
            ),
            review=await self._reviews.of(name, actor=actor),
            now=self._clock(),
        )
        return scorecard_of(facts)
