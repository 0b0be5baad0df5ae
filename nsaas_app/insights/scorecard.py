"""The scorecard of a team: rules that a good team keeps, each with its result and the way there.

Pure; `scorecards.py` gathers the facts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from ..directory.outcomes import Performance
from ..directory.rows import NamespaceRow
from ..domain.access_review import AccessReview
from ..domain.actors import Role
from ..domain.environments import Environment
from ..domain.namespaces import NamespaceState
from ..domain.quantities import parse_quantity
from ..teams.members import MemberList
from ..teams.overview import TeamStanding

__all__ = ["Facts", "Rule", "Scorecard", "scorecard_of"]

_ROOM: Final = Decimal("0.9")
_ASKED: Final = Decimal("0.3")
_GOOD_RATE: Final = 0.95
_FEWEST: Final = 5
"""Of fewer requests no rate is worth a judgement."""
_NAMED: Final = 3
"""So many namespaces are named in a result."""
_NO_QUOTA: Final = "No quota has been read yet"


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
    facts: Facts,
    key: str,
    title: str,
    points: int,
    *,
    codes: Sequence[str],
    improve: str,
    unknown: str = "",
) -> Rule:
    """A rule that no namespace may break; without any namespace there is nothing to judge.

    Args:
        facts: of the team.
        key: names the rule.
        title: says it.
        points: what it weighs.
        codes: of the health reasons that break it.
        improve: what to do about it.
        unknown: what is not known, so that nobody can say it is kept; broken it may be all the
            same.
    """
    wrong = [row for row in facts.rows if any(one.code in codes for one in row.health.reasons)]
    team = facts.standing.team.name
    is_known = bool(facts.rows) and (bool(wrong) or not unknown)
    fine = (unknown or "All of them") if facts.rows else "No namespace yet"
    return Rule(
        key=key,
        title=title,
        points=points,
        is_kept=not wrong if is_known else None,
        result=_named(wrong) if wrong else fine,
        improve=improve if wrong else "",
        href=f"/namespaces?team={team}&health={','.join(codes)}",
    )


def _of_namespaces(facts: Facts) -> tuple[Rule, ...]:
    team = facts.standing.team.name
    silent = [row for row in facts.rows if not row.description]
    is_seen = all(row.state is not NamespaceState.UNKNOWN for row in facts.rows)
    unseen = "" if is_seen else "The cluster has not been read yet"
    has_quota = any(row.quota for row in facts.rows)
    return (
        _none_with(
            facts, "healthy", "Every namespace is there and works", 20,
            codes=("missing", "stuck", "failed", "unavailable"),
            improve="Open each and follow what its health says.", unknown=unseen,
        ),
        _none_with(
            facts, "as-asked", "Every namespace is as it was asked for", 15, codes=("drifted",),
            improve="Open each and repair what differs, or ask for the change.", unknown=unseen,
        ),
        _none_with(
            facts, "quota", "No quota is above 90 %", 10, codes=("near-quota",),
            improve="Ask for a larger tier, or free something.",
            unknown="" if has_quota else _NO_QUOTA,
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


def _full_of(standing: TeamStanding) -> str:
    """What of the budget leaves no room for one more, in words; empty where there is room."""
    booked, budget = standing.use.used + standing.use.reserved, standing.team.budget
    top, use = budget.resources, standing.use
    pairs = (("CPU", booked.cpu, top.cpu), ("memory", booked.memory, top.memory),
             ("storage", booked.storage, top.storage))  # fmt: skip
    full = [word for word, part, limit in pairs if part > limit * _ROOM]
    found = [f"Above 90 %: {', '.join(full)}"] if full else []
    if use.namespaces >= budget.namespaces:
        found.append(f"{use.namespaces} of {budget.namespaces} namespaces are taken")
    elif all(use.per_environment.get(each, 0) >= budget.per_environment.get(each, 0)
             for each in Environment):  # fmt: skip
        found.append("Every environment has as many as it may")
    return "; ".join(found)


def _asked_for(facts: Facts) -> tuple[bool | None, str]:
    """Whether pods ask for enough of what is booked, where both are known, and that in words."""
    used = facts.standing.use.used.cpu
    if not used:
        return None, "Nothing is booked"
    known = [row.quota["requests.cpu"] for row in facts.rows if "requests.cpu" in row.quota]
    if not known:
        return None, _NO_QUOTA
    where = ""
    if len(known) < len(facts.rows):
        # What is booked for the others cannot be held against what is asked for in these.
        used = sum((parse_quantity(one.hard) for one in known), Decimal(0))
        where = f" in {len(known)} of {len(facts.rows)} namespaces"
    asked = sum((parse_quantity(one.used) for one in known), Decimal(0))
    words = f"Pods request {_plain(asked)} of {_plain(used)} booked CPU{where}"
    return asked >= used * _ASKED, words


def _plain(cores: Decimal) -> str:
    return f"{cores.normalize():f}"


def _of_budget(facts: Facts) -> tuple[Rule, ...]:
    standing = facts.standing
    full, (is_used, asked) = _full_of(standing), _asked_for(facts)
    href = f"/teams/{standing.team.name}"
    return (
        Rule(
            key="room",
            title="The budget has room for one more",
            points=5,
            is_kept=not full,
            result=full or "Below 90 % of every limit, and not every namespace is taken",
            improve="Ask for more, or release what nobody needs." if full else "",
            href=href,
        ),
        Rule(
            key="asked-for",
            title="What is booked is asked for by pods",
            points=10,
            is_kept=is_used,
            result=asked,
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
