"""One's own API tokens: made, listed, revoked. Each is shown once and narrower than its owner."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from ..domain.actors import Actor, AuthMethod
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import (
    FieldIssue,
    ForbiddenError,
    IdempotencyMismatchError,
    InvalidFieldsError,
    NotFoundError,
)
from ..store.audit import AuditStore
from ..store.database import Database, StoreConnection
from ..store.sessions import SessionStore, StoredToken
from .permissions import Permission, ensure_may_anywhere
from .roles import ALL_SCOPES, Identity
from .tokens import ApiTokens

__all__ = ["DEFAULT_DAYS", "MAX_DAYS", "MAX_TOKENS", "NewToken", "OwnTokens", "StoredToken"]

DEFAULT_DAYS: Final = 30
MAX_DAYS: Final = 90
MAX_NAME: Final = 60
MAX_TOKENS: Final = 50
"""More living tokens than anybody keeps track of."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token at the one moment its text is known."""

    token: StoredToken
    text: str = field(repr=False)


class OwnTokens:
    """What somebody may do with their own tokens; nobody has a say about another's."""

    def __init__(
        self,
        *,
        database: Database,
        store: SessionStore,
        tokens: ApiTokens,
        audit: AuditStore,
        clock: Callable[[], datetime],
        on_ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._store = store
        self._tokens = tokens
        self._audit = audit
        self._clock = clock
        self._on_ended = on_ended

    async def list(self, *, actor: Actor) -> list[StoredToken]:
        """The actor's living tokens, newest first."""
        ensure_may_anywhere(actor, Permission.SELF)
        async with self._database.reading() as connection:
            return await self._store.tokens_of(connection, actor.subject, now=self._clock())

    async def create(
        self,
        *,
        name: str,
        scopes: frozenset[str],
        expires_in_days: int,
        actor: Actor,
        source: str,
        idempotency_key: str = "",
    ) -> NewToken:
        """Make a token.

        Asked again under the same key, it is the same token with a new text: the text is known
        nowhere, so whoever lost it gets another one, and the lost one is worth nothing.

        Raises:
            IdempotencyMismatchError: the key made another token, or one that has ended.
            InvalidFieldsError: a field breaks a rule; a scope the actor lacks is one of them.
            ForbiddenError: a token that only reads makes no tokens, nor does an account of the
                cluster: its groups are the settings' word, which a token would outlive.
        """
        ensure_may_anywhere(actor, Permission.SELF_CHANGE)
        if actor.auth not in (AuthMethod.OIDC, AuthMethod.DEV):
            raise ForbiddenError(
                "An account of the cluster makes no API tokens; it shows the cluster's own."
            )
        if issues := _issues(name, scopes, expires_in_days, actor):
            raise InvalidFieldsError(issues)
        identity = Identity(actor.subject, actor.display_name, actor.groups, actor.auth)
        token, text = self._tokens.make(
            identity, name=name, lifetime=timedelta(days=expires_in_days), scopes=scopes
        )
        if idempotency_key:
            token = replace(token, id=_id_of(actor.subject, idempotency_key))
        async with self._database.transaction() as connection:
            earlier = await self._store.token_by_id(connection, token.id)
            if earlier is not None:
                token = self._as_before(earlier, token, idempotency_key)
                await self._store.renew_token(connection, token)
                action = "token.renew"
            else:
                await self._ensure_room(connection, actor)
                await self._store.add_token(connection, token)
                action = "token.create"
            await self._record(connection, action, token, actor=actor, source=source)
        if earlier is not None:
            self._end(earlier)
        return NewToken(token, text)

    async def _ensure_room(self, connection: StoreConnection, actor: Actor) -> None:
        known = await self._store.tokens_of(connection, actor.subject, now=self._clock())
        if len(known) >= MAX_TOKENS:
            raise InvalidFieldsError(
                [FieldIssue("name", f"You have {MAX_TOKENS} tokens; revoke one first.")]
            )

    def _as_before(self, earlier: StoredToken, token: StoredToken, key: str) -> StoredToken:
        is_same = (earlier.subject, earlier.name, earlier.scopes) == (
            token.subject, token.name, token.scopes,
        )  # fmt: skip
        lifetimes = {each.expires_at - each.created_at for each in (earlier, token)}
        is_living = earlier.revoked_at is None and earlier.expires_at > self._clock()
        if not is_same or len(lifetimes) > 1 or not is_living:
            raise IdempotencyMismatchError(key)
        return replace(earlier, secret_hash=token.secret_hash)

    def _end(self, token: StoredToken) -> None:
        """Cut what a token has open. Only once that is committed: who looks reads the database."""
        self._tokens.forget(token.secret_hash)
        self._on_ended()

    async def revoke(self, token_id: str, *, actor: Actor, source: str) -> StoredToken:
        """End a token; what it had open is cut.

        Raises:
            NotFoundError: the actor has no living token of that id.
        """
        ensure_may_anywhere(actor, Permission.SELF_CHANGE)
        async with self._database.transaction() as connection:
            token = await self._store.revoke_token(
                connection, token_id, subject=actor.subject, now=self._clock()
            )
            if token is None:
                raise NotFoundError("token", token_id)
            await self._record(connection, "token.revoke", token, actor=actor, source=source)
        self._end(token)
        return token

    async def _record(
        self,
        connection: StoreConnection,
        action: str,
        token: StoredToken,
        *,
        actor: Actor,
        source: str,
    ) -> None:
        event = AuditEvent(
            actor=actor.subject,
            action=action,
            object=f"token/{token.id}",
            outcome=Outcome.COMPLETED,
            source=f"{source}/{actor.auth.value}",
            after={
                "name": token.name,
                "scopes": sorted(token.scopes),
                "expires_at": token.expires_at.isoformat(),
            },
        )
        await self._audit.append(connection, event, at=self._clock())


def _id_of(subject: str, idempotency_key: str) -> str:
    return hashlib.sha256(f"{subject}\n{idempotency_key}".encode()).hexdigest()[:12]


def _issues(
    name: str, scopes: frozenset[str], expires_in_days: int, actor: Actor
) -> list[FieldIssue]:
    issues = []
    if not name or len(name) > MAX_NAME or not name.isprintable() or name != name.strip():
        issues.append(
            FieldIssue("name", f"Use 1 to {MAX_NAME} printable characters, no blanks around.")
        )
    if not scopes:
        issues.append(FieldIssue("scopes", "Choose at least one of read, write and approve."))
    elif unknown := scopes - ALL_SCOPES:
        issues.append(
            FieldIssue("scopes", f"{', '.join(sorted(unknown))} is none of read, write, approve.")
        )
    elif beyond := scopes - actor.scopes:
        issues.append(
            FieldIssue("scopes", f"The token you use has no scope {', '.join(sorted(beyond))}.")
        )
    if not 1 <= expires_in_days <= MAX_DAYS:
        issues.append(FieldIssue("expires_in_days", f"Use 1 to {MAX_DAYS} days."))
    return issues
