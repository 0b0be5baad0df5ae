"""ID tokens: what must hold before a word of one is believed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import ClaimError, InvalidKeyIdError, JoseError, MissingClaimError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from .provider_settings import LEEWAY, ProviderSettings
from .sign_in_errors import SignInRefusedError

__all__ = ["UnknownKeyError", "verified_claims"]

_TIMES = frozenset({"exp", "iat", "nbf"})


class UnknownKeyError(Exception):
    """The token names a key that is not in the set: the provider may have changed its keys."""


def verified_claims(
    token: str, keys: KeySet, *, settings: ProviderSettings, nonce: str | None, now: datetime
) -> Mapping[str, Any]:
    """Check signature, algorithm, issuer, audience, times, nonce and tenant; give the claims.

    Args:
        token: the ID token as it came.
        keys: the provider's key set.
        settings: what to hold it against.
        nonce: what the sign-in sent along; None at a refresh, where there is none.
        now: the instant to judge its times by.

    Raises:
        UnknownKeyError: fetch the keys anew and try once more.
        SignInRefusedError: it does not hold; the message says which check failed.
    """
    try:
        decoded = jwt.decode(token, keys, algorithms=list(settings.algorithms))
    except InvalidKeyIdError as error:
        raise UnknownKeyError from error
    except (JoseError, ValueError) as error:
        raise _refused("its signature", str(error)) from error
    claims: dict[str, Any] = decoded.claims
    try:
        _registry(settings, nonce=nonce, now=now).validate(claims)
    except ClaimError as error:
        is_time = error.claim in _TIMES and not isinstance(error, MissingClaimError)
        raise (
            _untimely() if is_time else _refused(f"its claim {error.claim}", error.claim)
        ) from error
    _ensure_meant_for(claims, settings)
    return claims


def _registry(settings: ProviderSettings, *, nonce: str | None, now: datetime) -> JWTClaimsRegistry:
    options: dict[str, ClaimsOption] = {
        "iss": {"essential": True, "value": settings.issuer},
        "sub": {"essential": True},
        "aud": {"essential": True, "value": settings.client_id},
        "exp": {"essential": True},
        "iat": {"essential": True},
    }
    if nonce is not None:
        options["nonce"] = {"essential": True, "value": nonce}
    return JWTClaimsRegistry(
        now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()), **options
    )


def _ensure_meant_for(claims: Mapping[str, Any], settings: ProviderSettings) -> None:
    """Refuse what another program, or another tenant, got its token for."""
    audiences, party = claims["aud"], claims.get("azp")
    has_others = isinstance(audiences, list) and len(audiences) > 1
    if (party is not None or has_others) and party != settings.client_id:
        raise _refused("its claim azp", "azp")
    tenant = claims.get("tid")
    if settings.tenants and not (isinstance(tenant, str) and tenant in settings.tenants):
        raise SignInRefusedError(
            "Your organisation may not sign in here.",
            hint="Sign in with an account of an allowed tenant.",
            reason="tenant",
        )


def _untimely() -> SignInRefusedError:
    return SignInRefusedError(
        "The sign-in is too old, or the clocks of the portal and the identity provider differ "
        f"by more than {LEEWAY.seconds} seconds.",
        hint="Sign in again. If it happens again, a platform admin must set the clocks.",
        reason="clock",
    )


def _refused(what: str, reason: str) -> SignInRefusedError:
    return SignInRefusedError(
        f"The identity provider's answer was not accepted because of {what}.",
        hint="Sign in again. If it happens again, tell a platform admin.",
        reason=reason,
    )
