"""People an identity provider vouched for: with which groups, and when the last time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import PersonRow

__all__ = ["PersonStore", "StoredPerson"]

_PERSON = PersonRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """Somebody, as the provider described them at `confirmed_at`."""

    subject: str
    issuer: str
    issuer_subject: str
    tenant: str
    object_id: str
    display_name: str
    groups: tuple[str, ...]
    confirmed_at: datetime


class PersonStore:
    """Reads and writes people within the caller's transaction."""

    async def put(self, connection: AsyncConnection, person: StoredPerson) -> None:
        """Remember what the provider said last."""
        values = {
            "issuer": person.issuer, "issuer_subject": person.issuer_subject,
            "tenant": person.tenant, "object_id": person.object_id,
            "display_name": person.display_name, "groups": list(person.groups),
            "confirmed_at": person.confirmed_at,
        }  # fmt: skip
        known = update(_PERSON).where(_PERSON.c.subject == person.subject).values(**values)
        if (await connection.execute(known)).rowcount == 0:
            await connection.execute(insert(_PERSON).values(subject=person.subject, **values))

    async def get(self, connection: AsyncConnection, subject: str) -> StoredPerson | None:
        """One person."""
        query = select(_PERSON).where(_PERSON.c.subject == subject)
        row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        values = dict(row)
        return StoredPerson(**values | {"groups": tuple(values["groups"])})
