"""Managed namespaces: the durable records, tombstones included."""

from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.names import NamespaceName, TeamName
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.sleep import Asleep
from ..domain.spec import NamespaceSpec
from ..domain.spec_document import spec_from_document, spec_to_document
from .tables import NamespaceRecord

__all__ = ["NamespaceStore"]

_NAMESPACE = NamespaceRecord.__table__  # type: ignore[attr-defined]

# Built once: building a statement takes ten times as long as running it.
_ITSELF = (
    _NAMESPACE.c.cluster == bindparam("of_cluster"),
    _NAMESPACE.c.name == bindparam("of_name"),
)
_GET = select(_NAMESPACE).where(*_ITSELF)
_PUT = insert(_NAMESPACE)
_CHANGE = update(_NAMESPACE).where(*_ITSELF)
_DELETE = delete(_NAMESPACE).where(*_ITSELF)


def _managed(row: RowMapping) -> ManagedNamespace:
    return ManagedNamespace(
        name=NamespaceName(row["name"]),
        team=TeamName(row["team"]),
        cluster=row["cluster"],
        intent=Intent(row["intent"]),
        spec=spec_from_document(row["spec"]),
        request_id=row["request_id"],
        created_at=row["created_at"],
        uid=row["uid"],
        ready_at=row["ready_at"],
        is_protected=row["is_protected"],
        restorable_until=row["restorable_until"],
        renewals=row["renewals"],
        asleep=Asleep.from_document(row["asleep"]) if row["asleep"] else None,
    )


def _plain(value: Any) -> Any:
    match value:
        case Intent():
            return value.value
        case Asleep():
            return value.to_document()
        case NamespaceSpec():
            return spec_to_document(value)
        case _:
            return value


class NamespaceStore:
    """Reads and writes records within the caller's transaction."""

    async def get(
        self, connection: AsyncConnection, *, cluster: str, name: str
    ) -> ManagedNamespace | None:
        """One record, a tombstone too."""
        values = {"of_cluster": cluster, "of_name": name}
        row = (await connection.execute(_GET, values)).mappings().first()
        return None if row is None else _managed(row)

    async def all(self, connection: AsyncConnection) -> list[ManagedNamespace]:
        """Every record that is not a tombstone."""
        query = select(_NAMESPACE).where(_NAMESPACE.c.intent != Intent.DELETED.value)
        return [_managed(row) for row in (await connection.execute(query)).mappings()]

    async def put(self, connection: AsyncConnection, managed: ManagedNamespace) -> None:
        """Store a record in place of the tombstone or failed one of the same name, if any."""
        await connection.execute(
            _DELETE, {"of_cluster": managed.cluster, "of_name": str(managed.name)}
        )
        await connection.execute(
            _PUT,
            {
                "cluster": managed.cluster,
                "name": str(managed.name),
                "team": str(managed.team),
                "environment": managed.spec.environment.value,
                "intent": managed.intent.value,
                "spec": spec_to_document(managed.spec),
                "request_id": managed.request_id,
                "uid": managed.uid,
                "created_at": managed.created_at,
                "ready_at": managed.ready_at,
                "is_protected": managed.is_protected,
                "restorable_until": managed.restorable_until,
                "renewals": managed.renewals,
                "asleep": managed.asleep.to_document() if managed.asleep else None,
            },
        )

    async def change(
        self, connection: AsyncConnection, *, cluster: str, name: str, **values: Any
    ) -> None:
        """Set columns of one record; an intent and a spec as they are."""
        plain = {key: _plain(value) for key, value in values.items()}
        await connection.execute(_CHANGE, plain | {"of_cluster": cluster, "of_name": name})
