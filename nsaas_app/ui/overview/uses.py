"""What teams have booked of one resource, most first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ...domain.quantities import written
from ...domain.teams import BUDGETED, Resources
from ...teams.overview import TeamStanding
from ..figures import amount, in_full
from ..routes import address
from .charts import height

__all__ = ["RESOURCES", "TeamUse", "team_uses"]

RESOURCES: Final = {"cpu": "CPU", "memory": "Memory", "storage": "Storage"}
"""What can be compared, as it stands in the address and on the switch."""
_TEAMS: Final = 8
_SORTED: Final = ("cpu", "memory")
"""By these the list of namespaces can be put in order."""


@dataclass(frozen=True)
class TeamUse:
    """What one team has booked of the resource."""

    name: str
    label: str
    text: str
    raw: str
    """Cores, or bytes, in Kubernetes notation."""
    share: int
    used: str = ""
    reserved: str = ""
    left: str = ""
    top: str = ""
    """The same as a line of a table."""
    href: str = ""
    """The namespaces that have booked it, most first where the list can."""
    reserved_href: str = ""
    """The requests that hold what is reserved."""


def team_uses(standings: Iterable[TeamStanding], resource: str = "cpu") -> list[TeamUse]:
    """Compare what teams have booked of `cpu`, `memory` or `storage`, most first."""
    booked = [(one, _of(one.use.used + one.use.reserved, resource)) for one in standings]
    ranked = sorted(booked, key=lambda pair: (-pair[1], pair[0].team.name))
    shown = [pair for pair in ranked if pair[1]][:_TEAMS]
    most = shown[0][1] if shown else Decimal(0)
    return [_use(one, taken, resource, most=most) for one, taken in shown]


def _of(resources: Resources, resource: str) -> Decimal:
    found: Decimal = getattr(resources, resource)
    return found


def _use(one: TeamStanding, taken: Decimal, resource: str, *, most: Decimal) -> TeamUse:
    kind = next(each for each in BUDGETED if each.endswith(resource))
    top = _of(one.team.budget.resources, resource)
    name = str(one.team.name)
    order = {"sort": resource, "dir": "desc"} if resource in _SORTED else {}
    return TeamUse(
        name=name,
        label=one.team.display_name or name,
        text=in_full(kind, taken),
        raw=written(kind, taken),
        share=height(float(taken), float(most)),
        used=amount(kind, _of(one.use.used, resource)),
        reserved=amount(kind, _of(one.use.reserved, resource)),
        left=amount(kind, max(top - taken, Decimal(0))),
        top=amount(kind, top),
        href=address("/namespaces", {"team": name, **order}),
        reserved_href=address("/requests", {"scope": "queue", "team": name}),
    )
