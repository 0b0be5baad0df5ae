"""What the team page reads on every turn: budget, people, namespaces."""

from datetime import timedelta
from typing import Final

from ... import runtime
from ...directory.query import RowQuery
from ...directory.requests import RequestQuery
from ...domain.access_review import groups_version
from ...domain.actors import Actor, Role
from ...domain.names import TeamName
from ...identity.permissions import Permission, may
from ...teams.members import MemberList
from ..awaiting import awaiting_names
from ..figures import count
from ..namespace_views import EndingLine, NamespaceLine
from ..request_views import RequestLine
from ..team_views import cost_note, cost_text, why_not_edit, why_not_members
from .asks import AskLine
from .costs import WINDOW_DAYS
from .renewals import MOST, ending_rows, renewable
from .scores import ReviewView
from .segments import segmented_bars, share_lines
from .transform import GroupLine, MemberLine, environment_lines

__all__ = ["COST_WINDOW", "LISTED", "member_vars", "namespace_vars", "team_vars"]

COST_WINDOW: Final = timedelta(days=WINDOW_DAYS)
LISTED: Final = 20
_ENDING: Final = 8
_LEADS: Final = 3
_MOST: Final = 200
"""So many members are listed; the counts tell of all."""
_SHARES: Final = 50
"""So many shares of the budget are; REST gives all."""


async def team_vars(name: str, actor: Actor) -> dict[str, object]:
    """Read the team and its budget."""
    overviews = runtime.current().team_overviews
    standing = await overviews.one(name, actor=actor)
    shares = await overviews.shares(name, actor=actor)
    asks = await runtime.current().organisation.asks.of(name, actor=actor)
    return {
        "asks": [AskLine.of(ask, standing.team) for ask in asks],
        "title": standing.team.called,
        "cost_center": standing.team.cost_center,
        "cost": cost_text(standing.cost),
        "cost_note": cost_note(standing.cost),
        "bars": segmented_bars(standing, shares),
        "shares": share_lines(shares)[:_SHARES],
        "shares_counted": f"{count(min(len(shares), _SHARES))} of {count(len(shares))}, "
        "largest first",
        "environments": environment_lines(standing),
        "namespaces_top": count(standing.team.budget.namespaces),
        "why_not_edit": why_not_edit(actor, standing),
        "why_not_members": why_not_members(actor, standing),
    }


async def member_vars(name: str, actor: Actor) -> dict[str, object]:
    """Read who belongs to it, and when that was looked at."""
    portal = runtime.current()
    found = await portal.members.of(name, actor=actor)
    review = await portal.organisation.reviews.of(name, actor=actor)
    version = groups_version((group.name, group.role.value) for group in found.groups)
    return {
        "groups": [GroupLine.of(group) for group in found.groups],
        "members": [MemberLine.of(member) for member in found.members[:_MOST]],
        "members_counted": f"{count(len(found.members))} seen",
        "leads": _leads(found),
        "review": ReviewView.of(review, now=portal.clock(), version=version),
    }


def _leads(found: MemberList) -> str:
    names = [one.display_name or one.subject for one in found.members if one.role is Role.LEAD]
    more = f" and {count(len(names) - _LEADS)} more" if len(names) > _LEADS else ""
    return f"{', '.join(names[:_LEADS])}{more}" if names else "Nobody seen yet"


def namespace_vars(name: str, actor: Actor) -> dict[str, object]:
    """Read what it has, what ends soon, and what was asked lately."""
    portal = runtime.current()
    query = RowQuery(teams=frozenset({name}), sort="expires", limit=LISTED)
    found = portal.directory.find(query, actor=actor)
    ending = ending_rows(name, actor, now=portal.clock())
    number = renewable(ending, actor)
    awaiting = awaiting_names()
    made = RequestQuery(team=name, limit=6)
    return {
        "rows": [
            NamespaceLine.from_row(row, is_awaiting=row.name in awaiting) for row in found.items
        ],
        "rows_counted": f"{count(len(found.items))} of {count(found.total)}, next to end first",
        "namespaces": found.total,
        "ending": [EndingLine.from_row(row) for row in ending[:_ENDING]],
        "ending_total": len(ending),
        "ending_counted": f"{count(len(ending))} end within 14 days or have ended",
        "ending_more": f"All {count(len(ending))}" if len(ending) > _ENDING else "",
        "renew_label": _renew_label(number, is_all=len(ending) <= MOST),
        "why_not_renew": _why_not_renew(name, actor, ending=len(ending), number=number),
        "requests": [
            RequestLine.from_request(each) for each in portal.requests.find(made, actor=actor).items
        ],
    }


def _renew_label(number: int, *, is_all: bool) -> str:
    if not number:
        return "Renew all"
    return f"Renew all {count(number)}" if is_all else f"Renew the first {count(number)}"


def _why_not_renew(name: str, actor: Actor, *, ending: int, number: int) -> str:
    if number:
        return ""
    if not ending:
        return "Nothing ends within 14 days."
    if not may(actor, Permission.NAMESPACE_CHANGE, TeamName(name)):
        return f"Your role in team {name} reads only."
    return "None of them can be renewed now."
