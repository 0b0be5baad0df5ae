"""API tokens: shown once, stored as a hash, narrowed by scopes, gone after their expiry."""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from ..domain.actors import Actor
from ..domain.names import TeamName
from ..domain.teams import Team
from ..store.database import Database
from ..store.sessions import SessionStore, StoredToken
from .roles import ALL_SCOPES, GlobalGroups, Identity, actor_from
from .secrets_hash import hash_of, new_secret

__all__ = ["TOKEN_PREFIX", "ApiTokens"]

TOKEN_PREFIX: Final = "nsaas_"  # noqa: S105 - a mark that secret scanners can find, not a secret
RECHECK_S: Final = 5.0

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
        recheck_s: float = RECHECK_S,
    ) -> None:
        self._database = database
        self._store = sessions
        self._teams = teams
        self._global_groups = global_groups
        self._clock = clock
        self._recheck_s = recheck_s
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
        identifier, secret = new_secret()[:12], new_secret()
        text, now = f"{TOKEN_PREFIX}{identifier}_{secret}", self._clock()
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
        async with self._database.transaction() as connection:
            await self._store.add_token(connection, token)
        return text

    async def actor_of(self, text: str) -> Actor | None:
        """The actor of a living token, None for any other text."""
        if not text.startswith(TOKEN_PREFIX):
            return None
        token = await self._living(hash_of(text))
        if token is None:
            return None
        teams = await self._teams()
        identity = Identity(token.subject, token.display_name, token.groups, token.auth)
        return actor_from(
            identity,
            teams=teams.values(),
            global_groups=self._global_groups,
            session=token.secret_hash,
            scopes=token.scopes,
        )

    async def is_living(self, secret_hash: str) -> bool:
        """Whether a token is neither revoked nor expired."""
        return await self._living(secret_hash) is not None

    async def _living(self, secret_hash: str) -> StoredToken | None:
        token, read_at = self._seen.get(secret_hash, (None, 0.0))
        if token is None or time.monotonic() - read_at > self._recheck_s:
            async with self._database.reading() as connection:
                token = await self._store.token_by_hash(connection, secret_hash, now=self._clock())
            read_at = time.monotonic()
        if token is None or token.expires_at <= self._clock():
            self._seen.pop(secret_hash, None)
            return None
        self._seen[secret_hash] = (token, read_at)
        return token
