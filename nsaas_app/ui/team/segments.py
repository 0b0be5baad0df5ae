"""A team's budget, namespace by namespace: pieces of bars, and the same as a table. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ...domain.quantities import written
from ...domain.teams import BUDGETED, Resources
from ...teams.overview import NamespaceShare, TeamStanding
from ..figures import count, in_full
from ..team_views import BudgetBar, budget_bars

__all__ = ["Segment", "SegmentedBar", "ShareLine", "segmented_bars", "share_lines"]

MOST: Final = 40
"""So many namespaces have a piece of their own; of the others those alike share one."""
_READ: Final[dict[str, Callable[[Resources], Decimal]]] = {
    "requests.cpu": lambda has: has.cpu,
    "requests.memory": lambda has: has.memory,
    "requests.storage": lambda has: has.storage,
}
_OTHERS: Final = "others"


@dataclass(frozen=True)
class Segment:
    """One namespace's piece of a bar."""

    key: str
    text: str
    share: float
    """Percent of the track."""
    look: str
    """used or reserved."""


@dataclass(frozen=True)
class SegmentedBar:
    """One limit of the budget with its pieces, by name; what is reserved comes last."""

    bar: BudgetBar
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class ShareLine:
    """One namespace as a line of the table."""

    name: str
    href: str
    environment: str
    word: str
    cpu: str
    memory: str
    storage: str
    cpu_raw: str


def segmented_bars(standing: TeamStanding, shares: Sequence[NamespaceShare]) -> list[SegmentedBar]:
    """Cut the bars of CPU, memory and storage; the number of namespaces has none to cut."""
    bars, top = budget_bars(standing), standing.team.budget.resources
    pieces = {
        resource.removeprefix("requests."): _pieces(resource, shares, read(top))
        for resource, read in _READ.items()
    }
    return [SegmentedBar(bar, pieces.get(bar.key, ())) for bar in bars]


def _pieces(resource: str, shares: Sequence[NamespaceShare], top: Decimal) -> tuple[Segment, ...]:
    read = _READ[resource]
    taken = sorted((one for one in shares if read(one.amount)), key=lambda one: -read(one.amount))
    whole = max(top, sum((read(one.amount) for one in taken), Decimal(0)))
    found = []
    for is_reserved in (False, True):
        alike = [one for one in taken[:MOST] if one.is_reserved is is_reserved]
        found += [
            _piece(one.namespace, read(one.amount), whole, resource, is_reserved=is_reserved)
            for one in sorted(alike, key=lambda one: one.namespace)
        ]
        if rest := [one for one in taken[MOST:] if one.is_reserved is is_reserved]:
            held = sum((read(one.amount) for one in rest), Decimal(0))
            key = f"{_OTHERS}/{'reserved' if is_reserved else 'used'}"
            piece = _piece(key, held, whole, resource, is_reserved=is_reserved, number=len(rest))
            found.append(piece)
    return tuple(found)


def _piece(
    name: str,
    part: Decimal,
    whole: Decimal,
    resource: str,
    *,
    is_reserved: bool,
    number: int = 0,
) -> Segment:
    look = "reserved" if is_reserved else "used"
    others = f"{count(number)} other{'' if number == 1 else 's'}"
    label = others if number else name
    size = in_full(resource, part)
    share = round(float(100 * part / whole), 2)
    return Segment(name, f"{label}: {size} {look}", share, look)


def share_lines(shares: Sequence[NamespaceShare]) -> list[ShareLine]:
    """Write what each namespace takes, the largest CPU first."""
    ranked = sorted(shares, key=lambda one: (-one.amount.cpu, one.namespace))
    return [
        ShareLine(
            name=one.namespace,
            href=f"/namespaces/{one.namespace}",
            environment=one.environment.value,
            word="Reserved" if one.is_reserved else "Used",
            cpu=_size(BUDGETED[0], one.amount.cpu),
            memory=_size(BUDGETED[1], one.amount.memory),
            storage=_size(BUDGETED[2], one.amount.storage),
            cpu_raw=written(BUDGETED[0], one.amount.cpu),
        )
        for one in ranked
    ]


def _size(resource: str, value: Decimal) -> str:
    return in_full(resource, value)
