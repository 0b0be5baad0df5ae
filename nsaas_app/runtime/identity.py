"""Who may sign in, from the database of a home: also for commands that run beside the portal."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ..identity.oidc import OidcSignIn
from ..identity.own_tokens import OwnTokens
from ..identity.provider import IdentityProvider
from ..identity.provider_settings import ProviderSettings
from ..identity.refreshing import SessionRefresher
from ..identity.roles import GlobalGroups
from ..identity.sealing import Sealer
from ..identity.sessions import LoginSessions
from ..identity.tokens import ApiTokens
from ..settings import Settings
from ..store.audit import AuditStore
from ..store.database import Database
from ..store.ledger import LedgerStore
from ..store.persons import PersonStore
from ..store.schema import upgrade
from ..store.sessions import SessionStore
from ..store.teams import TeamStore
from ..teams.members import Members
from ..teams.teams import Teams
from .clock import utc_now

__all__ = ["IdentityServices", "build_identity", "global_groups", "identity_services"]


def audit_keys(settings: Settings) -> tuple[bytes, ...]:
    """The keys of the audit chain: from the settings; a local run makes and keeps its own.

    The first signs, rows of all of them hold.

    Raises:
        SettingsError: none is set outside a local run.
    """
    if settings.audit_keys:
        return tuple(key.encode() for key in settings.audit_keys)
    settings.ensure_audit_key()
    return (_kept_key(settings.home / "audit.key").encode(),)


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()


def global_groups(settings: Settings) -> GlobalGroups:
    """The groups with a role over all teams."""
    return GlobalGroups(frozenset(settings.admin_groups), frozenset(settings.auditor_groups))


@dataclass(frozen=True, slots=True)
class IdentityServices:
    """What commands that run beside the portal need of it: sign-in codes and tokens."""

    database: Database
    sign_in: LoginSessions
    tokens: ApiTokens
    own_tokens: OwnTokens
    teams: Teams
    members: Members
    audit: AuditStore
    oidc: OidcSignIn | None
    close: Callable[[], Awaitable[None]]
    """Ends what sign-in keeps open."""


@dataclass(frozen=True, slots=True)
class _ProviderParts:
    provider: IdentityProvider
    sealer: Sealer
    refresher: SessionRefresher

    async def close(self) -> None:
        await self.refresher.close()
        await self.provider.close()


async def _nothing() -> None:
    """Without a provider nothing is open."""


def _provider_parts(
    settings: Settings, database: Database, audit: AuditStore
) -> _ProviderParts | None:
    settings.ensure_sign_in()
    if settings.oidc_issuer is None:
        return None
    secret, url = settings.oidc_client_secret, settings.url.rstrip("/")
    told = ProviderSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id or "",
        client_secret=secret.get_secret_value() if secret else "",
        redirect_uri=f"{url}/auth/callback",
        signed_out_uri=f"{url}/auth/signed-out",
        name=settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or "",
        scopes=settings.oidc_scopes,
        groups_claim=settings.oidc_groups_claim,
        roles_claim=settings.oidc_roles_claim,
        tenants=frozenset(settings.oidc_tenants),
        algorithms=settings.oidc_algorithms,
    )
    provider, sealer = IdentityProvider(told, clock=utc_now), Sealer(settings.secret_keys)
    refresher = SessionRefresher(
        provider=provider,
        sealer=sealer,
        database=database,
        sessions=SessionStore(),
        persons=PersonStore(),
        audit=audit,
        clock=utc_now,
        believed=timedelta(seconds=settings.session_confirm_seconds),
    )
    return _ProviderParts(provider, sealer, refresher)


def build_identity(
    settings: Settings, database: Database, *, on_ended: Callable[[], None] = lambda: None
) -> IdentityServices:
    """Build sign-in, sessions, tokens, teams and audit on a database.

    Raises:
        SettingsError: a key is missing.
    """
    key, *others = audit_keys(settings)
    audit = AuditStore(key=key, others=tuple(others))
    teams = Teams(
        database=database, teams=TeamStore(), ledger=LedgerStore(), audit=audit, clock=utc_now
    )
    groups = global_groups(settings)
    sessions, parts = SessionStore(), _provider_parts(settings, database, audit)
    sign_in = LoginSessions(
        database=database,
        sessions=sessions,
        audit=audit,
        teams=teams.all,
        fresh_teams=teams.fresh,
        global_groups=groups,
        clock=utc_now,
        is_secure=settings.url.startswith("https:"),
        refresher=parts.refresher if parts else None,
        on_ended=on_ended,
        believed=timedelta(seconds=settings.session_confirm_seconds),
        is_dev=settings.is_dev,
    )
    tokens = ApiTokens(
        database=database,
        sessions=sessions,
        teams=teams.all,
        global_groups=groups,
        clock=utc_now,
        owner_lifetime=timedelta(days=settings.token_owner_days),
        is_dev=settings.is_dev,
    )
    oidc = None
    if parts is not None:
        oidc = OidcSignIn(
            provider=parts.provider,
            sealer=parts.sealer,
            sessions=sign_in,
            database=database,
            audit=audit,
            clock=utc_now,
        )
    return IdentityServices(
        database=database,
        audit=audit,
        teams=teams,
        members=Members(database=database, sessions=sessions, teams=teams, clock=utc_now),
        sign_in=sign_in,
        oidc=oidc,
        close=parts.close if parts else _nothing,
        tokens=tokens,
        own_tokens=OwnTokens(
            database=database,
            store=sessions,
            tokens=tokens,
            audit=audit,
            clock=utc_now,
            on_ended=on_ended,
        ),
    )


@asynccontextmanager
async def identity_services(settings: Settings) -> AsyncIterator[IdentityServices]:
    """Open the database of a home for a command; nothing else is started."""
    await upgrade(settings.database)
    database = Database(settings.database)
    try:
        services = build_identity(settings, database)
        try:
            yield services
        finally:
            await services.close()
    finally:
        await database.close()
