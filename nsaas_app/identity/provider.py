"""The identity provider over HTTP: discovery, keys, codes, refreshes. Decides nothing.

The protocol's words come from Authlib, the tokens' checks from `id_tokens`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .claims import has_groups
from .id_tokens import UnknownKeyError, verified_claims
from .provider_settings import ProviderSettings
from .sign_in_errors import SignInRefusedError, SignInUnavailableError

__all__ = ["IdentityProvider", "ProviderTokens", "is_loopback"]

_TIMEOUT: Final = httpx.Timeout(5.0)
_DISCOVERY_S: Final = 3600.0
_ANSWERED_S: Final = 2.0
"""A provider that answered so lately is taken to be there."""
_KEYS_S: Final = 600.0
"""A key that the provider withdrew is believed no longer than this."""
_LONGEST_HINT: Final = 4000
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ASYMMETRIC: Final = frozenset({"RSA", "EC", "OKP"})
_OUR_FAULT: Final = frozenset({"invalid_client", "unauthorized_client"})
_PASSING: Final = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


@dataclass(frozen=True, slots=True)
class ProviderTokens:
    """What the token endpoint gave. Never logged, never stored unsealed."""

    access_token: str = field(repr=False)
    id_token: str = field(repr=False)
    """Empty where a refresh brings none."""
    refresh_token: str = field(repr=False)
    """Empty where the provider gives none."""


def is_loopback(url: str) -> bool:
    """Whether a URL stays on this machine, where it may go without TLS."""
    return urlsplit(url).hostname in _LOOPBACK


class IdentityProvider:
    """One provider. Its description and keys are remembered for a while."""

    def __init__(self, settings: ProviderSettings, *, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self._clock = clock
        # A proxy of the environment is for other hosts, never for this machine.
        self._http = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=not is_loopback(settings.issuer))
        self._discovered: tuple[dict[str, Any], float] | None = None
        self._keys: tuple[KeySet, float] | None = None
        self._answered_at = float("-inf")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to sign in: code flow with PKCE.

        Raises:
            SignInUnavailableError: the provider does not describe itself, or does not answer now.
        """
        await self._ensure_it_answers()
        url: str = prepare_grant_uri(
            await self._endpoint("authorization_endpoint"),
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=self.settings.redirect_uri,
            scope=" ".join(self.settings.scopes),
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return url

    async def ensure_ours(self, issuer: str | None) -> None:
        """Hold the `iss` of an answer (RFC 9207) against our provider: no mix-up.

        Raises:
            SignInRefusedError: another provider answered, or ours promised an `iss` and sent none.
        """
        promised = (await self._discovery()).get("authorization_response_iss_parameter_supported")
        if issuer != self.settings.issuer and (issuer is not None or promised is True):
            raise SignInRefusedError(
                "The answer came from another identity provider.", reason="issuer"
            )

    async def redeem(self, code: str, *, verifier: str) -> ProviderTokens:
        """Exchange a code.

        Raises:
            SignInRefusedError: the code is not good (any more).
            SignInUnavailableError: the provider does not answer, or does not know us.
        """
        found = await self._ask_for_tokens(
            "authorization_code",
            code=code,
            redirect_uri=self.settings.redirect_uri,
            code_verifier=verifier,
        )
        if not found.id_token:
            raise SignInUnavailableError("the token reply holds no ID token")
        return found

    async def refresh(self, refresh_token: str) -> ProviderTokens:
        """Ask again about somebody who is signed in. Raises like `redeem`."""
        return await self._ask_for_tokens("refresh_token", refresh_token=refresh_token)

    async def verify(self, id_token: str, *, nonce: str | None) -> Mapping[str, Any]:
        """Check an ID token, with fresh keys where it names one we do not know.

        Raises:
            SignInRefusedError: it does not hold. SignInUnavailableError: the keys cannot be had.
        """
        now = self._clock()
        for keys in (await self._key_set(), None):
            try:
                return verified_claims(
                    id_token,
                    keys or await self._key_set(is_fresh=True),
                    settings=self.settings,
                    nonce=nonce,
                    now=now,
                )
            except UnknownKeyError:
                continue
        raise SignInRefusedError(
            "The identity provider signed with a key that it does not publish.", reason="key"
        )

    async def described(self, claims: Mapping[str, Any], *, access_token: str) -> Mapping[str, Any]:
        """Add what the provider tells elsewhere, where an ID token says nothing of groups.

        Raises:
            SignInRefusedError: it speaks of somebody else. SignInUnavailableError: no answer.
        """
        has_elsewhere = "userinfo_endpoint" in await self._discovery()
        if has_groups(claims, self.settings) or not has_elsewhere:
            return claims
        url = await self._endpoint("userinfo_endpoint")
        headers = {"Authorization": f"Bearer {access_token}"}
        told = _object_in(await self._send("GET", url, headers=headers), must_succeed=True)
        if told.get("sub") != claims["sub"]:
            raise SignInRefusedError(
                "The identity provider described somebody else.", reason="userinfo"
            )
        return {**told, **claims}

    async def sign_out_url(self, id_token: str | None) -> str | None:
        """Where a browser goes to end the provider's own session, if it can be ended there."""
        try:
            if "end_session_endpoint" not in await self._discovery():
                return None
            endpoint = await self._endpoint("end_session_endpoint")
        except SignInUnavailableError:
            return None
        query = {
            "client_id": self.settings.client_id,
            "post_logout_redirect_uri": self.settings.signed_out_uri,
        }
        # Hundreds of groups make a token that no server takes in an address.
        if id_token and len(id_token) <= _LONGEST_HINT:
            query["id_token_hint"] = id_token
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def _ensure_it_answers(self) -> None:
        """Send nobody to a provider that is down: the browser could only show an error."""
        if time.monotonic() - self._answered_at > _ANSWERED_S:
            await self._describe_anew()

    async def _ask_for_tokens(self, grant: str, **parameters: str) -> ProviderTokens:
        url = await self._endpoint("token_endpoint")
        body = prepare_token_request(grant, **parameters)
        name, secret = self.settings.client_id, self.settings.client_secret
        if (method := await self._auth_method()) == "client_secret_basic":
            # RFC 6749, 2.3.1: both are form-encoded first, which Authlib leaves to its caller.
            name, secret = quote_plus(name), quote_plus(secret)
        auth = ClientAuth(name, secret, method)
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        }
        url, headers, body = auth.prepare("POST", url, headers, body)
        reply = await self._send("POST", url, headers=headers, content=body)
        found = _object_in(reply)
        if reply.is_success and isinstance(found.get("access_token"), str):
            return ProviderTokens(
                access_token=found["access_token"],
                id_token=str(found.get("id_token") or ""),
                refresh_token=str(found.get("refresh_token") or ""),
            )
        raise _token_error(str(found.get("error") or f"status {reply.status_code}"))

    async def _auth_method(self) -> str:
        if not self.settings.client_secret:
            return "none"
        known = (await self._discovery()).get("token_endpoint_auth_methods_supported")
        is_post_only = isinstance(known, list) and "client_secret_basic" not in known
        return "client_secret_post" if is_post_only else "client_secret_basic"

    async def _endpoint(self, name: str) -> str:
        url = (await self._discovery()).get(name)
        if not isinstance(url, str) or not (url.startswith("https://") or is_loopback(url)):
            raise SignInUnavailableError(f"{name} is missing or not protected by TLS")
        return url

    async def _discovery(self) -> dict[str, Any]:
        if self._discovered is not None and time.monotonic() < self._discovered[1]:
            return self._discovered[0]
        try:
            return await self._describe_anew()
        except SignInUnavailableError:
            if self._discovered is None:
                raise
            # The old description is as good as ever; the provider is asked again soon.
            return self._discovered[0]

    async def _describe_anew(self) -> dict[str, Any]:
        issuer = self.settings.issuer
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _object_in(await self._send("GET", url), must_succeed=True)
        if found.get("issuer") != issuer:
            raise SignInUnavailableError(
                "its description names another issuer",
                hint="A platform admin must set NSAAS_OIDC_ISSUER exactly as the provider says.",
            )
        self._discovered = found, time.monotonic() + _DISCOVERY_S
        return found

    async def _key_set(self, *, is_fresh: bool = False) -> KeySet:
        if self._keys is not None and not is_fresh and time.monotonic() < self._keys[1]:
            return self._keys[0]
        url = await self._endpoint("jwks_uri")
        found = _object_in(await self._send("GET", url), must_succeed=True).get("keys")
        listed = found if isinstance(found, list) else []
        # A symmetric key in a public place would let everybody sign.
        usable = [key for key in listed if isinstance(key, dict) and key.get("kty") in _ASYMMETRIC]
        try:
            keys = KeySet.import_key_set({"keys": usable})
        except (JoseError, ValueError, KeyError) as error:
            raise SignInUnavailableError(f"its keys cannot be read: {error}") from error
        self._keys = keys, time.monotonic() + _KEYS_S
        return keys

    async def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        try:
            reply = await self._http.request(method, url, **options)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise SignInUnavailableError(f"{type(error).__name__}: {error}") from error
        if reply.is_server_error or reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise SignInUnavailableError(f"status {reply.status_code}")
        self._answered_at = time.monotonic()
        return reply


def _object_in(reply: httpx.Response, *, must_succeed: bool = False) -> dict[str, Any]:
    try:
        found = reply.json()
    except ValueError as error:
        raise SignInUnavailableError(f"status {reply.status_code}, no JSON") from error
    if not isinstance(found, dict) or (must_succeed and not reply.is_success):
        raise SignInUnavailableError(f"status {reply.status_code}, an unexpected reply")
    return found


def _token_error(error: str) -> SignInRefusedError | SignInUnavailableError:
    if error in _OUR_FAULT:
        return SignInUnavailableError(
            error,
            hint="The provider does not accept the portal's own id or secret; "
            "a platform admin must correct them.",
        )
    if error in _PASSING:
        return SignInUnavailableError(error)
    return SignInRefusedError(
        "The identity provider did not accept the sign-in.",
        hint="Sign in again.",
        reason="grant",
    )
