"""Teams and their budgets: the ceiling over all namespaces of a team."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Self

from .access import AccessGrant, AccessRole, SubjectKind
from .environments import POLICIES, Environment
from .names import TeamName
from .quantities import binary, cores, parse_quantity
from .tiers import TierSize

__all__ = ["BUDGETED", "Budget", "Resources", "Team", "TeamGroups"]

BUDGETED: Final = ("requests.cpu", "requests.memory", "requests.storage")
"""The resources a budget bounds beside the number of namespaces."""


@dataclass(frozen=True, slots=True)
class Resources:
    """An amount of the three budgeted resources: cores, bytes, bytes."""

    cpu: Decimal = Decimal(0)
    memory: Decimal = Decimal(0)
    storage: Decimal = Decimal(0)

    @classmethod
    def of(cls, size: TierSize) -> Self:
        """What one namespace of a size takes out of the budget."""
        return cls(*(size.amount(resource) for resource in BUDGETED))

    @classmethod
    def parse(cls, cpu: str, memory: str, storage: str) -> Self:
        """Read three quantities."""
        return cls(parse_quantity(cpu), parse_quantity(memory), parse_quantity(storage))

    def __add__(self, other: "Resources") -> "Resources":
        return Resources(
            self.cpu + other.cpu, self.memory + other.memory, self.storage + other.storage
        )

    def __sub__(self, other: "Resources") -> "Resources":
        return Resources(
            self.cpu - other.cpu, self.memory - other.memory, self.storage - other.storage
        )

    def at_least(self, other: "Resources") -> "Resources":
        """The larger of both, resource by resource."""
        return Resources(
            max(self.cpu, other.cpu),
            max(self.memory, other.memory),
            max(self.storage, other.storage),
        )

    def to_quantities(self) -> dict[str, str]:
        """Write the amounts in Kubernetes notation under their resource names."""
        return {
            "requests.cpu": cores(self.cpu),
            "requests.memory": binary(self.memory),
            "requests.storage": binary(self.storage),
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """Ceiling of a team."""

    namespaces: int = 10
    per_environment: dict[Environment, int] = field(
        default_factory=lambda: {env: policy.max_per_team for env, policy in POLICIES.items()}
    )
    resources: Resources = field(default_factory=lambda: Resources.parse("16", "32Gi", "400Gi"))


@dataclass(frozen=True, slots=True)
class TeamGroups:
    """Which groups of the identity provider give which role in the team."""

    viewer: tuple[str, ...] = ()
    developer: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """Who owns requests and namespaces."""

    name: TeamName
    display_name: str = ""
    cost_center: str = ""
    groups: TeamGroups = field(default_factory=TeamGroups)
    budget: Budget = field(default_factory=Budget)

    @property
    def called(self) -> str:
        """How people call it: by its display name where it has one."""
        return self.display_name or str(self.name)

    def default_access(self, environment: Environment) -> tuple[AccessGrant, ...]:
        """The team's groups with the role the environment gives each."""
        developer = AccessRole(POLICIES[environment].developer_role)
        rows = [
            (AccessRole.LEAD, self.groups.lead),
            (developer, self.groups.developer),
            (AccessRole.VIEWER, self.groups.viewer),
        ]
        grants = [
            AccessGrant(SubjectKind.GROUP, group, role) for role, groups in rows for group in groups
        ]
        return tuple(dict.fromkeys(grants))
