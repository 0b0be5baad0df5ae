"""Keeping login sessions true: the provider is asked again before rights outlive a membership.

A session is believed for `HARD` after the provider vouched for it, never longer. From `SOFT` on
it is asked again in the background, so that nobody waits; past `HARD` whoever asks waits.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import Fault, PortalError
from ..store.audit import AuditStore
from ..store.database import Database
from ..store.persons import PersonStore, StoredPerson
from ..store.sessions import SessionStore, StoredSession
from .claims import person_from
from .provider import IdentityProvider, ProviderTokens
from .sealing import Purpose, Sealer
from .sign_in_errors import SignInRefusedError, SignInUnavailableError

__all__ = ["HARD", "SOFT", "SessionRefresher"]

log = structlog.get_logger()

SOFT: Final = timedelta(minutes=5)
HARD: Final = timedelta(minutes=10)
LEASE: Final = timedelta(seconds=20)
"""So long one process alone asks about a session: refresh tokens may work only once."""
ANSWER_S: Final = 15.0
"""So long the provider's answers may take together; shorter than the lease."""
PATIENCE_S: Final = 15.0
POLL_S: Final = 0.2
REST_S: Final = 5.0
"""A provider that did not answer is left alone for so long."""


class SessionRefresher:
    """Asks the provider again, one question per session at a time."""

    def __init__(
        self,
        *,
        provider: IdentityProvider,
        sealer: Sealer,
        database: Database,
        sessions: SessionStore,
        persons: PersonStore,
        audit: AuditStore,
        clock: Callable[[], datetime],
        believed: timedelta = HARD,
        rest_s: float = REST_S,
    ) -> None:
        self._provider = provider
        self._sealer = sealer
        self._database = database
        self._store = sessions
        self._persons = persons
        self._audit = audit
        self._clock = clock
        self._believed = believed
        self._asked_from = believed * (SOFT / HARD)
        self._rest_s = rest_s
        self._rest_until = 0.0
        self._asking: dict[str, asyncio.Task[StoredSession | None]] = {}

    async def close(self) -> None:
        """Stop what runs in the background."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def current(self, session: StoredSession) -> StoredSession | None:
        """The session as the provider vouches for it; None when nobody does now.

        None also where the provider cannot be asked and the last word is older than `HARD`: the
        session then lies still until the provider answers.
        """
        age = self._age(session)
        # Without a refresh token asking ends the session: it has until its last word is too old.
        if age < (self._asked_from if session.sealed_refresh_token else self._believed):
            return session
        task = self._asking.get(session.id_hash)
        if task is None:
            task = asyncio.create_task(self._ask(session.id_hash))
            self._asking[session.id_hash] = task
            task.add_done_callback(lambda _: self._asking.pop(session.id_hash, None))
        return session if age < self._believed else await asyncio.shield(task)

    def _age(self, session: StoredSession) -> timedelta:
        return self._clock() - (session.confirmed_at or session.created_at)

    async def _ask(self, id_hash: str) -> StoredSession | None:
        """Never raises: nobody may be waiting for it."""
        try:
            return await self._asked(id_hash)
        except PortalError as error:
            log.warning("session not confirmed", error=error.message, raw=error.raw)
            return None

    async def _asked(self, id_hash: str) -> StoredSession | None:
        deadline = time.monotonic() + PATIENCE_S
        is_resting = time.monotonic() < self._rest_until
        while True:
            taken = self._clock() + LEASE
            session, is_ours = await self._taken(id_hash, taken, is_wanted=not is_resting)
            # Another process may have asked meanwhile.
            if session is None or self._age(session) < self._asked_from:
                return session
            if is_ours:
                return await self._settled(session, taken)
            if is_resting or time.monotonic() > deadline:
                return session if self._age(session) < self._believed else None
            await asyncio.sleep(POLL_S)

    async def _taken(
        self, id_hash: str, until: datetime, *, is_wanted: bool
    ) -> tuple[StoredSession | None, bool]:
        """The session, and whether it is now ours to ask about.

        The lease comes first: a session read before it may hold a refresh token used up meanwhile.
        """
        async with self._database.transaction() as connection:
            is_ours = is_wanted and await self._store.take_refresh(
                connection, id_hash, now=until - LEASE, until=until
            )
            session = await self._store.get(connection, id_hash)
            if is_ours and session is not None and self._age(session) < self._asked_from:
                await self._store.release_refresh(connection, id_hash, taken=until)
        return session, is_ours

    async def _settled(self, session: StoredSession, taken: datetime) -> StoredSession | None:
        try:
            async with _answered_within(asyncio.get_running_loop().time() + ANSWER_S) as limit:
                tokens = await self._provider.refresh(self._refresh_token_of(session))
            if tokens.refresh_token and not await self._kept(session, tokens, taken):
                return None
            async with _answered_within(limit):
                person = await self._person(session, tokens)
        except SignInUnavailableError:
            self._rest_until = time.monotonic() + self._rest_s
            await self._release(session, taken)
            raise
        except PortalError as error:
            if error.fault is Fault.UNAVAILABLE:
                raise
            await self._end(session, taken, error)
            return None
        return await self._confirmed(session, person, taken)

    def _refresh_token_of(self, session: StoredSession) -> str:
        sealed = session.sealed_refresh_token
        text = self._sealer.open(sealed, purpose=Purpose.REFRESH_TOKEN) if sealed else None
        if text is None:
            raise SignInRefusedError(
                "The identity provider gave no way to ask again.", reason="no-refresh-token"
            )
        return text

    async def _kept(self, session: StoredSession, tokens: ProviderTokens, taken: datetime) -> bool:
        """Store the new refresh token before anything else can fail: the old one is used up."""
        sealed = self._sealer.seal(tokens.refresh_token, purpose=Purpose.REFRESH_TOKEN)
        async with self._database.transaction() as connection:
            return await self._store.keep_refresh_token(
                connection, session.id_hash, sealed, taken=taken
            )

    async def _person(self, session: StoredSession, tokens: ProviderTokens) -> StoredPerson:
        claims = await self._claims(session, tokens)
        claims = await self._provider.described(claims, access_token=tokens.access_token)
        person = person_from(claims, settings=self._provider.settings, now=self._clock())
        if person.subject != session.subject:
            raise SignInRefusedError("The refresh is about somebody else.", reason="subject")
        return person

    async def _claims(self, session: StoredSession, tokens: ProviderTokens) -> Mapping[str, Any]:
        if tokens.id_token:
            return await self._provider.verify(tokens.id_token, nonce=None)
        # Allowed by the protocol: then the provider's other page tells of the groups.
        async with self._database.reading() as connection:
            known = await self._persons.get(connection, session.subject)
        return {"sub": known.issuer_subject if known else ""}

    async def _confirmed(
        self, session: StoredSession, person: StoredPerson, taken: datetime
    ) -> StoredSession | None:
        fresh = replace(
            session,
            display_name=person.display_name,
            groups=person.groups,
            confirmed_at=person.confirmed_at,
            refreshing_until=None,
        )
        async with self._database.transaction() as connection:
            if not await self._store.confirm(connection, fresh, taken=taken):
                return None
            # The person before the audit log, as at sign-in: else the two may wait for each other.
            await self._persons.put(connection, person)
            if fresh.groups != session.groups:
                event = _event(
                    "auth.groups", session.subject, Outcome.COMPLETED,
                    before={"groups": list(session.groups)}, after={"groups": list(fresh.groups)},
                )  # fmt: skip
                await self._audit.append(connection, event, at=self._clock())
            # As it is stored now: with the refresh token of this time, and used since perhaps.
            return await self._store.get(connection, session.id_hash)

    async def _release(self, session: StoredSession, taken: datetime) -> None:
        async with self._database.transaction() as connection:
            await self._store.release_refresh(connection, session.id_hash, taken=taken)

    async def _end(self, session: StoredSession, taken: datetime, error: PortalError) -> None:
        async with self._database.transaction() as connection:
            # Whoever holds the lease now used the refresh token up: theirs is the word.
            if not await self._store.release_refresh(connection, session.id_hash, taken=taken):
                return
            await self._store.remove(connection, session.id_hash)
            event = _event(
                "auth.session-end", session.subject, Outcome.DENIED, after={"code": error.code}
            )
            await self._audit.append(connection, event, at=self._clock())
        log.info("session ended by the provider", subject=session.subject, code=error.code)


@asynccontextmanager
async def _answered_within(until: float) -> AsyncIterator[float]:
    """Bound the provider's calls, by the loop's clock: no answer may come after the lease."""
    try:
        async with asyncio.timeout_at(until):
            yield until
    except TimeoutError as error:
        raise SignInUnavailableError(f"no answer within {ANSWER_S:g} s") from error


def _event(action: str, subject: str, outcome: Outcome, **values: dict[str, Any]) -> AuditEvent:
    return AuditEvent(
        actor=subject,
        action=action,
        object=f"subject/{subject}",
        outcome=outcome,
        source="auth/oidc",
        before=values.get("before"),
        after=values.get("after"),
    )
