"""Turns: work that one process at a time does for all of them, by a lease in the database."""

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .database import database_now_ms
from .tables import TurnRow

__all__ = ["TurnStore"]

_TURN = TurnRow.__table__  # type: ignore[attr-defined]


class TurnStore:
    """Takes and gives back turns within the caller's transaction."""

    async def take(
        self, connection: AsyncConnection, *, name: str, owner: str, lease_ms: int
    ) -> bool:
        """Take a turn, or hold on to one's own; False while somebody else has it.

        Raises:
            DuplicateError: from the transaction, when two take a turn that nobody ever had.
        """
        now = database_now_ms()
        taken = (
            update(_TURN)
            .where(_TURN.c.name == name)
            .where(or_(_TURN.c.owner == owner, _TURN.c.until_ms < now))
            .values(owner=owner, until_ms=now + lease_ms)
        )
        if (await connection.execute(taken)).rowcount:
            return True
        known = await connection.execute(select(_TURN.c.name).where(_TURN.c.name == name))
        if known.first() is not None:
            return False
        await connection.execute(
            insert(_TURN).values(name=name, owner=owner, until_ms=now + lease_ms)
        )
        return True

    async def give_back(self, connection: AsyncConnection, *, name: str, owner: str) -> None:
        """End one's turn before its lease does."""
        await connection.execute(
            update(_TURN).where(_TURN.c.name == name, _TURN.c.owner == owner).values(until_ms=0)
        )
