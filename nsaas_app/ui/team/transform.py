"""One team's page: sections, members and namespaces as they are shown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from ...domain.environments import Environment
from ...teams.members import GroupRow, Member
from ...teams.overview import TeamStanding
from ..figures import count, iso
from ..routes import Pill, address
from ..words import word_of

__all__ = [
    "TABS",
    "EnvironmentLine",
    "GroupLine",
    "MemberLine",
    "environment_lines",
    "tab_of",
    "tab_pills",
]

TABS: Final = {
    "overview": "Overview",
    "members": "Members",
    "namespaces": "Namespaces",
    "cost": "Cost",
    "scorecard": "Scorecard",
}


@dataclass(frozen=True)
class MemberLine:
    """Somebody who belongs to the team."""

    subject: str
    display_name: str
    role: str
    groups: str
    seen_at: str

    @classmethod
    def of(cls, member: Member) -> Self:
        """Describe a member."""
        return cls(
            member.subject,
            member.display_name or member.subject,
            word_of(member.role.value),
            ", ".join(member.groups),
            iso(member.seen_at),
        )


@dataclass(frozen=True)
class GroupLine:
    """A group that gives a role."""

    name: str
    role: str
    note: str
    is_seen: bool

    @classmethod
    def of(cls, group: GroupRow) -> Self:
        """Describe a group and how many people were seen with it."""
        people = "1 person" if group.seen == 1 else f"{count(group.seen)} people"
        return cls(
            group.name,
            word_of(group.role.value),
            people if group.seen else "Matches nobody seen so far",
            group.seen > 0,
        )


@dataclass(frozen=True)
class EnvironmentLine:
    """How many namespaces of an environment there are and may be."""

    key: str
    number: str
    limit: str
    share: int
    href: str


def environment_lines(standing: TeamStanding) -> list[EnvironmentLine]:
    """Count the namespaces of each environment against its limit."""
    lines = []
    for environment in Environment:
        number = standing.use.per_environment.get(environment, 0)
        limit = standing.team.budget.per_environment.get(environment, 0)
        share = min(100, round(100 * number / limit)) if limit else 100 if number else 0
        query = {"team": str(standing.team.name), "env": environment.value}
        href = address("/namespaces", query)
        lines.append(EnvironmentLine(environment.value, count(number), count(limit), share, href))
    return lines


def tab_of(query: Mapping[str, str]) -> str:
    """Read which section an address asks for."""
    wanted = query.get("tab", "")
    return wanted if wanted in TABS else "overview"


def tab_pills(name: str, opened: str) -> list[Pill]:
    """Link every section of a team."""
    return [
        Pill(
            tab,
            label,
            address(f"/teams/{name}", {"tab": "" if tab == "overview" else tab}),
            tab == opened,
        )
        for tab, label in TABS.items()
    ]
