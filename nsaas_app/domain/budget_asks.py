"""A lead's wish for a larger budget: what is wanted of which limits, and whether that stands. Pure.

A wish is told as a notice; the notice's key says what is wanted, so that it is told once.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from .environments import Environment
from .errors import FieldIssue, InvalidFieldsError
from .notices import Notice, NoticeKind
from .team_document import changed_team
from .teams import BUDGETED, Budget, Team
from .texts import text_issues

__all__ = [
    "MAX_REASON",
    "MIN_REASON",
    "BudgetAsk",
    "Difference",
    "answer_key",
    "differences",
    "granted",
    "open_asks",
    "wanted_budget",
]

MIN_REASON: Final = 20
"""Characters: whoever decides must know why."""
MAX_REASON: Final = 1000
_WORDS: Final = {
    "namespaces": "Namespaces",
    "requests.cpu": "CPU requests",
    "requests.memory": "Memory requests",
    "requests.storage": "Storage requests",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One limit as it is and as it is wanted, in Kubernetes notation."""

    limit: str
    """`namespaces`, a resource, or an environment."""
    word: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BudgetAsk:
    """One wish."""

    ask_id: str
    team: str
    asked_by: str
    asked_at: datetime
    wanted: Mapping[str, Any]
    """A budget as a document, with only the limits that should change."""
    reason: str

    @classmethod
    def of(cls, notice: Notice) -> Self:
        """Read it from its notice."""
        wanted = json.loads(notice.key.split("/", 3)[3])
        team, by, at = str(notice.team), notice.owner, notice.created_at
        return cls(notice.notice_id, team, by, at, wanted, notice.text)


def wanted_budget(team: Team, document: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """Read what is wanted: only what differs from the budget as it is.

    Raises:
        InvalidFieldsError: a limit is none, nothing would be larger, or nobody would know why.
    """
    length = len(reason.strip())
    issues = text_issues("reason", reason.strip(), limit=MAX_REASON)
    if not MIN_REASON <= length <= MAX_REASON:
        text = f"Say why, in {MIN_REASON} to {MAX_REASON:,} characters; these are {length}."
        issues = [FieldIssue("reason", text)]
    found: list[Difference] = []
    try:
        wanted = changed_team(str(team.name), {"budget": document}, present=team)
        found = differences(team.budget, wanted.budget)
    except InvalidFieldsError as error:
        issues += error.issues
    else:
        larger = _limits(wanted.budget)
        smaller = [one for one in found if larger[one.limit] < _limits(team.budget)[one.limit]]
        issues += [
            FieldIssue(f"budget.{one.limit}", "A wish is for more; ask an admin for less.")
            for one in smaller
        ]
        if not found:
            issues.append(FieldIssue("budget", "Nothing would change: raise at least one limit."))
    if issues:
        raise InvalidFieldsError(issues)
    return _document_of(wanted.budget, found)


def _limits(budget: Budget) -> dict[str, Any]:
    resources = (budget.resources.cpu, budget.resources.memory, budget.resources.storage)
    return {
        "namespaces": budget.namespaces,
        **dict(zip(BUDGETED, resources, strict=True)),
        **{each.value: budget.per_environment.get(each, 0) for each in Environment},
    }


def _written(budget: Budget) -> dict[str, str]:
    return {
        "namespaces": str(budget.namespaces),
        **budget.resources.to_quantities(),
        **{each.value: str(budget.per_environment.get(each, 0)) for each in Environment},
    }


def differences(before: Budget, after: Budget) -> list[Difference]:
    """Name every limit that differs."""
    was, then = _written(before), _written(after)
    old, new = _limits(before), _limits(after)
    return [
        Difference(limit, _WORDS.get(limit, f"In {limit}"), was[limit], then[limit])
        for limit in was
        if old[limit] != new[limit]
    ]


def granted(team: Team, ask: BudgetAsk) -> dict[str, Any]:
    """What is to be raised to fulfil a wish now; a limit that is larger by now stays as it is."""
    wanted = changed_team(str(team.name), {"budget": ask.wanted}, present=team).budget
    before, after = _limits(team.budget), _limits(wanted)
    larger = [
        one for one in differences(team.budget, wanted) if after[one.limit] > before[one.limit]
    ]
    return _document_of(wanted, larger)


def _document_of(budget: Budget, found: Iterable[Difference]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for one in found:
        if one.limit in BUDGETED:
            wanted[one.limit] = one.after
        elif one.limit == "namespaces":
            wanted[one.limit] = budget.namespaces
        else:
            counts = wanted.setdefault("per_environment", {})
            counts[one.limit] = budget.per_environment[Environment(one.limit)]
    return wanted


def answer_key(ask_id: str) -> str:
    """The key of the notice that declines a wish."""
    return f"{NoticeKind.BUDGET_ANSWER}/{ask_id}"


def open_asks(team: Team, notices: Iterable[Notice]) -> list[BudgetAsk]:
    """Find the wishes of a team that nobody declined and that its budget does not fulfil yet."""
    told = [one for one in notices if one.team == team.name]
    answered = {one.key for one in told if one.kind is NoticeKind.BUDGET_ANSWER}
    asks = [BudgetAsk.of(one) for one in told if one.kind is NoticeKind.BUDGET]
    return [
        ask
        for ask in asks
        if answer_key(ask.ask_id) not in answered and not _is_fulfilled(team, ask)
    ]


def _is_fulfilled(team: Team, ask: BudgetAsk) -> bool:
    wanted = changed_team(str(team.name), {"budget": ask.wanted}, present=team).budget
    now = _limits(team.budget)
    return all(now[limit] >= value for limit, value in _limits(wanted).items())
