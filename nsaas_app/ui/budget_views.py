"""A team's budget as bars show it: before and after one namespace comes, changes or goes."""

from dataclasses import dataclass
from decimal import Decimal

from ..domain.requests import ProvisioningRequest, RequestKind
from ..domain.spec import NamespaceSpec
from ..domain.teams import Resources, Team
from ..domain.tiers import TierSize
from ..teams.teams import BudgetUse
from .figures import amount, count, in_full

__all__ = ["BudgetLine", "budget_lines", "change_lines", "effect_lines"]


@dataclass(frozen=True)
class BudgetLine:
    """One resource of the team's budget: before and after this request."""

    key: str
    label: str
    text: str
    share_before: int
    share_added: int
    is_over: bool


@dataclass(frozen=True)
class _Spent:
    """What namespaces take together, and how many they are."""

    namespaces: int
    resources: Resources


def budget_lines(team: Team, use: BudgetUse, *sizes: TierSize) -> list[BudgetLine]:
    """Compare the budget before and after one more namespace of each size."""
    before = _Spent(use.namespaces, use.used + use.reserved)
    after = before.resources
    for size in sizes:
        after = after + Resources.of(size)
    return _lines(team, before, _Spent(before.namespaces + len(sizes), after))


def change_lines(
    team: Team, use: BudgetUse, *, before: NamespaceSpec, after: NamespaceSpec
) -> list[BudgetLine]:
    """Compare the budget before and after a namespace, booked as it is, changes its size."""
    now = _Spent(use.namespaces, use.used + use.reserved)
    others = now.resources - Resources.of(before.size)
    return _lines(team, now, _Spent(now.namespaces, others + Resources.of(after.size)))


def effect_lines(request: ProvisioningRequest, team: Team, use: BudgetUse) -> list[BudgetLine]:
    """Compare the budget without and with a request that waits and holds its part already."""
    wanted = Resources.of(request.spec.size)
    present = Resources.of(request.previous.size) if request.previous else Resources()
    spent = use.used + use.reserved
    match request.kind:
        case RequestKind.PROVISION | RequestKind.ADOPT:
            before = _Spent(use.namespaces - 1, spent - wanted)
            after = _Spent(use.namespaces, spent)
        case RequestKind.RELEASE | RequestKind.DELETE:
            before = _Spent(use.namespaces, spent)
            after = _Spent(use.namespaces - 1, spent - wanted)
        case _:
            # While it waits, a change holds the larger of both sizes.
            others = spent - present.at_least(wanted)
            before = _Spent(use.namespaces, others + present)
            after = _Spent(use.namespaces, others + wanted)
    return _lines(team, before, after)


def _lines(team: Team, before: _Spent, after: _Spent) -> list[BudgetLine]:
    was, then, limit = before.resources, after.resources, team.budget.resources
    few, many = Decimal(before.namespaces), Decimal(after.namespaces)
    return [
        _line("namespaces", "Namespaces", few, many, Decimal(team.budget.namespaces)),
        _line("cpu", "CPU requests", was.cpu, then.cpu, limit.cpu),
        _line("memory", "Memory requests", was.memory, then.memory, limit.memory),
        _line("storage", "Storage", was.storage, then.storage, limit.storage),
    ]


def _line(key: str, label: str, before: Decimal, after: Decimal, top: Decimal) -> BudgetLine:
    def write(value: Decimal) -> str:
        return count(int(value)) if key == "namespaces" else amount(key, value)

    def share(value: Decimal) -> int:
        return min(100, round(100 * value / top)) if top else 100

    whole = write(top) if key == "namespaces" else in_full(key, top)
    kept = share(min(before, after))
    return BudgetLine(
        key=key,
        label=label,
        text=f"{write(before)} → {write(after)} of {whole}",
        share_before=kept,
        share_added=max(0, share(after) - kept),
        is_over=after > top,
    )
