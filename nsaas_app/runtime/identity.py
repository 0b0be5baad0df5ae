"""Who may sign in, from the database of a home: also for commands that run beside the portal."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ..identity.roles import GlobalGroups
from ..identity.sessions import LoginSessions
from ..identity.tokens import ApiTokens
from ..settings import Settings
from ..store.audit import AuditStore
from ..store.database import Database
from ..store.ledger import LedgerStore
from ..store.schema import upgrade
from ..store.sessions import SessionStore
from ..store.teams import TeamStore
from ..teams.teams import Teams
from .clock import utc_now

__all__ = ["IdentityServices", "build_identity", "identity_services"]


def audit_key(settings: Settings) -> bytes:
    """The key of the audit chain: from the settings; a local run makes and keeps its own.

    Raises:
        SettingsError: none is set outside a local run.
    """
    if settings.audit_key is not None:
        return settings.audit_key.get_secret_value().encode()
    settings.ensure_audit_key()
    return _kept_key(settings.home / "audit.key").encode()


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()


@dataclass(frozen=True, slots=True)
class IdentityServices:
    """What commands that run beside the portal need of it: sign-in codes and tokens."""

    database: Database
    sign_in: LoginSessions
    tokens: ApiTokens
    teams: Teams
    audit: AuditStore


def build_identity(settings: Settings, database: Database) -> IdentityServices:
    """Build sessions, tokens, teams and audit on a database.

    Raises:
        SettingsError: the audit key is missing.
    """
    audit = AuditStore(key=audit_key(settings))
    teams = Teams(
        database=database, teams=TeamStore(), ledger=LedgerStore(), audit=audit, clock=utc_now
    )
    groups = GlobalGroups(frozenset(settings.admin_groups), frozenset(settings.auditor_groups))
    sessions = SessionStore()
    return IdentityServices(
        database=database,
        audit=audit,
        teams=teams,
        sign_in=LoginSessions(
            database=database,
            sessions=sessions,
            audit=audit,
            teams=teams.all,
            global_groups=groups,
            clock=utc_now,
            is_secure=settings.url.startswith("https:"),
        ),
        tokens=ApiTokens(
            database=database,
            sessions=sessions,
            teams=teams.all,
            global_groups=groups,
            clock=utc_now,
        ),
    )


@asynccontextmanager
async def identity_services(settings: Settings) -> AsyncIterator[IdentityServices]:
    """Open the database of a home for a command; nothing else is started."""
    await upgrade(settings.database)
    database = Database(settings.database)
    try:
        yield build_identity(settings, database)
    finally:
        await database.close()
