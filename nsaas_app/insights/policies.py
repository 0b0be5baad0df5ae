"""Which admission policies protect the cluster: as shipped, or how they differ from it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError
from .shipped import ShippedPolicy

__all__ = ["PolicyReport", "PolicyState", "differs", "review_policies"]

FIX: Final = "kubectl apply -k apps/portal --server-side"
_DEFAULTS: Final[Mapping[str, Any]] = {
    "matchPolicy": "Equivalent",
    "failurePolicy": "Fail",
    "scope": "*",
    "parameterNotFoundAction": "Deny",
}
"""What the API server writes where a manifest is silent."""


class PolicyState(StrEnum):
    """Whether a policy does what it is shipped for."""

    ACTIVE = "active"
    ALTERED = "altered"
    """Its text, or what it is bound to, is not the shipped one."""
    NOT_ENFORCED = "not-enforced"
    """It is bound, but does not deny."""
    UNBOUND = "unbound"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """One policy and how it stands."""

    name: str
    words: str
    state: PolicyState
    reason: str = ""
    """What is wrong; empty when nothing is."""

    @property
    def fix(self) -> str:
        """What puts it right; empty when nothing is wrong."""
        return "" if self.state in (PolicyState.ACTIVE, PolicyState.UNKNOWN) else FIX


def differs(shipped: Any, seen: Any) -> bool:
    """Whether what is seen is more or other than what is shipped, the server's defaults aside."""
    if isinstance(shipped, Mapping) and isinstance(seen, Mapping):
        added = seen.keys() - shipped.keys()
        if any(seen[key] and seen[key] != _DEFAULTS.get(key) for key in added):
            return True
        return any(differs(value, seen.get(key)) for key, value in shipped.items())
    if isinstance(shipped, list) and isinstance(seen, list):
        pairs = zip(shipped, seen, strict=False)
        return len(shipped) != len(seen) or any(differs(one, other) for one, other in pairs)
    # What is shipped as nothing may be left out.
    return bool((shipped or seen) and shipped != seen)


def _state(
    shipped: ShippedPolicy, policy: Mapping[str, Any] | None, binding: Mapping[str, Any] | None
) -> tuple[PolicyState, str]:
    if policy is None:
        return PolicyState.MISSING, "The cluster does not have it."
    if binding is None:
        return PolicyState.UNBOUND, "Nothing binds it, so it decides about nothing."
    if "Deny" not in binding["spec"].get("validationActions", ()):
        return PolicyState.NOT_ENFORCED, "Its binding does not deny."
    status = policy.get("status") or {}
    alterations = {
        "Its binding is not the shipped one.": shipped.binding is not None
        and differs(shipped.binding["spec"], binding["spec"]),
        "Its text is not the shipped one.": differs(shipped.policy["spec"], policy["spec"]),
        "The API server warns about its expressions.": (status.get("typeChecking") or {}).get(
            "expressionWarnings"
        ),
    }
    altered = [reason for reason, is_so in alterations.items() if is_so]
    return (PolicyState.ALTERED, altered[0]) if altered else (PolicyState.ACTIVE, "")


async def _review(cluster: Cluster, shipped: ShippedPolicy) -> PolicyReport:
    wanted = shipped.binding or {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": shipped.name},
    }
    try:
        policy, binding = await cluster.read(shipped.policy), await cluster.read(wanted)
    except ClusterError as error:
        is_refused = error.status == HTTPStatus.FORBIDDEN
        reason = "The portal may not read it." if is_refused else error.message
        return PolicyReport(shipped.name, shipped.words, PolicyState.UNKNOWN, reason)
    return PolicyReport(shipped.name, shipped.words, *_state(shipped, policy, binding))


async def review_policies(
    cluster: Cluster, policies: tuple[ShippedPolicy, ...]
) -> tuple[PolicyReport, ...]:
    """Look at every shipped policy, as the cluster has it now."""
    return tuple(await asyncio.gather(*(_review(cluster, policy) for policy in policies)))
