"""Sign-in by OpenID Connect: one attempt from the button to the login session.

An attempt lives in the browser alone, sealed: nothing is stored for people who only knock, and
nobody can finish an attempt that another browser began.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from .. import metrics
from ..domain.actors import AuthMethod
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import PortalError
from ..store.audit import AuditStore
from ..store.database import Database
from .claims import person_from
from .provider import IdentityProvider
from .roles import Identity
from .sealing import Purpose, Sealer
from .secrets_hash import new_secret
from .sessions import LoginSessions, Voucher
from .sign_in_errors import SignInRefusedError

__all__ = ["ATTEMPT_LIFETIME", "Finished", "OidcSignIn", "Started"]

log = structlog.get_logger()

ATTEMPT_LIFETIME: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Started:
    """A begun attempt: where the browser goes, and what it must bring back."""

    url: str
    attempt: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A good end: the new login session, and where its person wanted to go."""

    session_id: str
    next_path: str


class OidcSignIn:
    """Begins and finishes attempts, and signs out at the provider."""

    def __init__(
        self,
        *,
        provider: IdentityProvider,
        sealer: Sealer,
        sessions: LoginSessions,
        database: Database,
        audit: AuditStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._provider = provider
        self._sealer = sealer
        self._sessions = sessions
        self._database = database
        self._audit = audit
        self._clock = clock

    @property
    def provider_name(self) -> str:
        """What the button calls the provider."""
        return self._provider.settings.name

    async def begin(self, next_path: str) -> Started:
        """Begin an attempt.

        Raises:
            SignInUnavailableError: the provider does not describe itself.
        """
        state, nonce, verifier = new_secret(), new_secret(), new_secret()
        url = await self._provider.authorization_url(state=state, nonce=nonce, verifier=verifier)
        attempt = {
            "state": state,
            "nonce": nonce,
            "verifier": verifier,
            "next": next_path,
            "until": (self._clock() + ATTEMPT_LIFETIME).timestamp(),
        }
        return Started(url, self._sealer.seal(json.dumps(attempt), purpose=Purpose.ATTEMPT))

    async def finish(self, attempt: str, answer: Mapping[str, str], *, replaces: str) -> Finished:
        """Take the provider's answer and open a login session.

        Args:
            attempt: what this browser kept of its beginning; empty when it kept nothing.
            answer: the query of the callback.
            replaces: the cookies of the browser; a session among them ends here.

        Raises:
            SignInRefusedError, SignInUnavailableError, GroupsOverageError: no session was opened.
        """
        try:
            return await self._finish(attempt, answer, replaces=replaces)
        except PortalError as error:
            reason = getattr(error, "reason", error.code.lower().replace("_", "-"))
            metrics.AUTH.labels("refused").inc()
            log.info("sign-in refused", reason=reason, code=error.code, detail=error.raw)
            raise

    async def _finish(self, attempt: str, answer: Mapping[str, str], *, replaces: str) -> Finished:
        begun = self._begun_here(attempt, answer.get("state", ""))
        if "error" in answer or not answer.get("code"):
            raise _refused_there(answer.get("error", ""))
        await self._provider.ensure_ours(answer.get("iss"))
        tokens = await self._provider.redeem(answer["code"], verifier=begun["verifier"])
        claims = await self._provider.verify(tokens.id_token, nonce=begun["nonce"])
        claims = await self._provider.described(claims, access_token=tokens.access_token)
        try:
            person = person_from(claims, settings=self._provider.settings, now=self._clock())
        except PortalError as error:
            await self._record_refusal(str(claims["sub"]), error)
            raise
        session_id = await self._sessions.begin(
            Identity(person.subject, person.display_name, person.groups, AuthMethod.OIDC),
            source="auth/oidc",
            replaces=replaces,
            voucher=Voucher(
                person=person,
                sealed_refresh_token=self._sealed(tokens.refresh_token, Purpose.REFRESH_TOKEN),
                sealed_id_token=self._sealed(tokens.id_token, Purpose.ID_TOKEN),
            ),
        )
        return Finished(session_id, begun["next"])

    async def sign_out_url(self, sealed_id_token: str | None) -> str | None:
        """Where the browser goes to sign out at the provider too, if there is such a place."""
        hint = (
            self._sealer.open(sealed_id_token, purpose=Purpose.ID_TOKEN)
            if sealed_id_token
            else None
        )
        return await self._provider.sign_out_url(hint)

    def _begun_here(self, attempt: str, state: str) -> dict[str, Any]:
        text = self._sealer.open(attempt, purpose=Purpose.ATTEMPT) if attempt else None
        begun: dict[str, Any] | None = json.loads(text) if text else None
        if begun is None or not hmac.compare_digest(begun["state"].encode(), state.encode()):
            raise SignInRefusedError(
                "This sign-in was not begun in this browser, or it was begun anew meanwhile.",
                hint="Begin again from this page.",
                reason="state",
            )
        if self._clock().timestamp() > begun["until"]:
            raise SignInRefusedError(
                "This sign-in took too long.", hint="Begin again.", reason="late"
            )
        return begun

    def _sealed(self, secret: str, purpose: Purpose) -> str | None:
        return self._sealer.seal(secret, purpose=purpose) if secret else None

    async def _record_refusal(self, provider_subject: str, error: PortalError) -> None:
        """Only somebody the provider vouched for fills the audit log."""
        event = AuditEvent(
            actor=f"oidc:{provider_subject[:200]}",
            action="auth.sign-in",
            object="session",
            outcome=Outcome.DENIED,
            source="auth/oidc",
            after={"code": error.code},
        )
        async with self._database.transaction() as connection:
            await self._audit.append(connection, event, at=self._clock())


def _refused_there(error: str) -> SignInRefusedError:
    is_denied = error == "access_denied"
    return SignInRefusedError(
        "The sign-in was cancelled, or the identity provider does not let you in."
        if is_denied
        else "The identity provider ended the sign-in with an error.",
        hint="Begin again, or ask who looks after accounts.",
        reason="denied" if is_denied else "provider",
    )
