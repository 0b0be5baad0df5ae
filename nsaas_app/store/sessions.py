"""Login sessions, one-time sign-in codes and API tokens: only hashes of secrets are stored."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.actors import AuthMethod
from .tables import ApiTokenRow, LoginSessionRow, PersonRow, SignInCodeRow, UtcTime

__all__ = ["SeenIdentity", "SessionStore", "StoredSession", "StoredToken", "TokenTimes"]

_SESSION = LoginSessionRow.__table__  # type: ignore[attr-defined]
_CODE = SignInCodeRow.__table__  # type: ignore[attr-defined]
_PERSON = PersonRow.__table__  # type: ignore[attr-defined]
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
    confirmed_at: datetime | None = None
    refreshing_until: datetime | None = None
    sealed_refresh_token: str | None = field(default=None, repr=False)
    sealed_id_token: str | None = field(default=None, repr=False)
    rights: str | None = None
    previous_hash: str | None = None
    renewed_at: datetime | None = None
    renewal_salt: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TokenTimes:
    """When a token ends. It neither lies idle nor is vouched for."""

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
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenIdentity:
    """Somebody as the identity provider described them last."""

    subject: str
    display_name: str
    groups: tuple[str, ...]
    seen_at: datetime


def _session(row: RowMapping) -> StoredSession:
    values = dict(row)
    return StoredSession(
        **values | {"auth": AuthMethod(values["auth"]), "groups": tuple(values["groups"])}
    )


def _token(row: RowMapping) -> StoredToken:
    values = dict(row)
    return StoredToken(
        **values
        | {
            "auth": AuthMethod(values["auth"]),
            "groups": tuple(values["groups"]),
            "scopes": frozenset(values["scopes"]),
        }
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
        values = asdict(session) | {"auth": session.auth.value, "groups": list(session.groups)}
        await connection.execute(insert(_SESSION).values(**values))

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
        """The groups that each subject had when it was heard of last, and when that was.

        Of whom an identity provider vouches for, its last word alone counts.
        """
        newest: dict[str, tuple[datetime, tuple[str, ...]]] = {}
        for table in (_SESSION, _TOKEN):
            query = select(table.c.subject, table.c.created_at, table.c.groups)
            for subject, at, groups in await connection.execute(query):
                if subject not in newest or newest[subject][0] < at:
                    newest[subject] = (at, tuple(groups))
        vouched = select(_PERSON.c.subject, _PERSON.c.confirmed_at, _PERSON.c.groups)
        for subject, at, groups in await connection.execute(vouched):
            newest[subject] = (at, tuple(groups))
        return newest

    async def remove(self, connection: AsyncConnection, id_hash: str) -> None:
        """End one login session."""
        await connection.execute(delete(_SESSION).where(_SESSION.c.id_hash == id_hash))

    async def remove_of(self, connection: AsyncConnection, subject: str) -> list[str]:
        """End every login session of somebody; give which these were."""
        ended = delete(_SESSION).where(_SESSION.c.subject == subject).returning(_SESSION.c.id_hash)
        return list((await connection.execute(ended)).scalars())

    async def of_subject(
        self, connection: AsyncConnection, subject: str, *, now: datetime
    ) -> list[StoredSession]:
        """Login sessions of somebody that have not reached their end, newest first."""
        query = (
            select(_SESSION)
            .where(_SESSION.c.subject == subject, _SESSION.c.expires_at > now)
            .order_by(_SESSION.c.created_at.desc())
        )
        return [_session(row) for row in (await connection.execute(query)).mappings()]

    async def standing(
        self, connection: AsyncConnection, id_hashes: Collection[str]
    ) -> dict[str, StoredSession | TokenTimes]:
        """Those of these sessions and tokens that are neither ended nor revoked."""
        sessions = select(_SESSION).where(_SESSION.c.id_hash.in_(id_hashes))
        tokens = select(_TOKEN.c.secret_hash, _TOKEN.c.expires_at).where(
            _TOKEN.c.secret_hash.in_(id_hashes), _TOKEN.c.revoked_at.is_(None)
        )
        rows = (await connection.execute(sessions)).mappings()
        found: dict[str, StoredSession | TokenTimes] = {
            row["id_hash"]: _session(row) for row in rows
        }
        return found | {row[0]: TokenTimes(row[1]) for row in await connection.execute(tokens)}

    async def renew(
        self,
        connection: AsyncConnection,
        id_hash: str,
        *,
        new_hash: str,
        salt: str,
        rights: str,
        now: datetime,
    ) -> bool:
        """Give a session another id; False where it has one already, or is being confirmed now.

        Whoever asks the provider about a session writes the answer under the id it asked with.
        """
        renewed = (
            update(_SESSION)
            .where(
                _SESSION.c.id_hash == id_hash,
                or_(_SESSION.c.refreshing_until.is_(None), _SESSION.c.refreshing_until <= now),
            )
            .values(
                id_hash=new_hash,
                previous_hash=id_hash,
                rights=rights,
                renewed_at=now,
                renewal_salt=salt,
            )
        )
        return (await connection.execute(renewed)).rowcount == 1

    async def following(
        self, connection: AsyncConnection, id_hash: str, *, since: datetime
    ) -> StoredSession | None:
        """The session that had this id before the one it has, and got that since then."""
        query = select(_SESSION).where(
            _SESSION.c.previous_hash == id_hash, _SESSION.c.renewed_at > since
        )
        row = (await connection.execute(query)).mappings().first()
        return None if row is None else _session(row)

    async def note_rights(self, connection: AsyncConnection, id_hash: str, rights: str) -> None:
        """Write the rights of a session that was opened before they were kept."""
        unknown = _SESSION.c.id_hash == id_hash, _SESSION.c.rights.is_(None)
        await connection.execute(update(_SESSION).where(*unknown).values(rights=rights))

    async def renewed(
        self, connection: AsyncConnection, id_hashes: Collection[str]
    ) -> frozenset[str]:
        """Those of these ids that a session had before the one it has."""
        query = select(_SESSION.c.previous_hash).where(_SESSION.c.previous_hash.in_(id_hashes))
        return frozenset((await connection.execute(query)).scalars())

    async def take_refresh(
        self, connection: AsyncConnection, id_hash: str, *, now: datetime, until: datetime
    ) -> bool:
        """Whether the caller is the one to ask the provider about this session now."""
        taken = (
            update(_SESSION)
            .where(
                _SESSION.c.id_hash == id_hash,
                or_(_SESSION.c.refreshing_until.is_(None), _SESSION.c.refreshing_until <= now),
            )
            .values(refreshing_until=until)
        )
        return (await connection.execute(taken)).rowcount == 1

    async def keep_refresh_token(
        self, connection: AsyncConnection, id_hash: str, sealed: str, *, taken: datetime
    ) -> bool:
        """Replace the refresh token; False where the lease until `taken` is no longer held."""
        return await self._write_taken(connection, id_hash, taken, sealed_refresh_token=sealed)

    async def release_refresh(
        self, connection: AsyncConnection, id_hash: str, *, taken: datetime
    ) -> bool:
        """Give the lease until `taken` back; False where it is no longer held."""
        return await self._write_taken(connection, id_hash, taken, refreshing_until=None)

    async def confirm(
        self, connection: AsyncConnection, session: StoredSession, *, taken: datetime
    ) -> bool:
        """Write what the provider said of a session now, and give the lease until `taken` back.

        False where the lease is no longer held: somebody else knows better, or it ended.
        """
        return await self._write_taken(
            connection,
            session.id_hash,
            taken,
            display_name=session.display_name,
            groups=list(session.groups),
            confirmed_at=session.confirmed_at,
            refreshing_until=None,
        )

    async def _write_taken(
        self, connection: AsyncConnection, id_hash: str, taken: datetime, **values: object
    ) -> bool:
        held = _SESSION.c.id_hash == id_hash, _SESSION.c.refreshing_until == taken
        written = update(_SESSION).where(*held).values(**values)
        return (await connection.execute(written)).rowcount == 1

    async def remove_expired(self, connection: AsyncConnection, *, now: datetime) -> None:
        """Forget sessions and codes that ended."""
        await connection.execute(delete(_SESSION).where(_SESSION.c.expires_at <= now))
        await connection.execute(delete(_CODE).where(_CODE.c.expires_at <= now))

    async def seen(self, connection: AsyncConnection, *, now: datetime) -> list[SeenIdentity]:
        """Everybody with a living login session or token, once, as they were seen last."""
        sessions = select(
            _SESSION.c.subject, _SESSION.c.display_name, _SESSION.c.groups, _SESSION.c.last_seen_at
        ).where(_SESSION.c.expires_at > now)
        tokens = select(
            _TOKEN.c.subject, _TOKEN.c.display_name, _TOKEN.c.groups,
            func.coalesce(_TOKEN.c.last_used_at, _TOKEN.c.created_at, type_=UtcTime()),
        ).where(_TOKEN.c.expires_at > now, _TOKEN.c.revoked_at.is_(None))  # fmt: skip
        found: dict[str, SeenIdentity] = {}
        for query in (sessions, tokens):
            for subject, display_name, groups, seen_at in await connection.execute(query):
                known = found.get(subject)
                if known is None or known.seen_at < seen_at:
                    found[subject] = SeenIdentity(subject, display_name, tuple(groups), seen_at)
        # A token keeps the groups of the day it was made; the provider's last word is newer.
        vouched = select(_PERSON.c.subject, _PERSON.c.display_name, _PERSON.c.groups)
        for subject, display_name, groups in await connection.execute(vouched):
            if (known := found.get(subject)) is not None:
                found[subject] = SeenIdentity(subject, display_name, tuple(groups), known.seen_at)
        return sorted(found.values(), key=lambda identity: identity.subject)

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
        return None if row is None else _token(row)

    async def token_by_id(self, connection: AsyncConnection, token_id: str) -> StoredToken | None:
        """A token, whether it lives or not; nobody else writes it until the transaction ends."""
        query = select(_TOKEN).where(_TOKEN.c.id == token_id).with_for_update()
        row = (await connection.execute(query)).mappings().first()
        return None if row is None else _token(row)

    async def renew_token(self, connection: AsyncConnection, token: StoredToken) -> None:
        """Give a token another secret: the one before it is worth nothing from now on."""
        await connection.execute(
            update(_TOKEN).where(_TOKEN.c.id == token.id).values(secret_hash=token.secret_hash)
        )

    async def tokens_of(
        self, connection: AsyncConnection, subject: str, *, now: datetime
    ) -> list[StoredToken]:
        """Living tokens of somebody, newest first."""
        query = (
            select(_TOKEN)
            .where(
                _TOKEN.c.subject == subject,
                _TOKEN.c.expires_at > now,
                _TOKEN.c.revoked_at.is_(None),
            )
            .order_by(_TOKEN.c.created_at.desc(), _TOKEN.c.id)
        )
        return [_token(row) for row in (await connection.execute(query)).mappings()]

    async def touch_token(
        self, connection: AsyncConnection, secret_hash: str, *, now: datetime
    ) -> None:
        """Note that the token was used."""
        await connection.execute(
            update(_TOKEN).where(_TOKEN.c.secret_hash == secret_hash).values(last_used_at=now)
        )

    async def revoke_token(
        self, connection: AsyncConnection, token_id: str, *, subject: str, now: datetime
    ) -> StoredToken | None:
        """End a living token of somebody; None where they have none of that id."""
        ended = (
            update(_TOKEN)
            .where(
                _TOKEN.c.id == token_id,
                _TOKEN.c.subject == subject,
                _TOKEN.c.expires_at > now,
                _TOKEN.c.revoked_at.is_(None),
            )
            .values(revoked_at=now)
            .returning(*_TOKEN.c)
        )
        row = (await connection.execute(ended)).mappings().first()
        return None if row is None else _token(row)
