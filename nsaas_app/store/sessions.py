"""Login sessions, one-time sign-in codes and API tokens: only hashes of secrets are stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.actors import AuthMethod
from .tables import ApiTokenRow, LoginSessionRow, SignInCodeRow

__all__ = ["SessionStore", "StoredSession", "StoredToken"]

_SESSION = LoginSessionRow.__table__  # type: ignore[attr-defined]
_CODE = SignInCodeRow.__table__  # type: ignore[attr-defined]
_TOKEN = ApiTokenRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A login session."""

    id_hash: str
    subject: str
    display_name: str
    auth: AuthMethod
    groups: tuple[str, ...]
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StoredToken:
    """An API token."""

    id: str
    secret_hash: str
    subject: str
    display_name: str
    name: str
    auth: AuthMethod
    groups: tuple[str, ...]
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime


def _session(row: RowMapping) -> StoredSession:
    values = dict(row)
    return StoredSession(
        **values | {"auth": AuthMethod(values["auth"]), "groups": tuple(values["groups"])}
    )


class SessionStore:
    """Reads and writes credentials within the caller's transaction."""

    async def add_code(
        self, connection: AsyncConnection, *, code_hash: str, identity: str, expires_at: datetime
    ) -> None:
        """Store a one-time code."""
        await connection.execute(
            insert(_CODE).values(code_hash=code_hash, identity=identity, expires_at=expires_at)
        )

    async def use_code(
        self, connection: AsyncConnection, code_hash: str, *, now: datetime
    ) -> str | None:
        """Use up a code: its identity the first time, None ever after or when it expired."""
        used = (
            delete(_CODE)
            .where(_CODE.c.code_hash == code_hash)
            .returning(_CODE.c.identity, _CODE.c.expires_at)
        )
        row = (await connection.execute(used)).first()
        return None if row is None or row[1] <= now else str(row[0])

    async def add(self, connection: AsyncConnection, session: StoredSession) -> None:
        """Store a login session."""
        await connection.execute(
            insert(_SESSION).values(
                id_hash=session.id_hash, subject=session.subject,
                display_name=session.display_name, auth=session.auth.value,
                groups=list(session.groups), created_at=session.created_at,
                last_seen_at=session.last_seen_at, expires_at=session.expires_at,
            )
        )  # fmt: skip

    async def get(self, connection: AsyncConnection, id_hash: str) -> StoredSession | None:
        """One login session."""
        query = select(_SESSION).where(_SESSION.c.id_hash == id_hash)
        row = (await connection.execute(query)).mappings().first()
        return None if row is None else _session(row)

    async def touch(self, connection: AsyncConnection, id_hash: str, *, now: datetime) -> None:
        """Note that the session was used."""
        await connection.execute(
            update(_SESSION).where(_SESSION.c.id_hash == id_hash).values(last_seen_at=now)
        )

    async def groups_by_subject(
        self, connection: AsyncConnection
    ) -> dict[str, tuple[datetime, tuple[str, ...]]]:
        """The groups that each subject had when it was heard of last, and when that was."""
        newest: dict[str, tuple[datetime, tuple[str, ...]]] = {}
        for table in (_SESSION, _TOKEN):
            query = select(table.c.subject, table.c.created_at, table.c.groups)
            for subject, at, groups in await connection.execute(query):
                if subject not in newest or newest[subject][0] < at:
                    newest[subject] = (at, tuple(groups))
        return newest

    async def remove(self, connection: AsyncConnection, id_hash: str) -> None:
        """End one login session."""
        await connection.execute(delete(_SESSION).where(_SESSION.c.id_hash == id_hash))

    async def remove_expired(self, connection: AsyncConnection, *, now: datetime) -> None:
        """Forget sessions and codes that ended."""
        await connection.execute(delete(_SESSION).where(_SESSION.c.expires_at <= now))
        await connection.execute(delete(_CODE).where(_CODE.c.expires_at <= now))

    async def add_token(self, connection: AsyncConnection, token: StoredToken) -> None:
        """Store an API token."""
        await connection.execute(
            insert(_TOKEN).values(
                id=token.id, secret_hash=token.secret_hash, subject=token.subject,
                display_name=token.display_name, name=token.name, auth=token.auth.value,
                groups=list(token.groups), scopes=sorted(token.scopes),
                created_at=token.created_at, expires_at=token.expires_at,
            )
        )  # fmt: skip

    async def token_by_hash(
        self, connection: AsyncConnection, secret_hash: str, *, now: datetime
    ) -> StoredToken | None:
        """The living token with this secret."""
        query = select(_TOKEN).where(
            _TOKEN.c.secret_hash == secret_hash,
            _TOKEN.c.expires_at > now,
            _TOKEN.c.revoked_at.is_(None),
        )
        row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        return StoredToken(
            id=row["id"], secret_hash=row["secret_hash"], subject=row["subject"],
            display_name=row["display_name"], name=row["name"], auth=AuthMethod(row["auth"]),
            groups=tuple(row["groups"]), scopes=frozenset(row["scopes"]),
            created_at=row["created_at"], expires_at=row["expires_at"],
        )  # fmt: skip
