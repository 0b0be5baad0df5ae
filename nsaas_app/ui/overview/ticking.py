"""What became of lines that were shown: a line is ticked only if the thing itself was looked at.

That it is no longer among the worst says nothing, and what is not the reader's to see any more
is not shown as solved either.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from ...directory.directory import Directory
from ...directory.requests import RequestBoard
from ...directory.rows import NamespaceRow
from ...domain.actors import Actor
from ...domain.errors import NotFoundError
from ...domain.names import TeamName
from ...domain.requests import Phase
from .attention import CODES, Attention

__all__ = ["Look", "kept_lines", "still_wrong"]


@dataclass(frozen=True)
class Look:
    """Where things are looked up, and by whom."""

    directory: Directory
    board: RequestBoard
    eyes: Actor


def still_wrong(
    shown: Iterable[Attention], looked_at: Collection[NamespaceRow], look: Look
) -> list[NamespaceRow]:
    """Rows of shown lines that still need somebody, although others are worse by now."""
    known = {row.name for row in looked_at}
    found = []
    for line in shown:
        row = None if line.key in known else look.directory.find_row(line.key)
        if row is None or look.eyes.role_in(row.team) is None:
            continue
        if any(reason.code in CODES for reason in row.health.reasons):
            found.append(row)
    return found


def kept_lines(
    shown: Iterable[Attention], fresh: Iterable[Attention], look: Look, *, since: datetime
) -> list[Attention]:
    """Shown lines that may stay; of those that are not fresh, only what may be ticked as solved.

    Args:
        shown: as it is on the page.
        fresh: all that needs somebody now.
        look: who looks, and where.
        since: what failed before that is listed no longer, but not for being solved.
    """
    every = list(fresh)
    known = {line.key for line in every}
    # A failure is told of by its namespace where that is broken.
    broken = {line.name for line in every if line.harm == 0}
    return [
        line
        for line in shown
        if line.key in known or (line.name not in broken and _is_solved(line, look, since))
    ]


def _is_solved(line: Attention, look: Look, since: datetime) -> bool:
    if line.key == line.name:
        row = look.directory.find_row(line.name)
        team = TeamName(line.team) if row is None else row.team
        return look.eyes.role_in(team) is not None
    try:
        request = look.board.get(line.key, actor=look.eyes)
    except NotFoundError:
        return False
    if line.is_solved:
        return True
    if request.phase is Phase.ROLLED_BACK:
        return request.created_at >= since
    # One that still waits is no longer for this person to decide: that is not solved.
    return request.phase is not Phase.AWAITING_APPROVAL
