"""Who uses the quota of a namespace: what the pods of each workload ask for. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..cluster.workload_objects import Pod
from ..domain.quantities import QuantityError, parse_quantity, written
from .topology_edges import owner_of

__all__ = ["MOST_HOLDERS", "Holder", "holders_of"]

MOST_HOLDERS: Final = 8
_ENDED: Final = ("Succeeded", "Failed")
"""Phases that no quota counts."""
_COUNTED: Final = {"requests.cpu": "cpu", "requests.memory": "memory"}


@dataclass(frozen=True, slots=True)
class Holder:
    """One workload and what its pods ask for together."""

    workload: str
    """`Kind/name`."""
    pods: int
    requests: Mapping[str, str]
    """By resource of the quota, in Kubernetes notation."""
    share: float
    """The largest part of any of these limits, 0 to 1 and beyond."""


def holders_of(pods: Iterable[Pod], hard: Mapping[str, str]) -> tuple[Holder, ...]:
    """Give every workload whose pods count, who holds most first.

    Args:
        pods: of one namespace.
        hard: its limits by resource of the quota, in Kubernetes notation.
    """
    groups: dict[str, list[Pod]] = defaultdict(list)
    for pod in pods:
        if pod.status.phase not in _ENDED:
            groups[owner_of(pod)].append(pod)
    found = [_holder(owner, members, hard) for owner, members in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.share, -one.pods, one.workload)))


def _holder(owner: str, pods: list[Pod], hard: Mapping[str, str]) -> Holder:
    sums = {resource: _sum(pods, name) for resource, name in _COUNTED.items()}
    shares = [
        float(amount / parse_quantity(hard[resource]))
        for resource, amount in sums.items()
        if resource in hard and parse_quantity(hard[resource])
    ]
    requests = {resource: written(resource, amount) for resource, amount in sums.items()}
    return Holder(owner, len(pods), requests, round(max(shares, default=0.0), 4))


def _sum(pods: list[Pod], name: str) -> Decimal:
    return sum((_counted(pod, name) for pod in pods), Decimal(0))


def _counted(pod: Pod, name: str) -> Decimal:
    """What a quota counts of a pod: Kubernetes' own formula.

    Containers and sidecars run together; before them each init container runs beside the sidecars
    that have begun. The larger of both counts, and what the runtime takes comes on top.
    """
    sidecars = largest = Decimal(0)
    for one in pod.spec.init_containers or ():
        wanted = _amount(one.requests, name)
        if one.is_sidecar:
            sidecars += wanted
        largest = max(largest, sidecars if one.is_sidecar else sidecars + wanted)
    together = sum((_amount(one.requests, name) for one in pod.spec.containers or ()), sidecars)
    return max(together, largest) + _amount(pod.spec.overhead or {}, name)


def _amount(asked: Mapping[str, str], name: str) -> Decimal:
    try:
        return parse_quantity(asked.get(name, "0"))
    except QuantityError:
        # Kubernetes knows forms of numbers that nobody writes; one is no reason to stop.
        return Decimal(0)
