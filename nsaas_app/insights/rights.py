"""Which rights of the shipped role the portal's account lacks on the cluster."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..cluster.client import Cluster, Rule

__all__ = ["MissingRight", "RightsReport", "missing_rights", "review_rights"]

_SOMEWHERE: Final = "default"
"""A namespace that every cluster has; rights of the whole cluster count in each."""


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
class RightsReport:
    """How many rights the shipped role has, and which of them the account lacks."""

    wanted: int
    missing: tuple[MissingRight, ...]
    is_complete: bool
    """False where the cluster cannot list all rights: what seems to lack may be there."""


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


def missing_rights(
    rules: Iterable[Mapping[str, Any]], held: Iterable[Rule]
) -> tuple[int, tuple[MissingRight, ...]]:
    """Compare the shipped rules with those held: how many there are, and which lack."""
    kept, count = tuple(held), 0
    lacking: dict[tuple[str, str], dict[str, dict[str, None]]] = {}
    for group, resource, verb, name in _wanted(rules):
        count += 1
        if not any(_allows(rule, group, resource, verb, name) for rule in kept):
            verbs = lacking.setdefault((group, resource), {})
            verbs.setdefault(verb, {}).update({name: None} if name else {})
    found = []
    for (group, resource), verbs in lacking.items():
        names = tuple(dict.fromkeys(name for each in verbs.values() for name in each))
        found.append(MissingRight(group, resource, tuple(verbs), names))
    return count, tuple(found)


async def review_rights(cluster: Cluster, rules: tuple[Mapping[str, Any], ...]) -> RightsReport:
    """Ask the cluster what the portal may do.

    Raises:
        ClusterError: it does not answer.
    """
    held, is_complete = await cluster.own_rules(_SOMEWHERE)
    return RightsReport(*missing_rights(rules, held), is_complete=is_complete)
