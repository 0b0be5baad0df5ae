"""Network of a namespace: every rule in words, and who can reach whom as the policies stand now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ..cluster.mirror import Mirror
from ..cluster.objects import NetworkPolicy
from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.network import NetworkSpec
from ..domain.spec import NamespaceSpec
from ..manifests.connectivity import Connection, connectivity
from ..manifests.network_policies import NetworkSettings, network_policies
from .lookup import readable
from .policy_words import pods_of, sentences_of

__all__ = ["Cell", "NetworkReport", "Networks", "PolicyReport", "Reach"]


class Reach(StrEnum):
    """Whether a connection is let through, against what was asked."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    WIDENED = "widened"
    """Let through, although what was asked closes it: by a policy of somebody else, or drift."""
    NARROWED = "narrowed"
    """Closed, although what was asked allows it."""
    UNKNOWN = "unknown"
    """No cluster shows its policies."""


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """One NetworkPolicy of the namespace in words."""

    name: str
    is_ours: bool
    pods: str
    """Which pods it is about; empty when all of them."""
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One connection of the table."""

    source: str
    target: str
    port: str
    reach: Reach
    rule: str
    """The policy that lets it through, or the one that closes the direction."""
    is_asked: bool
    """Whether what was asked for allows it."""
    pods: str = ""
    """Which pods that policy is about; empty when all of them."""


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """Everything about the network of one namespace."""

    asked: NetworkSpec
    policies: tuple[PolicyReport, ...]
    """Those of others first."""
    cells: tuple[Cell, ...]
    as_of: datetime | None


class Networks:
    """Tells of the network of namespaces, from memory."""

    def __init__(
        self,
        *,
        directory: Directory,
        mirror: Mirror | None,
        settings: NetworkSettings,
    ) -> None:
        self._directory = directory
        self._mirror = mirror
        self._settings = settings

    def report(self, name: str, *, actor: Actor) -> NetworkReport:
        """Tell of one namespace.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        spec = readable(self._directory, name, actor=actor).spec
        seen = self._mirror.policies.in_namespace(name) if self._mirror is not None else ()
        ordered = sorted(seen, key=_order)
        policies = [_report(policy) for policy in ordered]
        return NetworkReport(
            asked=spec.network,
            policies=tuple(sorted(policies, key=lambda policy: policy.is_ours)),
            cells=self._cells(spec, ordered),
            as_of=self._directory.freshness().as_of,
        )

    def _cells(self, spec: NamespaceSpec, seen: list[NetworkPolicy]) -> tuple[Cell, ...]:
        asked = connectivity(spec, network_policies(spec, self._settings), self._settings)
        found = connectivity(spec, [_manifest(policy) for policy in seen], self._settings)
        is_known = self._directory.has_synced
        about = {policy.metadata.name: pods_of(policy.spec) for policy in seen if is_known}
        return tuple(
            _cell(want, have, about, is_known=is_known)
            for want, have in zip(asked, found, strict=True)
        )


def _cell(want: Connection, have: Connection, about: Mapping[str, str], *, is_known: bool) -> Cell:
    match want.is_allowed, have.is_allowed:
        case True, True:
            reach = Reach.ALLOWED
        case False, False:
            reach = Reach.BLOCKED
        case _:
            reach = Reach.WIDENED if have.is_allowed else Reach.NARROWED
    return Cell(
        source=want.source,
        target=want.target,
        port=want.port,
        reach=reach if is_known else Reach.UNKNOWN,
        rule=have.rule if is_known else "",
        is_asked=want.is_allowed,
        pods=about.get(have.rule, ""),
    )


def _order(policy: NetworkPolicy) -> tuple[bool, bool, str]:
    """Ours before others, what closes before what opens: the first one is named as the rule."""
    has_rules = bool(policy.spec.get("ingress") or policy.spec.get("egress"))
    return not policy.is_managed, has_rules, policy.metadata.name


def _manifest(policy: NetworkPolicy) -> dict[str, Any]:
    return {"metadata": {"name": policy.metadata.name}, "spec": policy.spec}


def _report(policy: NetworkPolicy) -> PolicyReport:
    return PolicyReport(
        name=policy.metadata.name,
        is_ours=policy.is_managed,
        pods=pods_of(policy.spec),
        sentences=sentences_of(policy.spec),
    )
