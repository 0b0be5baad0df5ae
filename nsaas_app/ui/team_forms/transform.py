"""From a team to the fields of a form, and back to a document. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ...domain.environments import Environment
from ...domain.errors import FieldIssue
from ...domain.names import TeamName
from ...domain.team_document import GROUP_ROLES, team_to_document
from ...domain.teams import BUDGETED, Team
from ...teams.members import GroupRow
from ...teams.teams import BudgetUse
from ..figures import count, in_full

__all__ = [
    "FIELDS",
    "at_form_fields",
    "budget_warnings",
    "document_of",
    "form_of",
    "form_of_wish",
    "group_warnings",
    "groups_of",
    "new_form",
]

_RESOURCES: Final = {resource.removeprefix("requests."): resource for resource in BUDGETED}
FIELDS: Final = frozenset(
    {
        *("name", "display_name", "cost_center", "namespaces", "reason", "comment"),
        *(*_RESOURCES, *Environment, *GROUP_ROLES),
    }
)
"""What the dialogs let somebody type."""
_DIGITS: Final = 9


def new_form() -> dict[str, str]:
    """Fields of a team that does not exist yet, with what a new team gets."""
    return form_of(Team(TeamName(""))) | {"name": ""}


def form_of(team: Team) -> dict[str, str]:
    """Write a team into the fields; groups stand one on a line."""
    document = team_to_document(team)
    budget = document["budget"]
    return {
        "display_name": team.display_name,
        "cost_center": team.cost_center,
        "namespaces": str(budget["namespaces"]),
        **{field: budget[resource] for field, resource in _RESOURCES.items()},
        **{each.value: str(budget["per_environment"].get(each.value, 0)) for each in Environment},
        **{role: "\n".join(document["groups"][role]) for role in GROUP_ROLES},
    }


def form_of_wish(wanted: Mapping[str, Any]) -> dict[str, str]:
    """Write what a wish asks for into the fields of the budget."""
    counts = wanted.get("per_environment", {})
    fields = {field: wanted[name] for field, name in _RESOURCES.items() if name in wanted}
    fields |= {"namespaces": wanted["namespaces"]} if "namespaces" in wanted else {}
    return {name: str(value) for name, value in (fields | counts).items()}


def _number(text: str) -> int | str:
    """Read a whole number; anything else is left for the rule to refuse."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else text


def document_of(form: Mapping[str, str]) -> dict[str, Any]:
    """Write the fields of name, cost centre and budget as a document."""
    return {
        "display_name": form.get("display_name", ""),
        "cost_center": form.get("cost_center", ""),
        "budget": {
            "namespaces": _number(form.get("namespaces", "")),
            "per_environment": {
                each.value: _number(form.get(each.value, "")) for each in Environment
            },
            **{resource: form.get(field, "").strip() for field, resource in _RESOURCES.items()},
        },
    }


def groups_of(form: Mapping[str, str]) -> dict[str, list[str]]:
    """Read the groups of each role, one on a line; empty lines are none."""
    return {
        role: [line.strip() for line in form.get(role, "").splitlines() if line.strip()]
        for role in GROUP_ROLES
    }


def at_form_fields(issues: Iterable[FieldIssue]) -> dict[str, str]:
    """Gather messages by field of the form; what has none there stands under `other`."""
    found: dict[str, str] = {}
    for issue in issues:
        path = issue.field.removeprefix("budget.").removeprefix("per_environment.")
        path = path.removeprefix("requests.").removeprefix("groups.").partition("[")[0]
        field = {"team": "name"}.get(path, path)
        field = field if field in FIELDS else "other"
        found[field] = f"{found[field]} {issue.message}" if field in found else issue.message
    return found


def budget_warnings(team: Team, use: BudgetUse) -> dict[str, str]:
    """Say at each limit when more than it is booked already."""
    found = {}
    booked = use.used + use.reserved
    for field, resource in _RESOURCES.items():
        taken, top = getattr(booked, field), getattr(team.budget.resources, field)
        if taken > top:
            found[field] = _over(in_full(resource, taken))
    if use.namespaces > team.budget.namespaces:
        found["namespaces"] = _over(count(use.namespaces))
    for environment, number in use.per_environment.items():
        if number > team.budget.per_environment.get(environment, 0):
            found[environment.value] = _over(count(number))
    return found


def _over(booked: str) -> str:
    return f"{booked} booked already: nothing is taken away, and nothing new is accepted."


def group_warnings(
    groups: Mapping[str, Iterable[str]], known: Iterable[GroupRow]
) -> dict[str, str]:
    """Name the groups that nobody was seen with: often a spelling mistake."""
    seen = {row.name for row in known if row.seen}
    found = {}
    for role, names in groups.items():
        unseen = [name for name in names if name not in seen]
        if unseen:
            verb = "matches" if len(unseen) == 1 else "match"
            found[role] = f"{', '.join(unseen)} {verb} nobody seen so far."
    return found
