"""Network of a namespace: every rule in words, and who can reach whom as the policies stand now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..cluster.mirror import Mirror
from ..cluster.objects import NetworkPolicy
from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.errors import FieldIssue, InvalidFieldsError, NotFoundError
from ..domain.network import NetworkSpec
from ..domain.spec import NamespaceSpec
from ..manifests.connectivity import (
    API_SERVER,
    API_SERVER_PORT,
    DATABASE,
    HERE,
    check,
    connectivity,
    peer_names,
)
from ..manifests.databases import database_port
from ..manifests.network_policies import NetworkSettings, network_policies
from ..manifests.peers import Port
from .enforcement import Enforcement, enforcement_of
from .lookup import readable
from .network_cells import Cell, ChainStep, Reach, cell_of, unlocated
from .network_question import Question
from .policy_words import pods_of, sentences_of

__all__ = ["Cell", "ChainStep", "NetworkReport", "Networks", "PolicyReport", "Reach"]


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """One NetworkPolicy of the namespace in words."""

    name: str
    is_ours: bool
    pods: str
    """Which pods it is about; empty when all of them."""
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """Everything about the network of one namespace."""

    asked: NetworkSpec
    policies: tuple[PolicyReport, ...]
    """Those of others first."""
    cells: tuple[Cell, ...]
    ends: tuple[str, ...]
    """What a question may be about, the namespace itself first."""
    enforcement: Enforcement
    """Whether the cluster's network plugin does what the policies say."""
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
            ends=tuple(dict.fromkeys((*self._ends(spec), API_SERVER, DATABASE))),
            enforcement=enforcement_of(self._mirror) if self._mirror else Enforcement(),
            as_of=self._directory.freshness().as_of,
        )

    def ask(self, name: str, question: Question, *, actor: Actor) -> Cell:
        """Answer one question about a namespace, from its policies as they stand now.

        The other end may be one of the report's ends, an address, or a namespace of the actor's.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
            InvalidFieldsError: an end or the port is none.
        """
        spec = readable(self._directory, name, actor=actor).spec
        other, is_inward, port = question.parsed()
        other = HERE if other == name else other
        if other in self._unlocated(spec):
            return unlocated(other, port, is_inward=is_inward)
        labels = self._labels_of(other, actor) if other not in self._ends(spec) else None
        seen = self._mirror.policies.in_namespace(name) if self._mirror is not None else ()
        ordered = sorted(seen, key=_order)
        wanted = network_policies(spec, self._settings)
        try:
            want, have = (
                check(
                    spec,
                    policies,
                    self._settings,
                    other=other,
                    is_inward=is_inward,
                    port=port,
                    labels=labels,
                )
                for policies in (wanted, [_manifest(policy) for policy in ordered])
            )
        except ValueError:
            field_name = "from" if is_inward else "to"
            message = f"{other[:63]!r} is no address and no namespace of yours."
            raise InvalidFieldsError([FieldIssue(field_name, message)]) from None
        return cell_of(want, have, _about(ordered), is_known=self._directory.has_synced)

    def _ends(self, spec: NamespaceSpec) -> tuple[str, ...]:
        return peer_names(spec, self._settings)

    def _labels_of(self, other: str, actor: Actor) -> Mapping[str, str] | None:
        """Labels of a namespace the actor may see; None where it is none of theirs."""
        try:
            labels = self._directory.row(other, actor=actor).labels
        except NotFoundError:
            return None
        return {"kubernetes.io/metadata.name": other, **labels}

    def _cells(self, spec: NamespaceSpec, seen: list[NetworkPolicy]) -> tuple[Cell, ...]:
        asked = connectivity(spec, network_policies(spec, self._settings), self._settings)
        found = connectivity(spec, [_manifest(policy) for policy in seen], self._settings)
        is_known = self._directory.has_synced
        about = _about(seen)
        cells = [
            cell_of(want, have, about, is_known=is_known)
            for want, have in zip(asked, found, strict=True)
        ]
        unknown = (unlocated(end, port) for end, port in self._unlocated(spec).items())
        return (*cells, *unknown)

    def _unlocated(self, spec: NamespaceSpec) -> dict[str, Port]:
        """Ends that exist somewhere, but nobody told where; with the port they are asked about."""
        ends, port = self._ends(spec), database_port(spec, self._settings)
        named: dict[str, Port] = {API_SERVER: API_SERVER_PORT, DATABASE: port}
        return {end: port for end, port in named.items() if end not in ends}


def _about(policies: list[NetworkPolicy]) -> dict[str, str]:
    return {policy.metadata.name: pods_of(policy.spec) for policy in policies}


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
