"""The singletons of one process, and whether they are ready."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..cleanup.desk import Desk
from ..cluster.mirror import Mirror
from ..directory.directory import Directory
from ..directory.query import Liveness
from ..directory.requests import RequestBoard
from ..domain.actors import Actor, AuthMethod
from ..domain.errors import PortalError
from ..identity.audit_trail import AuditTrail
from ..identity.limits import RateLimits
from ..identity.live import LiveConnections
from ..identity.oidc import OidcSignIn
from ..identity.own_tokens import OwnTokens
from ..identity.personal import Personal
from ..identity.preferences import PreferenceBook
from ..identity.service_accounts import ServiceAccountTokens
from ..identity.sessions import LoginSessions
from ..identity.tokens import ApiTokens
from ..insights.reports import Reports
from ..provisioning.adoption import Adoptions
from ..provisioning.change_preview import ChangePreviews
from ..provisioning.changes import Changes
from ..provisioning.consent import ConsentWatch
from ..provisioning.decisions import Decisions
from ..provisioning.departure_preview import DeparturePreviews
from ..provisioning.drift import DriftWatch
from ..provisioning.plans import Plans
from ..provisioning.preview import Previews
from ..provisioning.protection import Protections
from ..provisioning.provisioner import Provisioner
from ..provisioning.questions import Questions
from ..provisioning.reminders import Reminders
from ..provisioning.repairs import Repairs
from ..provisioning.sets import NamespaceSets
from ..provisioning.stores import Stores
from ..provisioning.worker import Worker
from ..settings import Settings
from ..store.database import Database
from ..teams.members import Members
from ..teams.overview import TeamOverviews
from ..teams.teams import Teams
from .checkup import Checkup
from .lifetime import Lifetime
from .organisation import Organisation

__all__ = ["Check", "Runtime"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the readiness probe."""

    name: str
    is_ok: bool
    reason: str = ""


async def _database_check(database: Database) -> Check:
    try:
        await database.ping()
    except PortalError as error:
        return Check("database", is_ok=False, reason=error.message)
    return Check("database", is_ok=True)


@dataclass(frozen=True, slots=True)
class Runtime:
    """The singletons of one process."""

    settings: Settings
    database: Database
    stores: Stores
    directory: Directory
    requests: RequestBoard
    provisioner: Provisioner
    sets: NamespaceSets
    previews: Previews
    change_previews: ChangePreviews
    departure_previews: DeparturePreviews
    plans: Plans
    changes: Changes
    adoptions: Adoptions
    decisions: Decisions
    questions: Questions
    reminders: Reminders
    protections: Protections
    repairs: Repairs
    cleanup: Desk
    reports: Reports
    teams: Teams
    organisation: Organisation
    sign_in: LoginSessions
    oidc: OidcSignIn | None
    connections: LiveConnections
    tokens: ApiTokens
    own_tokens: OwnTokens
    personal: Personal
    preferences: PreferenceBook
    service_accounts: ServiceAccountTokens | None
    audit_trail: AuditTrail
    checkup: Checkup
    limits: RateLimits
    live_limits: RateLimits
    """For what open pages send, by person."""
    auth_limits: RateLimits
    """For calls of people nobody knows yet, by address."""
    mirror: Mirror | None
    worker: Worker | None
    drift: DriftWatch | None
    consent: ConsentWatch | None
    lifetime: Lifetime
    clock: Callable[[], datetime]

    @property
    def members(self) -> Members:
        """Who belongs to the teams."""
        return self.organisation.members

    @property
    def team_overviews(self) -> TeamOverviews:
        """What the teams use of their budgets."""
        return self.organisation.overviews

    @property
    def has_dev_sign_in(self) -> bool:
        """Whether the identities of a local run exist. The start has proven the conditions."""
        return self.settings.is_dev

    @property
    def web_directory(self) -> Path:
        """Where the built front end lies."""
        base = Path(os.environ.get("REFLEX_WEB_WORKDIR", ".web"))
        return base / "build" / "client"

    async def bearer_of(self, token: str) -> Actor | None:
        """The actor of an API token, or of a token of an account of the cluster."""
        actor = await self.tokens.actor_of(token)
        if actor is None and self.service_accounts is not None:
            actor = await self.service_accounts.actor_of(token)
        return actor

    async def actor_now(self, actor: Actor) -> Actor | None:
        """Who follows a long stream, with the rights of now; None once session or token is over."""
        if actor.auth is AuthMethod.SERVICE_ACCOUNT:
            accounts = self.service_accounts
            return await accounts.actor_behind(actor.session) if accounts else None
        # Tokens first: programs follow streams, and what is found is remembered for a while.
        found = await self.tokens.actor_behind(actor.session)
        return found or await self.sign_in.actor_behind(actor.session)

    async def readiness(self) -> list[Check]:
        """What must hold before traffic may come."""
        checks = [await _database_check(self.database)]
        if self.mirror is not None:
            kinds = self.mirror.unlisted
            reason = f"not listed yet: {', '.join(kinds)}" if kinds else ""
            checks.append(Check("caches", not kinds, reason))
            freshness = self.directory.freshness()
            is_fresh = freshness.liveness is not Liveness.STALE
            checks.append(Check("cluster", is_fresh, freshness.reason if not is_fresh else ""))
        return checks

    @property
    def environment(self) -> str:
        """`dev` or `production`."""
        return self.settings.env

    @property
    def product_name(self) -> str:
        """What the portal is called on its pages."""
        return self.settings.product_name

    @property
    def cluster_name(self) -> str:
        """Name of the one cluster."""
        return self.settings.cluster_name

    @property
    def public_url(self) -> str:
        """Where browsers find the portal."""
        return self.settings.url
