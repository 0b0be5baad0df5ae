"""Teams as pages show them: what is used, reserved and left of each limit. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from ..domain.actors import Actor
from ..domain.prices import Cost
from ..domain.quantities import written
from ..domain.teams import BUDGETED, Team
from ..identity.permissions import Permission, may
from ..teams.overview import TeamStanding
from .figures import NOTHING, amount, count, in_full
from .routes import address
from .words import word_of

__all__ = [
    "ENDING",
    "BudgetBar",
    "TeamChoice",
    "TeamLine",
    "budget_bars",
    "cost_note",
    "cost_text",
    "team_choices",
    "why_not_edit",
    "why_not_members",
]

ENDING = ("expiring", "expired")
"""Codes of health of what ends within a week, or has ended."""
_ALMOST = 0.9
_NEAR = 0.75
_LABELS = ("CPU requests", "Memory requests", "Storage requests")


@dataclass(frozen=True)
class BudgetBar:
    """One limit of a team's budget."""

    key: str = ""
    label: str = ""
    used: str = ""
    reserved: str = ""
    hard: str = ""
    """The three as machines read them."""
    share_used: int = 0
    share_reserved: int = 0
    """Percent of the track; both together at most 100."""
    tone: str = "ok"
    """ok, near, almost or full."""
    sentence: str = ""
    short: str = ""


@dataclass(frozen=True)
class TeamChoice:
    """One team that a list can be narrowed to."""

    name: str
    called: str


def team_choices(teams: Iterable[Team]) -> list[TeamChoice]:
    """Offer teams by how people call them."""
    found = [TeamChoice(str(team.name), team.called) for team in teams]
    return sorted(found, key=lambda one: (one.called.casefold(), one.name))


@dataclass(frozen=True)
class TeamLine:
    """One team in a list."""

    name: str
    display_name: str
    role: str
    namespaces: BudgetBar
    cpu: BudgetBar
    memory: BudgetBar
    storage: BudgetBar
    cost: str
    ending: str
    """How many of its namespaces end within a week, or have ended."""
    ending_href: str
    members: str
    """How many people were seen with one of its groups."""

    @classmethod
    def of(cls, standing: TeamStanding, actor: Actor, *, ending: int, members: int) -> Self:
        """Describe a team for somebody who may see it."""
        team = standing.team
        namespaces, cpu, memory, storage = budget_bars(standing)
        role = actor.role_in(team.name)
        return cls(
            name=str(team.name),
            display_name=team.called,
            role=word_of(role.value) if role else NOTHING,
            namespaces=namespaces,
            cpu=cpu,
            memory=memory,
            storage=storage,
            cost=cost_text(standing.cost),
            ending=count(ending),
            ending_href=address(
                "/namespaces", {"team": str(team.name), "health": ",".join(ENDING)}
            ),
            members=count(members),
        )


def budget_bars(standing: TeamStanding) -> list[BudgetBar]:
    """Describe namespaces, CPU, memory and storage, in this order."""
    use, budget = standing.use, standing.team.budget
    used, reserved, hard = use.used, use.reserved, budget.resources
    rows = zip(
        BUDGETED,
        _LABELS,
        (used.cpu, used.memory, used.storage),
        (reserved.cpu, reserved.memory, reserved.storage),
        (hard.cpu, hard.memory, hard.storage),
        strict=True,
    )
    bars = [_bar(*row) for row in rows]
    return [_namespaces(use.namespaces, budget.namespaces), *bars]


def _namespaces(taken: int, top: int) -> BudgetBar:
    left = max(0, top - taken)
    return BudgetBar(
        key="namespaces",
        label="Namespaces",
        used=str(taken),
        reserved="0",
        hard=str(top),
        share_used=_share(Decimal(taken), Decimal(top)),
        tone=_tone(Decimal(taken), Decimal(top)),
        sentence=f"{count(taken)} of {count(top)} · {count(left)} left",
        short=f"{count(taken)} of {count(top)}",
    )


def _bar(resource: str, label: str, taken: Decimal, held: Decimal, top: Decimal) -> BudgetBar:
    whole = in_full(resource, top)
    left, booked = max(top - taken - held, Decimal(0)), taken + held
    share = _share(taken, top)
    parts = [f"{amount(resource, taken)} used"]
    parts += [f"{amount(resource, held)} reserved"] if held else []
    parts.append(f"{amount(resource, left)} left of {whole}")
    return BudgetBar(
        key=resource.removeprefix("requests."),
        label=label,
        used=written(resource, taken),
        reserved=written(resource, held),
        hard=written(resource, top),
        share_used=share,
        share_reserved=max(0, _share(booked, top) - share),
        tone=_tone(booked, top),
        sentence=" · ".join(parts),
        short=f"{amount(resource, booked)} of {whole}",
    )


def _share(part: Decimal, top: Decimal) -> int:
    if top <= 0:
        return 100 if part else 0
    return min(100, round(100 * part / top))


def _tone(part: Decimal, top: Decimal) -> str:
    if part >= top:
        return "full" if part else "ok"
    ratio = float(part / top)
    return "almost" if ratio >= _ALMOST else "near" if ratio >= _NEAR else "ok"


def cost_text(cost: Cost) -> str:
    """Write a month's sum."""
    return f"$ {cost.monthly:,.2f}"


def cost_note(cost: Cost) -> str:
    """Say what the sum is made of and where the prices come from."""
    return f"{cost.source} of {cost.as_of.day} {cost.as_of:%b %Y}: {cost.basis}"


def why_not_edit(actor: Actor, standing: TeamStanding) -> str:
    """Say why the actor cannot change name, cost centre and budget; empty when they can."""
    if may(actor, Permission.TEAM_MANAGE, standing.team.name):
        return ""
    return "Only a platform admin changes name, cost centre and budget."


def why_not_members(actor: Actor, standing: TeamStanding) -> str:
    """Say why the actor cannot change the groups; empty when they can."""
    if may(actor, Permission.TEAM_MEMBERS, standing.team.name):
        return ""
    return f"Only leads of {standing.team.name} and platform admins say who belongs to it."
