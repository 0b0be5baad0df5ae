"""Building what is about teams as a whole: who is in them, what they use, how well they keep."""

from dataclasses import dataclass

from ..directory.directory import Directory
from ..directory.hub import TEAMS
from ..directory.requests import RequestBoard
from ..insights.scorecards import Scorecards
from ..lifecycle.budget_asks import BudgetAsks
from ..lifecycle.help_asks import HelpAsks
from ..lifecycle.inbox import Inbox
from ..provisioning.stores import Stores
from ..teams.members import Members
from ..teams.overview import TeamOverviews
from ..teams.reviews import AccessReviews
from ..teams.teams import Teams
from .clock import utc_now

__all__ = ["Organisation", "build_organisation"]


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is read of a team, the review of its access, wishes for budget and for help."""

    members: Members
    overviews: TeamOverviews
    reviews: AccessReviews
    scorecards: Scorecards
    asks: BudgetAsks
    helps: HelpAsks


def build_organisation(
    *,
    stores: Stores,
    teams: Teams,
    members: Members,
    directory: Directory,
    board: RequestBoard,
    inbox: Inbox,
) -> Organisation:
    """Build the parts."""
    database = stores.database
    overviews = TeamOverviews(
        teams=teams, directory=directory, database=database, ledger=stores.ledger
    )
    reviews = AccessReviews(
        database=database,
        audit=stores.audit,
        teams=teams,
        clock=utc_now,
        changed=lambda: directory.hub.publish(TEAMS),
    )
    return Organisation(
        members=members,
        overviews=overviews,
        reviews=reviews,
        scorecards=Scorecards(
            overviews=overviews,
            members=members,
            reviews=reviews,
            directory=directory,
            board=board,
            clock=utc_now,
        ),
        asks=BudgetAsks(stores=stores, teams=teams, inbox=inbox, hub=directory.hub, clock=utc_now),
        helps=HelpAsks(stores=stores, board=board, inbox=inbox, clock=utc_now),
    )
