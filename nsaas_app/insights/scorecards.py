"""Gathers the facts of a team from where they are, for its scorecard."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from ..directory.directory import Directory
from ..directory.query import RowQuery
from ..directory.requests import RequestBoard
from ..domain.actors import Actor
from ..teams.members import Members
from ..teams.overview import TeamOverviews
from ..teams.reviews import AccessReviews
from .scorecard import Facts, Scorecard, scorecard_of

__all__ = ["Scorecards"]

_EVERYTHING: Final = 1_000_000
_WINDOW: Final = timedelta(days=30)


class Scorecards:
    """Gathers the facts of a team and judges it."""

    def __init__(
        self,
        *,
        overviews: TeamOverviews,
        members: Members,
        reviews: AccessReviews,
        directory: Directory,
        board: RequestBoard,
        clock: Callable[[], datetime],
    ) -> None:
        self._overviews = overviews
        self._members = members
        self._reviews = reviews
        self._directory = directory
        self._board = board
        self._clock = clock

    async def of(self, name: str, *, actor: Actor) -> Scorecard:
        """Judge one team by what stands now.

        Raises:
            NotFoundError: there is no such team, or it is not the actor's.
        """
        standing = await self._overviews.one(name, actor=actor)
        query = RowQuery(teams=frozenset({name}), limit=_EVERYTHING)
        facts = Facts(
            standing=standing,
            rows=self._directory.find(query, actor=actor).items,
            members=await self._members.of(name, actor=actor),
            performance=self._board.performance(
                actor=actor, window=_WINDOW, team=standing.team.name
            ),
            review=await self._reviews.of(name, actor=actor),
            now=self._clock(),
        )
        return scorecard_of(facts)
