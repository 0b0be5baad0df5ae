"""Will it fit: so many equal pods against what a quota has left. Pure arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .errors import FieldIssue, InvalidFieldsError
from .quantities import QuantityError, binary, cores, parse_quantity

__all__ = ["MAX_REPLICAS", "Wish", "shortfalls"]

MAX_REPLICAS = 10_000


@dataclass(frozen=True, slots=True)
class Wish:
    """So many pods, each asking for so much: cores and bytes."""

    replicas: int
    cpu: Decimal
    memory: Decimal

    @classmethod
    def parse(cls, replicas: str, cpu: str, memory: str) -> "Wish":
        """Read what somebody typed, in Kubernetes notation.

        Raises:
            InvalidFieldsError: one of them is no such thing; fields replicas, cpu and memory.
        """
        issues: list[FieldIssue] = []
        count = int(replicas) if replicas.isascii() and replicas.isdigit() else 0
        if not 1 <= count <= MAX_REPLICAS:
            issues.append(FieldIssue("replicas", f"A whole number from 1 to {MAX_REPLICAS:,}."))
        amounts = {"cpu": Decimal(0), "memory": Decimal(0)}
        for field, text in (("cpu", cpu), ("memory", memory)):
            try:
                amounts[field] = parse_quantity(text)
            except QuantityError as error:
                issues.append(FieldIssue(field, f"{error}."))
            else:
                if amounts[field] <= 0:
                    issues.append(FieldIssue(field, "More than nothing."))
        if issues:
            raise InvalidFieldsError(issues)
        return cls(count, amounts["cpu"], amounts["memory"])

    @property
    def total(self) -> dict[str, Decimal]:
        """What all of them take, by the resource that the quota counts."""
        return {
            "pods": Decimal(self.replicas),
            "requests.cpu": self.cpu * self.replicas,
            "requests.memory": self.memory * self.replicas,
        }


def shortfalls(wish: Wish, left: Mapping[str, Decimal]) -> dict[str, str]:
    """Say by how much each resource is short, in Kubernetes notation; empty when it fits.

    Args:
        wish: what is to run.
        left: what the quota has left; a resource that is not in it has no limit.
    """
    missing = {
        resource: wanted - left[resource]
        for resource, wanted in wish.total.items()
        if resource in left and wanted > left[resource]
    }
    return {resource: _written(resource, value) for resource, value in missing.items()}


def _written(resource: str, value: Decimal) -> str:
    if resource.endswith("cpu"):
        return f"{cores(value)} CPU"
    if resource.endswith("memory"):
        return f"{binary(value)} memory"
    return f"{int(value)} pods"
