"""Which rights of the shipped role the portal's account lacks on the cluster."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ..cluster.client import Cluster, Rule

__all__ = [
    "CheckedRight",
    "MissingRight",
    "RightsReport",
    "Standing",
    "checked_rights",
    "missing_rights",
    "review_rights",
]

_SOMEWHERE: Final = "default"
"""A namespace that every cluster has; rights of the whole cluster count in each."""

_OURS: Final = "nsaas.platform.io"
"""Kinds that only rights and policies speak of: no API serves them."""


class Standing(StrEnum):
    """How it stands with one resource of the role."""

    FAIL = "fail"
    """A right lacks."""
    UNKNOWN = "unknown"
    """A right seems to lack, on a cluster that lists rights in part."""
    ABSENT = "absent"
    """Every right is there, and the API server does not serve the kind."""
    HELD = "pass"


@dataclass(frozen=True, slots=True)
class MissingRight:
    """What the account may not do on one resource."""

    group: str
    resource: str
    verbs: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The rule to add to ClusterRole nsaas-portal, as YAML."""
        named = f", resourceNames: [{', '.join(self.names)}]" if self.names else ""
        return (
            f'- {{apiGroups: ["{self.group}"], resources: [{self.resource}], '
            f"verbs: [{', '.join(self.verbs)}]{named}}}"
        )


@dataclass(frozen=True, slots=True)
class CheckedRight:
    """What the shipped role allows on one resource, and what of it the account lacks."""

    group: str
    resource: str
    verbs: tuple[str, ...]
    names: tuple[str, ...] = ()
    missing: MissingRight | None = None

    def is_served(self, served: Collection[tuple[str, str]]) -> bool | None:
        """Whether the API server knows the kind; None where that is not looked at.

        Args:
            served: group and plural of every kind beside the core ones; empty if not known.
        """
        if not self.group or not served or self.group == _OURS:
            return None
        return (self.group, self.resource.partition("/")[0]) in served

    def standing(self, served: Collection[tuple[str, str]], *, is_complete: bool) -> Standing:
        """Sum it up.

        Args:
            served: as for `is_served`.
            is_complete: whether the cluster listed every right that is held.
        """
        if self.missing is not None:
            return Standing.FAIL if is_complete else Standing.UNKNOWN
        return Standing.ABSENT if self.is_served(served) is False else Standing.HELD


@dataclass(frozen=True, slots=True)
class RightsReport:
    """How many rights the shipped role has, and which of them the account lacks."""

    wanted: int
    missing: tuple[MissingRight, ...]
    is_complete: bool
    """False where the cluster cannot list all rights: what seems to lack may be there."""
    checked: tuple[CheckedRight, ...] = ()
    """Every resource of the role, in its order."""


def _wanted(rules: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    """Every single right: group, resource, verb, name (empty for all)."""
    for rule in rules:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                for verb in rule["verbs"]:
                    for name in rule.get("resourceNames") or ("",):
                        yield group, resource, verb, name


def _allows(rule: Rule, group: str, resource: str, verb: str, name: str) -> bool:
    def has(held: list[str], wanted: str) -> bool:
        return "*" in held or wanted in held

    is_named = not rule.resource_names or name in rule.resource_names
    return (
        is_named
        and has(rule.verbs, verb)
        and has(rule.api_groups, group)
        and has(rule.resources, resource)
    )


def checked_rights(
    rules: Iterable[Mapping[str, Any]], held: Iterable[Rule]
) -> tuple[int, tuple[CheckedRight, ...]]:
    """Compare the shipped rules with those held, resource by resource; and count single rights."""
    kept, count = tuple(held), 0
    wanted: dict[tuple[str, str], _Verbs] = {}
    lacking: dict[tuple[str, str], _Verbs] = {}
    for group, resource, verb, name in _wanted(rules):
        count += 1
        _note(wanted, group, resource, verb, name)
        if not any(_allows(rule, group, resource, verb, name) for rule in kept):
            _note(lacking, group, resource, verb, name)
    found = []
    for (group, resource), verbs in wanted.items():
        missing = None
        if gaps := lacking.get((group, resource)):
            missing = MissingRight(group, resource, tuple(gaps), _names(gaps))
        found.append(CheckedRight(group, resource, tuple(verbs), _names(verbs), missing))
    return count, tuple(found)


_Verbs = dict[str, dict[str, None]]
"""Verbs in their order, each with the names it is limited to, in theirs."""


def _note(
    into: dict[tuple[str, str], _Verbs], group: str, resource: str, verb: str, name: str
) -> None:
    verbs = into.setdefault((group, resource), {})
    verbs.setdefault(verb, {}).update({name: None} if name else {})


def _names(verbs: _Verbs) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in verbs.values() for name in each))


def missing_rights(
    rules: Iterable[Mapping[str, Any]], held: Iterable[Rule]
) -> tuple[int, tuple[MissingRight, ...]]:
    """Compare the shipped rules with those held: how many there are, and which lack."""
    count, checked = checked_rights(rules, held)
    return count, tuple(one.missing for one in checked if one.missing is not None)


async def review_rights(cluster: Cluster, rules: tuple[Mapping[str, Any], ...]) -> RightsReport:
    """Ask the cluster what the portal may do.

    Raises:
        ClusterError: it does not answer.
    """
    held, is_complete = await cluster.own_rules(_SOMEWHERE)
    count, checked = checked_rights(rules, held)
    missing = tuple(one.missing for one in checked if one.missing is not None)
    return RightsReport(count, missing, is_complete=is_complete, checked=checked)
