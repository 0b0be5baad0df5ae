"""The ledger: what each namespace takes out of its team's budget."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.environments import Environment
from ..domain.spec import NamespaceSpec
from ..domain.teams import Resources
from .tables import LedgerRow, TeamRow

__all__ = ["LedgerEntry", "LedgerShare", "LedgerStore"]

_LEDGER = LedgerRow.__table__  # type: ignore[attr-defined]
_TEAM = TeamRow.__table__  # type: ignore[attr-defined]
_AMOUNTS = (_LEDGER.c.cpu_milli, _LEDGER.c.memory_bytes, _LEDGER.c.storage_bytes)

# Built once: building a statement takes ten times as long as running it.
_SHARES = (
    select(
        _LEDGER.c.environment,
        _LEDGER.c.is_reserved,
        func.count(),
        *(func.sum(column) for column in _AMOUNTS),
    )
    .where(_LEDGER.c.team == bindparam("of_team"), _LEDGER.c.namespace != bindparam("without"))
    .group_by(_LEDGER.c.environment, _LEDGER.c.is_reserved)
)
_BOOK = insert(_LEDGER).values(is_reserved=True)
_CONFIRM = (
    update(_LEDGER)
    .where(
        _LEDGER.c.cluster == bindparam("of_cluster"),
        _LEDGER.c.namespace == bindparam("of_namespace"),
    )
    .values(is_reserved=False)
)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One namespace's share."""

    namespace: str
    environment: Environment
    is_reserved: bool
    amount: Resources


@dataclass(frozen=True, slots=True)
class LedgerShare:
    """What all namespaces of a team take that are in the same environment and equally far."""

    environment: Environment
    is_reserved: bool
    namespaces: int
    amount: Resources


class LedgerStore:
    """Reads and writes the ledger within the caller's transaction."""

    async def lock(self, connection: AsyncConnection, team: str) -> None:
        """Let nobody else count or book for the team until the transaction ends.

        SQLite's writers are alone anyway; PostgreSQL locks the team's row.
        """
        if connection.dialect.name == "postgresql":
            await connection.execute(
                select(_TEAM.c.name).where(_TEAM.c.name == team).with_for_update()
            )

    async def entries(self, connection: AsyncConnection, team: str) -> list[LedgerEntry]:
        """Everything the team has booked."""
        rows = await connection.execute(
            select(
                _LEDGER.c.namespace, _LEDGER.c.environment, _LEDGER.c.is_reserved,
                _LEDGER.c.cpu_milli, _LEDGER.c.memory_bytes, _LEDGER.c.storage_bytes,
            ).where(_LEDGER.c.team == team)
        )  # fmt: skip
        return [
            LedgerEntry(
                namespace=name,
                environment=Environment(environment),
                is_reserved=is_reserved,
                amount=Resources(Decimal(cpu) / 1000, Decimal(memory), Decimal(storage)),
            )
            for name, environment, is_reserved, cpu, memory, storage in rows
        ]

    async def shares(
        self, connection: AsyncConnection, team: str, *, without: str = ""
    ) -> list[LedgerShare]:
        """What the team has booked, added up; the cost does not grow with its namespaces.

        Args:
            connection: of the transaction.
            team: whose.
            without: a namespace that shall not count.
        """
        rows = await connection.execute(_SHARES, {"of_team": team, "without": without})
        return [
            LedgerShare(
                environment=Environment(environment),
                is_reserved=bool(is_reserved),
                namespaces=count,
                amount=Resources(Decimal(cpu) / 1000, Decimal(memory), Decimal(storage)),
            )
            for environment, is_reserved, count, cpu, memory, storage in rows
        ]

    async def all_shares(self, connection: AsyncConnection) -> dict[str, list[LedgerShare]]:
        """What every team has booked, added up in one query."""
        keys = (_LEDGER.c.team, _LEDGER.c.environment, _LEDGER.c.is_reserved)
        sums = (func.sum(column) for column in _AMOUNTS)
        rows = await connection.execute(select(*keys, func.count(), *sums).group_by(*keys))
        found: dict[str, list[LedgerShare]] = {}
        for team, environment, is_reserved, count, cpu, memory, storage in rows:
            share = LedgerShare(
                environment=Environment(environment),
                is_reserved=bool(is_reserved),
                namespaces=count,
                amount=Resources(Decimal(cpu) / 1000, Decimal(memory), Decimal(storage)),
            )
            found.setdefault(team, []).append(share)
        return found

    async def book(
        self, connection: AsyncConnection, spec: NamespaceSpec, *, request_id: str
    ) -> None:
        """Reserve what the spec takes."""
        amount = Resources.of(spec.size)
        await connection.execute(
            _BOOK,
            {
                "cluster": spec.cluster,
                "namespace": str(spec.name),
                "team": str(spec.team),
                "environment": spec.environment.value,
                "request_id": request_id,
                "cpu_milli": int(amount.cpu * 1000),
                "memory_bytes": int(amount.memory),
                "storage_bytes": int(amount.storage),
            },
        )

    async def rebook(
        self, connection: AsyncConnection, spec: NamespaceSpec, *, amount: Resources
    ) -> None:
        """Set what an existing namespace takes."""
        await connection.execute(
            update(_LEDGER)
            .where(_LEDGER.c.cluster == spec.cluster, _LEDGER.c.namespace == str(spec.name))
            .values(
                cpu_milli=int(amount.cpu * 1000),
                memory_bytes=int(amount.memory),
                storage_bytes=int(amount.storage),
            )
        )

    async def confirm(self, connection: AsyncConnection, *, cluster: str, namespace: str) -> None:
        """Turn a reservation into use."""
        await connection.execute(_CONFIRM, {"of_cluster": cluster, "of_namespace": namespace})

    async def free(self, connection: AsyncConnection, *, cluster: str, namespace: str) -> None:
        """Give back what a namespace took."""
        await connection.execute(
            delete(_LEDGER).where(_LEDGER.c.cluster == cluster, _LEDGER.c.namespace == namespace)
        )

    async def size(self, connection: AsyncConnection) -> int:
        """How many entries there are."""
        counted = await connection.execute(select(func.count()).select_from(_LEDGER))
        return counted.scalar_one()
