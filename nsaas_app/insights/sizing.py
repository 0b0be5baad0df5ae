"""Which namespaces hold more than they ask for: the smallest tier that would do, and the saving."""

from collections.abc import Callable, Mapping
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
from ..domain.overrides import OVERRIDABLE, override_issues, sized
from ..domain.prices import monthly_cost
from ..domain.quantities import parse_quantity
from ..domain.teams import BUDGETED, Resources
from ..domain.tiers import TIERS, Tier, TierSize
from ..identity.permissions import Permission, ensure_may

__all__ = ["MIN_AGE", "Fit", "Sizing", "Sizings", "smallest_fit"]

MIN_AGE: Final = timedelta(days=7)
"""A younger namespace is still being filled: no advice."""
_HEADROOM: Final = Decimal("1.15")
_EVERYTHING: Final = 1_000_000
_TELLING: Final = frozenset({*BUDGETED, "pods"})
"""What people recognise; of the others every namespace has a few from the start."""
_ORDER: Final = tuple(Tier)
_ANY: Final = dict.fromkeys(OVERRIDABLE, str(_EVERYTHING) + "Ti")
"""Ceilings of no house: what was agreed to is kept."""


@dataclass(frozen=True, slots=True)
class Sizing:
    """One namespace: what it holds, what is asked for in it, and what would do."""

    namespace: str
    team: str
    tier: Tier
    advice: Tier | None
    """What holds what is asked for now and 15 % more, and costs less; None when there is none."""
    tightest: str
    """The resource that is fullest."""
    used: str
    hard: str
    saving: Decimal
    """US dollars a month at list price."""
    age: timedelta
    without_overrides: bool = False
    """Whether the advice is to give up the overrides too; else they are kept."""

    @property
    def is_early(self) -> bool:
        """Whether it is too young for advice."""
        return self.age < MIN_AGE


@dataclass(frozen=True, slots=True)
class Fit:
    """A tier that would do."""

    tier: Tier
    monthly: Decimal
    """US dollars at list price, with the overrides that are kept."""
    without_overrides: bool = False


def smallest_fit(row: NamespaceRow, overrides: Mapping[str, str] | None = None) -> Fit | None:
    """Find the cheapest that its environment allows and that holds what is asked for and 15 % more.

    A smaller tier, with its overrides or without them, or its own tier without them.

    Args:
        row: of a namespace.
        overrides: numbers that it has in place of its tier's own.

    Returns:
        None when nothing but what it has does.
    """
    kept = dict(overrides or {})
    fits = [
        Fit(tier, monthly_cost(Resources.of(size)).monthly, bool(kept) and not chosen)
        for tier in _ORDER[: _ORDER.index(row.tier) + 1]
        for chosen in ([{}, kept] if kept else [{}])
        if (tier, chosen) != (row.tier, kept) and tier in POLICIES[row.environment].tiers
        if not override_issues(tier, chosen, ceilings=_ANY)
        if _holds(size := sized(tier, chosen), row)
    ]
    return min(fits, key=lambda one: one.monthly, default=None)


def _holds(size: TierSize, row: NamespaceRow) -> bool:
    return all(
        parse_quantity(use.used) * _HEADROOM <= size.amount(resource)
        for resource, use in row.quota.items()
        if resource in size.quota
    )


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
        found = [
            _sizing(row, self._overrides(row.name), now=self._clock()) for row in rows if row.quota
        ]
        return tuple(sorted(found, key=lambda one: (-one.saving, one.namespace)))

    def _overrides(self, name: str) -> Mapping[str, str]:
        record = self._directory.record(name)
        return record.spec.overrides if record is not None else {}


def _sizing(
    row: NamespaceRow, overrides: Mapping[str, str] | None = None, *, now: datetime
) -> Sizing:
    age, held = now - row.created_at, _held(row)
    fit = smallest_fit(row, overrides) if age >= MIN_AGE else None
    if fit is not None and fit.monthly >= held:
        fit = None
    compared = sorted(set(row.quota) & _TELLING) or sorted(row.quota)
    tightest = max(compared, key=lambda resource: row.quota[resource].ratio)
    use = row.quota[tightest]
    return Sizing(
        namespace=row.name,
        team=str(row.team),
        tier=row.tier,
        advice=fit.tier if fit else None,
        tightest=tightest,
        used=use.used,
        hard=use.hard,
        saving=held - fit.monthly if fit else Decimal(0),
        age=age,
        without_overrides=fit is not None and fit.without_overrides,
    )


def _held(row: NamespaceRow) -> Decimal:
    """What a month of its quota costs: of its tier, where the quota is not whole."""
    if any(resource not in row.quota for resource in BUDGETED):
        return monthly_cost(Resources.of(TIERS[row.tier])).monthly
    held = Resources.parse(*(row.quota[resource].hard for resource in BUDGETED))
    return monthly_cost(held).monthly
