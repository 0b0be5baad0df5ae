"""Sessions and tokens on a database, with a clock that is moved by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nsaas_app.identity.dev import DEV_IDENTITIES, DEV_TEAMS
from nsaas_app.identity.roles import GlobalGroups, Identity
from nsaas_app.identity.sessions import LoginSessions
from nsaas_app.identity.tokens import ApiTokens
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.database import Database
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.store.sessions import SessionStore
from nsaas_app.store.teams import TeamStore
from nsaas_app.teams.teams import Teams
from tests.support.specs import NOW

__all__ = ["DEVELOPER", "IdentityDesk", "opened"]

DEVELOPER: Identity = DEV_IDENTITIES["frontend-dev"]
AT_ONCE_S = 0.0


@dataclass
class IdentityDesk:
    """What one process knows of who is signed in."""

    database: Database
    now: datetime = NOW
    is_secure: bool = False
    is_dev: bool = True
    recheck_s: float = 3600
    """Other processes are not looked at, unless a test says so."""
    audit: AuditStore = field(default_factory=lambda: AuditStore(key=b"k" * 32))

    def __post_init__(self) -> None:
        self.teams = Teams(
            database=self.database,
            teams=TeamStore(),
            ledger=LedgerStore(),
            audit=self.audit,
            clock=lambda: self.now,
            refresh_s=self.recheck_s,
        )
        self.sessions = LoginSessions(
            database=self.database,
            sessions=SessionStore(),
            audit=self.audit,
            teams=self.teams.all,
            fresh_teams=self.teams.fresh,
            global_groups=GlobalGroups(),
            clock=lambda: self.now,
            is_secure=self.is_secure,
            recheck_s=self.recheck_s,
            is_dev=self.is_dev,
        )
        self.tokens = ApiTokens(
            database=self.database,
            sessions=SessionStore(),
            teams=self.teams.all,
            global_groups=GlobalGroups(),
            clock=lambda: self.now,
            recheck_s=self.recheck_s,
            is_dev=self.is_dev,
        )

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def cookie(self, session_id: str) -> str:
        return f"{self.sessions.cookie_name}={session_id}"

    async def sign_in(self, identity: Identity = DEVELOPER) -> str:
        """Open a session; give the header a browser would send."""
        return self.cookie(await self.sessions.begin(identity, source="test"))

    async def is_signed_in(self, cookie: str, *, is_use: bool = True) -> bool:
        return await self.sessions.actor_of(cookie, is_use=is_use) is not None


async def opened(database: Database, **fields: float) -> IdentityDesk:
    """A process of a portal with the teams of a local run."""
    desk = IdentityDesk(database, **fields)  # type: ignore[arg-type] # the plain fields only
    await desk.teams.ensure_exist(DEV_TEAMS)
    return desk
