"""Which namespaces hold more than they ask for: the smallest tier that would do, and the saving."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..directory.directory import Directory
from ..directory.query import RowQuery
from ..directory.rows import NamespaceRow
from ..domain.actors import Actor
from ..domain.environments import POLICIES
from ..domain.names import TeamName
from ..domain.prices import monthly_cost
from ..domain.quantities import parse_quantity
from ..domain.teams import BUDGETED, Resources
from ..domain.tiers import TIERS, Tier
from ..identity.permissions import Permission, ensure_may

__all__ = ["MIN_AGE", "Sizing", "Sizings", "smallest_fit"]

MIN_AGE: Final = timedelta(days=7)
"""A younger namespace is still being filled: no advice."""
_HEADROOM: Final = Decimal("1.15")
_EVERYTHING: Final = 1_000_000
_TELLING: Final = frozenset({*BUDGETED, "pods"})
"""What people recognise; of the others every namespace has a few from the start."""
_ORDER: Final = tuple(Tier)


@dataclass(frozen=True, slots=True)
class Sizing:
    """One namespace: what it holds, what is asked for in it, and what would do."""

    namespace: str
    team: str
    tier: Tier
    advice: Tier | None
    """A smaller tier that holds what is asked for now and 15 % more; None when there is none."""
    tightest: str
    """The resource that is fullest."""
    used: str
    hard: str
    saving: Decimal
    """US dollars a month at list price."""
    age: timedelta

    @property
    def is_early(self) -> bool:
        """Whether it is too young for advice."""
        return self.age < MIN_AGE


def smallest_fit(row: NamespaceRow) -> Tier | None:
    """Find the smallest tier its environment allows that holds what is asked for and 15 % more.

    None when nothing smaller than its own does.
    """
    smaller = _ORDER[: _ORDER.index(row.tier)]
    for tier in smaller:
        is_allowed = tier in POLICIES[row.environment].tiers
        if is_allowed and all(
            parse_quantity(use.used) * _HEADROOM <= TIERS[tier].amount(resource)
            for resource, use in row.quota.items()
            if resource in TIERS[tier].quota
        ):
            return tier
    return None


class Sizings:
    """Compares quotas with what is asked for in them, from memory."""

    def __init__(self, *, directory: Directory, clock: Callable[[], datetime]) -> None:
        self._directory = directory
        self._clock = clock

    def report(self, *, team: str, actor: Actor) -> tuple[Sizing, ...]:
        """Tell of one team's namespaces, or of all the actor may see; greatest saving first.

        Those whose quota was not seen are left out.

        Raises:
            NotFoundError: it is not the actor's team.
        """
        if team:
            ensure_may(actor, Permission.NAMESPACE_READ, TeamName(team), kind="team", name=team)
        query = RowQuery(teams=frozenset({team} if team else ()), limit=_EVERYTHING)
        rows = self._directory.find(query, actor=actor).items
        found = [_sizing(row, now=self._clock()) for row in rows if row.quota]
        return tuple(sorted(found, key=lambda one: (-one.saving, one.namespace)))


def _sizing(row: NamespaceRow, *, now: datetime) -> Sizing:
    age = now - row.created_at
    advice = smallest_fit(row) if age >= MIN_AGE else None
    saving = Decimal(0)
    if advice is not None:
        saving = _held(row) - monthly_cost(Resources.of(TIERS[advice])).monthly
    compared = sorted(set(row.quota) & _TELLING) or sorted(row.quota)
    tightest = max(compared, key=lambda resource: row.quota[resource].ratio)
    use = row.quota[tightest]
    return Sizing(
        namespace=row.name,
        team=str(row.team),
        tier=row.tier,
        advice=advice,
        tightest=tightest,
        used=use.used,
        hard=use.hard,
        saving=saving,
        age=age,
    )


def _held(row: NamespaceRow) -> Decimal:
    """What a month of its quota costs: of its tier, where the quota is not whole."""
    if any(resource not in row.quota for resource in BUDGETED):
        return monthly_cost(Resources.of(TIERS[row.tier])).monthly
    held = Resources.parse(*(row.quota[resource].hard for resource in BUDGETED))
    return monthly_cost(held).monthly
