"""API tokens: shown once, stored as a hash, narrowed by scopes, gone after their expiry."""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from ..domain.actors import Actor, AuthMethod
from ..domain.errors import PortalError
from ..domain.names import TeamName
from ..domain.teams import Team
from ..store.database import Database, StoreConnection
from ..store.persons import PersonStore
from ..store.sessions import SessionStore, StoredToken
from .roles import ALL_SCOPES, GlobalGroups, Identity, actor_from
from .secrets_hash import has_checksum, hash_of, new_secret, with_checksum

__all__ = ["TOKEN_PREFIX", "ApiTokens"]

log = structlog.get_logger()

TOKEN_PREFIX: Final = "nsaas_"  # noqa: S105 - a mark that secret scanners can find, not a secret
RECHECK_S: Final = 5.0
OWNER_LIFETIME: Final = timedelta(days=14)
"""A token has the groups its provider told last of its owner, and sleeps when that is long ago."""
TOUCH_EVERY: Final = timedelta(minutes=1)

TeamReader = Callable[[], Awaitable[Mapping[TeamName, Team]]]


class ApiTokens:
    """Issues tokens and resolves them to actors."""

    def __init__(
        self,
        *,
        database: Database,
        sessions: SessionStore,
        teams: TeamReader,
        global_groups: GlobalGroups,
        clock: Callable[[], datetime],
        owner_lifetime: timedelta = OWNER_LIFETIME,
        recheck_s: float = RECHECK_S,
        is_dev: bool = False,
    ) -> None:
        self._database = database
        self._store = sessions
        self._teams = teams
        self._global_groups = global_groups
        self._clock = clock
        self._owner_lifetime = owner_lifetime
        self._persons = PersonStore()
        self._recheck_s = recheck_s
        self._is_dev = is_dev
        self._seen: dict[str, tuple[StoredToken, float]] = {}

    async def issue(
        self,
        identity: Identity,
        *,
        name: str,
        lifetime: timedelta,
        scopes: frozenset[str] = ALL_SCOPES,
    ) -> str:
        """Make a token; the returned text is shown once and never again."""
        (token, text) = self.make(identity, name=name, lifetime=lifetime, scopes=scopes)
        async with self._database.transaction() as connection:
            await self._store.add_token(connection, token)
        return text

    def make(
        self, identity: Identity, *, name: str, lifetime: timedelta, scopes: frozenset[str]
    ) -> tuple[StoredToken, str]:
        """Make a token without storing it: what is stored, and the text for its owner."""
        identifier, now = secrets.token_hex(6), self._clock()
        text = with_checksum(f"{TOKEN_PREFIX}{identifier}_{new_secret()}")
        token = StoredToken(
            id=identifier,
            secret_hash=hash_of(text),
            subject=identity.subject,
            display_name=identity.display_name,
            name=name,
            auth=identity.auth,
            groups=identity.groups,
            scopes=scopes,
            created_at=now,
            expires_at=now + lifetime,
        )
        return token, text

    async def actor_of(self, text: str) -> Actor | None:
        """The actor of a living token, None for any other text."""
        if not text.startswith(TOKEN_PREFIX) or not has_checksum(text):
            return None
        token = await self._living(hash_of(text))
        if token is None:
            return None
        await self._touch(token)
        return await self._actor(token)

    async def actor_behind(self, secret_hash: str) -> Actor | None:
        """The actor as it is now of a token shown before; None once it is over. No use of it."""
        token = await self._living(secret_hash)
        return await self._actor(token) if token else None

    async def _actor(self, token: StoredToken) -> Actor:
        teams = await self._teams()
        identity = Identity(token.subject, token.display_name, token.groups, token.auth)
        return actor_from(
            identity,
            teams=teams.values(),
            global_groups=self._global_groups,
            session=token.secret_hash,
            scopes=token.scopes,
        )

    async def _living(self, secret_hash: str) -> StoredToken | None:
        token, read_at = self._seen.get(secret_hash, (None, 0.0))
        if token is None or time.monotonic() - read_at > self._recheck_s:
            async with self._database.reading() as connection:
                token = await self._store.token_by_hash(connection, secret_hash, now=self._clock())
                token = await self._with_owner(connection, token) if token else None
            read_at = time.monotonic()
        if token is None or token.expires_at <= self._clock():
            self._seen.pop(secret_hash, None)
            return None
        self._seen[secret_hash] = (token, read_at)
        return token

    async def _with_owner(
        self, connection: StoreConnection, token: StoredToken
    ) -> StoredToken | None:
        """Give a token the rights its owner has now; none where nobody vouches for them."""
        if token.auth is AuthMethod.DEV:
            # An identity of a local run is nobody elsewhere, even on the same database.
            return token if self._is_dev else None
        if token.auth is not AuthMethod.OIDC:
            return None
        owner = await self._persons.get(connection, token.subject)
        if owner is None or self._clock() - owner.confirmed_at >= self._owner_lifetime:
            return None
        return replace(token, groups=owner.groups, display_name=owner.display_name)

    async def _touch(self, token: StoredToken) -> None:
        """Note the use, once a minute. Reading must go on where the database takes no writes."""
        now = self._clock()
        if token.last_used_at is not None and now - token.last_used_at < TOUCH_EVERY:
            return
        seen = self._seen.get(token.secret_hash)
        read_at = seen[1] if seen else time.monotonic()
        self._seen[token.secret_hash] = (replace(token, last_used_at=now), read_at)
        try:
            async with self._database.transaction() as connection:
                await self._store.touch_token(connection, token.secret_hash, now=now)
        except PortalError as error:
            log.warning("use of a token not noted", error=error.message)

    def forget(self, secret_hash: str) -> None:
        """Ask the database about a token the next time."""
        self._seen.pop(secret_hash, None)
