"""What the portal ships for its clusters: the manifests an administrator applies, read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["Shipped", "read_shipped"]

_POLICY: Final = "ValidatingAdmissionPolicy"
_BINDING: Final = "ValidatingAdmissionPolicyBinding"

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShippedPolicy:
    """One admission policy: its manifest, its binding's, and what it is for."""

    policy: Manifest
    binding: Manifest | None
    words: str

    @property
    def name(self) -> str:
        """Name of the policy."""
        return str(self.policy["metadata"]["name"])

    @property
    def text(self) -> str:
        """Policy and binding as YAML."""
        documents = [self.policy, *([self.binding] if self.binding is not None else [])]
        text: str = yaml.safe_dump_all(documents, sort_keys=False, width=100)
        return text


@dataclass(frozen=True, slots=True)
class Shipped:
    """Everything shipped that the status looks for."""

    policies: tuple[ShippedPolicy, ...] = ()
    rules: tuple[Manifest, ...] = ()
    """Rules of the portal's own ClusterRole."""


def _words(text: str) -> str:
    """The comment at the head of a file."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


@cache
def read_shipped(directory: Path) -> Shipped:
    """Read the manifests; what is not there is not compared."""
    policies, role = [], directory / "portal.yaml"
    for path in sorted((directory / "policies").glob("*.yaml")):
        text = path.read_text()
        documents = [one for one in yaml.safe_load_all(text) if one]
        bindings = {one["spec"]["policyName"]: one for one in documents if one["kind"] == _BINDING}
        policies += [
            ShippedPolicy(one, bindings.get(one["metadata"]["name"]), _words(text))
            for one in documents
            if one["kind"] == _POLICY
        ]
    documents = list(yaml.safe_load_all(role.read_text())) if role.is_file() else []
    rules = [rule for one in documents if one["kind"] == "ClusterRole" for rule in one["rules"]]
    return Shipped(tuple(policies), tuple(rules))
