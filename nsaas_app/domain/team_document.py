"""Teams as documents in the contract's field names: written, and read with a word per field."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from .access import AccessGrant, AccessRole, SubjectKind, subject_issue
from .environments import Environment
from .errors import FieldIssue, InvalidFieldsError
from .names import TeamName
from .quantities import QuantityError, parse_quantity
from .teams import BUDGETED, Budget, Resources, Team, TeamGroups
from .texts import text_issues

__all__ = [
    "GROUP_ROLES",
    "changed_team",
    "groups_from_document",
    "team_to_document",
    "version_of",
]

GROUP_ROLES: Final = ("viewer", "developer", "lead")
"""The roles of a team, weakest first."""
MAX_GROUPS: Final = 50
"""So many groups may give one role."""
MAX_NAMESPACES: Final = 100_000
MAX_TITLE: Final = 100
MAX_COST_CENTER: Final = 63
_KNOWN: Final = frozenset({"name", "display_name", "cost_center", "groups", "budget"})
_COUNTED: Final = ("namespaces", "per_environment")


def team_to_document(team: Team) -> dict[str, Any]:
    """Write a team; its name is the key it is found by and no part of the document."""
    return {
        "display_name": team.display_name,
        "cost_center": team.cost_center,
        "groups": {role: list(getattr(team.groups, role)) for role in GROUP_ROLES},
        "budget": {
            "namespaces": team.budget.namespaces,
            "per_environment": {e.value: n for e, n in team.budget.per_environment.items()},
            **team.budget.resources.to_quantities(),
        },
    }


def version_of(team: Team) -> str:
    """Name this very state of a team: an editor who names an older one is told so."""
    text = json.dumps(team_to_document(team), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def changed_team(name: str, document: Mapping[str, Any], *, present: Team | None) -> Team:
    """Read what a team shall be. What the document leaves out stays, or is a new team's default.

    Raises:
        InvalidFieldsError: with every broken rule at its field.
    """
    team, issues = present or Team(TeamName(name)), _unknown(document, _KNOWN)
    if present is None:
        issues += _name_issues(name)
    if document.get("name", name) != name:
        issues.append(FieldIssue("name", f"The address says {name}."))
    display_name = _text(document, "display_name", team.display_name, MAX_TITLE, issues)
    cost_center = _text(document, "cost_center", team.cost_center, MAX_COST_CENTER, issues)
    groups = team.groups
    try:
        groups = groups_from_document(document.get("groups", {}), present=team.groups)
    except InvalidFieldsError as error:
        issues += error.issues
    budget = _budget(document.get("budget", {}), team.budget, issues)
    if issues:
        raise InvalidFieldsError(issues)
    return Team(team.name, display_name, cost_center, groups, budget)


def groups_from_document(document: object, *, present: TeamGroups) -> TeamGroups:
    """Read which groups give which role; a role that is left out keeps its groups.

    Raises:
        InvalidFieldsError: with every broken rule at its field, for example `groups.lead[0]`.
    """
    if not isinstance(document, Mapping):
        raise InvalidFieldsError([FieldIssue("groups", "Must name groups by role.")])
    issues = _unknown(document, frozenset(GROUP_ROLES), "groups.")
    found = {}
    for role in GROUP_ROLES:
        given = document.get(role, list(getattr(present, role)))
        if not isinstance(given, list | tuple):
            issues.append(FieldIssue(f"groups.{role}", "Must be a list of groups."))
            continue
        issues += _group_issues(role, given)
        found[role] = tuple(dict.fromkeys(str(group) for group in given))
    if issues:
        raise InvalidFieldsError(issues)
    return TeamGroups(**found)


def _name_issues(name: str) -> list[FieldIssue]:
    try:
        TeamName.parse(name)
    except InvalidFieldsError as error:
        return error.issues
    return []


def _group_issues(role: str, given: list[Any] | tuple[Any, ...]) -> list[FieldIssue]:
    field = f"groups.{role}"
    if len(given) > MAX_GROUPS:
        return [FieldIssue(field, f"{len(given)} groups; {MAX_GROUPS} are allowed.")]
    issues = []
    for index, group in enumerate(given):
        grant = AccessGrant(SubjectKind.GROUP, str(group), AccessRole(role))
        why = subject_issue(grant) if isinstance(group, str) else "Must be a text."
        issues += [FieldIssue(f"{field}[{index}]", why)] if why else []
    return issues


def _unknown(
    document: Mapping[str, Any], known: frozenset[str], path: str = ""
) -> list[FieldIssue]:
    return [
        FieldIssue(f"{path}{name}", "There is no such field.")
        for name in sorted(map(str, set(document) - known))
    ]


def _text(
    document: Mapping[str, Any], field: str, present: str, limit: int, issues: list[FieldIssue]
) -> str:
    value = document.get(field, present)
    if not isinstance(value, str):
        issues.append(FieldIssue(field, "Must be a text."))
        return present
    issues += text_issues(field, value, limit=limit)
    return value.strip()


def _budget(document: object, present: Budget, issues: list[FieldIssue]) -> Budget:
    if not isinstance(document, Mapping):
        issues.append(FieldIssue("budget", "Must hold the limits by name."))
        return present
    issues += _unknown(document, frozenset({*_COUNTED, *BUDGETED}), "budget.")
    namespaces = _count(document, "namespaces", present.namespaces, "budget.", issues)
    counts = document.get("per_environment", {})
    per_environment = dict(present.per_environment)
    if not isinstance(counts, Mapping):
        issues.append(FieldIssue("budget.per_environment", "Must hold a number by environment."))
    else:
        path = "budget.per_environment."
        issues += _unknown(counts, frozenset(Environment), path)
        for each in Environment:
            limit = per_environment.get(each, 0)
            per_environment[each] = _count(counts, each.value, limit, path, issues)
    return Budget(namespaces, per_environment, _resources(document, present.resources, issues))


def _count(
    document: Mapping[str, Any], field: str, present: int, path: str, issues: list[FieldIssue]
) -> int:
    value = document.get(field, present)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_NAMESPACES:
        message = f"Must be a whole number from 0 to {MAX_NAMESPACES:,}."
        issues.append(FieldIssue(f"{path}{field}", message))
        return present
    return value


def _resources(
    document: Mapping[str, Any], present: Resources, issues: list[FieldIssue]
) -> Resources:
    quantities = present.to_quantities()
    for resource in BUDGETED:
        if resource not in document:
            continue
        field, value = f"budget.{resource}", document[resource]
        try:
            amount = parse_quantity(value if isinstance(value, str) else str(value))
        except QuantityError as error:
            issues.append(FieldIssue(field, f"{str(error)[:1].upper()}{str(error)[1:]}."))
            continue
        if amount < 0:
            issues.append(FieldIssue(field, "Must not be less than nothing."))
            continue
        quantities[resource] = str(value)
    return Resources.parse(*quantities.values())
