"""Login sessions: opaque ids in an HttpOnly cookie, kept on the server, checked on every event."""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from .. import metrics
from ..domain.actors import Actor, AuthMethod
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import PortalError
from ..domain.names import TeamName
from ..domain.teams import Team
from ..store.audit import AuditStore
from ..store.database import Database, StoreConnection
from ..store.persons import PersonStore, StoredPerson
from ..store.sessions import SessionStore, StoredSession, TokenTimes
from .refreshing import HARD, SessionRefresher
from .roles import GlobalGroups, Identity, actor_from, rights_of
from .secrets_hash import hash_of, new_secret, secret_after

__all__ = ["LoginSessions", "StoredSession", "Voucher"]

log = structlog.get_logger()

ABSOLUTE: Final = timedelta(hours=12)
IDLE: Final = timedelta(minutes=60)
CODE_LIFETIME: Final = timedelta(minutes=10)
RECHECK_S: Final = 5.0
"""How long a session is believed without asking the database; bounds a sign-out elsewhere."""
TOUCH_EVERY: Final = timedelta(minutes=1)
RENEWED_AGAIN: Final = timedelta(seconds=10)
"""So long the id before a new one still leads to it: an answer may get lost, and calls that were
on their way at the same time, of other tabs too, carry the old one."""

TeamReader = Callable[[], Awaitable[Mapping[TeamName, Team]]]


@dataclass(frozen=True, slots=True)
class Voucher:
    """What an identity provider gave with somebody."""

    person: StoredPerson
    sealed_refresh_token: str | None = field(repr=False)
    sealed_id_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """Who acts in a session and with which rights, beside what that was derived from."""

    session: StoredSession
    teams: Mapping[TeamName, Team]
    actor: Actor
    rights: str


class LoginSessions:
    """Creates, resolves and ends login sessions."""

    def __init__(
        self,
        *,
        database: Database,
        sessions: SessionStore,
        audit: AuditStore,
        teams: TeamReader,
        global_groups: GlobalGroups,
        clock: Callable[[], datetime],
        is_secure: bool,
        fresh_teams: TeamReader | None = None,
        refresher: SessionRefresher | None = None,
        on_ended: Callable[[], None] = lambda: None,
        believed: timedelta = HARD,
        recheck_s: float = RECHECK_S,
        is_dev: bool = False,
    ) -> None:
        self._database = database
        self._store = sessions
        self._audit = audit
        self._teams = teams
        self._fresh_teams = fresh_teams or teams
        self._global_groups = global_groups
        self._clock = clock
        # The prefix makes browsers refuse the cookie without TLS, so a local run goes without.
        self.cookie_name = "__Host-nsaas" if is_secure else "nsaas"
        self.is_secure = is_secure
        self._persons = PersonStore()
        self._refresher = refresher
        self._on_ended = on_ended
        self._believed_for = believed
        self._recheck_s = recheck_s
        self._is_dev = is_dev
        self._seen: dict[str, tuple[StoredSession, float]] = {}
        """Sessions as they were read, and when."""
        self._actors: dict[str, _Known] = {}

    async def begin(
        self, identity: Identity, *, source: str, replaces: str = "", voucher: Voucher | None = None
    ) -> str:
        """Open a session; the returned id is known to the browser alone.

        Args:
            identity: who proved to be there.
            source: which way of sign-in it was.
            replaces: the browser's cookies; the session among them ends, so that an id somebody
                planted before the sign-in is worth nothing after it.
            voucher: what an identity provider gave along; such a session is confirmed anew.
        """
        session_id, now = new_secret(), self._clock()
        session = StoredSession(
            id_hash=hash_of(session_id),
            subject=identity.subject,
            display_name=identity.display_name,
            auth=identity.auth,
            groups=identity.groups,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE,
            confirmed_at=voucher.person.confirmed_at if voucher else None,
            sealed_refresh_token=voucher.sealed_refresh_token if voucher else None,
            sealed_id_token=voucher.sealed_id_token if voucher else None,
        )
        session = replace(session, rights=rights_of(self._derived(session, await self._teams())))
        old = hash_of(self._id_in(replaces)) if self._id_in(replaces) else ""
        async with self._database.transaction() as connection:
            await self._store.remove_expired(connection, now=now)
            if old:
                await self._store.remove(connection, old)
            await self._store.add(connection, session)
            if voucher is not None:
                await self._persons.put(connection, voucher.person)
            await self._record(connection, identity.subject, "auth.sign-in", source)
        for gone in [k for k, seen in self._seen.items() if seen[0].expires_at <= now]:
            self._drop(gone)
        if old:
            self._forget([old])
        metrics.AUTH.labels("signed-in").inc()
        return session_id

    async def end(self, cookie_header: str, *, source: str) -> StoredSession | None:
        """Sign out; give the session that ended. Its connections are cut at once."""
        session_id = self._id_in(cookie_header)
        if not session_id:
            return None
        id_hash = hash_of(session_id)
        async with self._database.transaction() as connection:
            session = await self._store.get(connection, id_hash)
            # Whoever signs out before the new id reached them means the same session.
            session = session or await self._following(connection, id_hash)
            if session is not None:
                await self._store.remove(connection, session.id_hash)
                await self._record(connection, session.subject, "auth.sign-out", source)
        self._forget([id_hash, *([session.id_hash] if session else [])])
        return session

    async def end_all(self, subject: str, *, source: str) -> int:
        """Sign somebody out everywhere; tell how many sessions that ended."""
        async with self._database.transaction() as connection:
            ended = await self._store.remove_of(connection, subject)
            await self._record(connection, subject, "auth.sign-out-everywhere", source)
        self._forget(ended)
        return len(ended)

    async def of(self, actor: Actor) -> list[StoredSession]:
        """The actor's own sessions that live, newest first."""
        now = self._clock()
        async with self._database.reading() as connection:
            found = await self._store.of_subject(connection, actor.subject, now=now)
        return [session for session in found if not _is_over(session, now)]

    async def ended_among(self, id_hashes: frozenset[str]) -> frozenset[str]:
        """Which of these sessions and tokens are over, by the database's word.

        What was read of the others is remembered, so that no page behind them asks by itself.
        """
        before, read_at = {key: self._seen.get(key) for key in id_hashes}, time.monotonic()
        async with self._database.reading() as connection:
            standing = await self._store.standing(connection, id_hashes)
        for key, one in standing.items():
            known = before[key] is not None and self._seen.get(key) is before[key]
            # Else it was changed here meanwhile, or it has ended.
            if known and isinstance(one, StoredSession):
                self._seen[key] = (one, read_at)
        now = self._clock()
        living = {
            k
            for k, times in standing.items()
            if not _is_over(times, now, believed=self._believed_for)
        }
        for id_hash in id_hashes - living:
            self._drop(id_hash)
        return id_hashes - living

    async def renew(self, cookie_header: str, *, source: str) -> str | None:
        """A new id for a session whose person may do other things than when it was given.

        The old one opens nothing from then on; for `RENEWED_AGAIN` it gives the same new one. None
        where there is nothing to renew, or where it cannot be done now: reading must go on where
        the database takes no writes.
        """
        session_id = self._id_in(cookie_header)
        if not session_id:
            return None
        session = await self._living(hash_of(session_id))
        if session is None:
            return await self._id_after(session_id)
        if session.rights is None:
            await self._note_rights(session)
        if not self._is_outdated(session, await self._teams()):
            return None
        # Another process may have given this id for a change this one has yet to read.
        if not self._is_outdated(session, await self._fresh_teams()):
            return None
        salt, rights = new_secret(), self._known(session, await self._teams()).rights
        new_id = secret_after(session_id, salt)
        try:
            async with self._database.transaction() as connection:
                is_done = await self._store.renew(
                    connection,
                    session.id_hash,
                    new_hash=hash_of(new_id),
                    salt=salt,
                    rights=rights,
                    now=self._clock(),
                )
                if is_done:
                    await self._record(connection, session.subject, "auth.session-renew", source)
        except PortalError as error:
            log.warning("session not renewed", error=error.message)
            return None
        self._forget([session.id_hash])
        # Of calls at the same time one renews; the others follow it.
        return new_id if is_done else await self._id_after(session_id)

    async def followed(self, cookie_header: str) -> str | None:
        """The id after the one in a browser's cookies, if it is a few seconds old; renews none."""
        session_id = self._id_in(cookie_header)
        if not session_id or await self._living(hash_of(session_id)) is not None:
            return None
        return await self._id_after(session_id)

    async def _id_after(self, session_id: str) -> str | None:
        async with self._database.reading() as connection:
            session = await self._following(connection, hash_of(session_id))
        return secret_after(session_id, session.renewal_salt or "") if session else None

    async def _following(self, connection: StoreConnection, id_hash: str) -> StoredSession | None:
        since = self._clock() - RENEWED_AGAIN
        return await self._store.following(connection, id_hash, since=since)

    async def was_renewed(self, cookie_header: str) -> bool:
        """Whether the id in a browser's cookies is the one before the session's own."""
        session_id = self._id_in(cookie_header)
        return bool(session_id and await self.renewed_among(frozenset({hash_of(session_id)})))

    async def renewed_among(self, id_hashes: frozenset[str]) -> frozenset[str]:
        """Which of these ids are followed by another one of the same session."""
        async with self._database.reading() as connection:
            return await self._store.renewed(connection, id_hashes)

    async def outdated_among(self, id_hashes: frozenset[str]) -> frozenset[str]:
        """Which of these sessions need a new id, by what this process knows of them."""
        teams = await self._teams()
        known = {key: self._seen[key][0] for key in id_hashes if key in self._seen}
        return frozenset(key for key, one in known.items() if self._is_outdated(one, teams))

    def _is_outdated(self, session: StoredSession, teams: Mapping[TeamName, Team]) -> bool:
        asked_until = session.refreshing_until
        if asked_until is not None and asked_until > self._clock():
            return False
        return session.rights is not None and session.rights != self._known(session, teams).rights

    async def actor_of(self, cookie_header: str, *, is_use: bool = True) -> Actor | None:
        """The actor of a living session, None without one. Roles are derived anew each time.

        Args:
            cookie_header: what the browser sent.
            is_use: whether a person acts now. A page that only looks for news must not keep a
                session from going idle.
        """
        session_id = self._id_in(cookie_header)
        session = await self._living(hash_of(session_id)) if session_id else None
        if session is None:
            return None
        if is_use and self._clock() - session.last_seen_at > TOUCH_EVERY:
            await self._touch(session)
        return await self._actor(session)

    async def actor_behind(self, id_hash: str) -> Actor | None:
        """The actor as it is now of a session seen before; None once it is over. No use of it."""
        session = await self._living(id_hash)
        return await self._actor(session) if session else None

    async def _actor(self, session: StoredSession) -> Actor:
        return self._known(session, await self._teams()).actor

    def _known(self, session: StoredSession, teams: Mapping[TeamName, Team]) -> _Known:
        found = self._actors.get(session.id_hash)
        # Roles follow from these two alone; whoever changes one of them replaces it.
        if found is None or found.session != session or found.teams is not teams:
            actor = self._derived(session, teams)
            found = _Known(session, teams, actor, rights_of(actor))
            self._actors[session.id_hash] = found
        return found

    def _derived(self, session: StoredSession, teams: Mapping[TeamName, Team]) -> Actor:
        identity = Identity(session.subject, session.display_name, session.groups, session.auth)
        return actor_from(
            identity,
            teams=teams.values(),
            global_groups=self._global_groups,
            session=session.id_hash,
        )

    async def new_code(self, identity: str) -> str:
        """Make a one-time sign-in code for an identity of a local run."""
        code, now = new_secret(), self._clock()
        async with self._database.transaction() as connection:
            await self._store.add_code(
                connection,
                code_hash=hash_of(code),
                identity=identity,
                expires_at=now + CODE_LIFETIME,
            )
        return code

    async def redeem_code(self, code: str) -> str | None:
        """Use a code up: its identity the first time, None ever after."""
        async with self._database.transaction() as connection:
            return await self._store.use_code(connection, hash_of(code), now=self._clock())

    def _id_in(self, cookie_header: str) -> str:
        # Read by hand: the standard parser gives up at the first odd cookie of somebody else on
        # the same host, and our users would be signed out by it.
        for pair in cookie_header.split(";"):
            name, _, value = pair.partition("=")
            if name.strip() == self.cookie_name:
                return value.strip()
        return ""

    async def _living(self, id_hash: str) -> StoredSession | None:
        seen = self._seen.get(id_hash)
        session, read_at = seen or (None, 0.0)
        if session is None or time.monotonic() - read_at > self._recheck_s:
            async with self._database.reading() as connection:
                session = await self._store.get(connection, id_hash)
            read_at = time.monotonic()
        session = await self._believed(session)
        if session is None:
            self._drop(id_hash)
            return None
        if (session, read_at) != seen:
            self._seen[id_hash] = (session, read_at)
        return session

    async def _believed(self, session: StoredSession | None) -> StoredSession | None:
        if session is None or _is_over(session, self._clock()):
            return None
        # An identity of a local run is nobody elsewhere, even on the same database.
        if session.auth is not AuthMethod.OIDC and not (
            session.auth is AuthMethod.DEV and self._is_dev
        ):
            return None
        if session.confirmed_at is not None and self._refresher is not None:
            return await self._refresher.current(session)
        return None if _is_over(session, self._clock(), believed=self._believed_for) else session

    def _drop(self, id_hash: str) -> None:
        self._seen.pop(id_hash, None)
        self._actors.pop(id_hash, None)

    def _forget(self, id_hashes: Iterable[str]) -> None:
        for id_hash in id_hashes:
            self._drop(id_hash)
        self._on_ended()

    async def _note_rights(self, session: StoredSession) -> None:
        """A session from before rights were kept begins with those of now, under its own id."""
        rights = self._known(session, await self._teams()).rights
        _, read_at = self._seen.get(session.id_hash, (session, 0.0))
        # First here, as below.
        self._seen[session.id_hash] = (replace(session, rights=rights), read_at)
        try:
            async with self._database.transaction() as connection:
                await self._store.note_rights(connection, session.id_hash, rights)
        except PortalError as error:
            log.warning("rights of a session not noted", error=error.message)

    async def _touch(self, session: StoredSession) -> None:
        """Note the use. Reading must go on where the database takes no writes."""
        now = self._clock()
        # First here: of many calls at once one writes.
        self._seen[session.id_hash] = (replace(session, last_seen_at=now), time.monotonic())
        try:
            async with self._database.transaction() as connection:
                await self._store.touch(connection, session.id_hash, now=now)
        except PortalError as error:
            log.warning("use of a session not noted", error=error.message)

    async def _record(
        self, connection: StoreConnection, subject: str, action: str, source: str
    ) -> None:
        event = AuditEvent(
            actor=subject,
            action=action,
            object=f"subject/{subject}",
            outcome=Outcome.COMPLETED,
            source=source,
        )
        await self._audit.append(connection, event, at=self._clock())


def _is_over(
    one: StoredSession | TokenTimes, now: datetime, *, believed: timedelta | None = None
) -> bool:
    """Whether it reached its end; a session also when it lay idle or was vouched for long ago."""
    if now >= one.expires_at:
        return True
    if isinstance(one, TokenTimes):
        return False
    confirmed_at = one.confirmed_at
    is_stale = believed is not None and confirmed_at is not None and now - confirmed_at >= believed
    return is_stale or now - one.last_seen_at > IDLE
