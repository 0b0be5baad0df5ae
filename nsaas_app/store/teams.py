"""Teams, stored as the contract's document."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.environments import Environment
from ..domain.names import TeamName
from ..domain.team_document import team_to_document
from ..domain.teams import Budget, Resources, Team, TeamGroups
from .tables import TeamRow

__all__ = ["TeamStore"]

_TEAM = TeamRow.__table__  # type: ignore[attr-defined]


def _from_document(name: str, document: Mapping[str, Any]) -> Team:
    groups, budget = document["groups"], document["budget"]
    return Team(
        name=TeamName.parse(name),
        display_name=document["display_name"],
        cost_center=document["cost_center"],
        groups=TeamGroups(*(tuple(groups[role]) for role in ("viewer", "developer", "lead"))),
        budget=Budget(
            namespaces=budget["namespaces"],
            per_environment={Environment(e): n for e, n in budget["per_environment"].items()},
            resources=Resources.parse(
                budget["requests.cpu"], budget["requests.memory"], budget["requests.storage"]
            ),
        ),
    )


class TeamStore:
    """Reads and writes teams within the caller's transaction."""

    async def all(self, connection: AsyncConnection) -> list[Team]:
        """Every team by name."""
        rows = await connection.execute(select(_TEAM).order_by(_TEAM.c.name))
        return [_from_document(name, document) for name, document in rows]

    async def put(self, connection: AsyncConnection, team: Team) -> None:
        """Create or replace a team."""
        name, document = str(team.name), team_to_document(team)
        # The row itself stays: who waits for its lock would else be given nothing to hold.
        replaced = update(_TEAM).where(_TEAM.c.name == name).values(document=document)
        if (await connection.execute(replaced)).rowcount == 0:
            await connection.execute(insert(_TEAM).values(name=name, document=document))
