"""From checked claims to somebody with groups. Whoever cannot be known gets nothing."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ..store.persons import StoredPerson
from .provider_settings import ProviderSettings
from .sign_in_errors import GroupsOverageError, SignInRefusedError

__all__ = ["ROLE_PREFIX", "has_groups", "person_from"]

ROLE_PREFIX: Final = "role:"
"""An app role counts as a group of this name; no group may claim to be one."""
_RESERVED: Final = (ROLE_PREFIX, "system:")
_MAX_NAME: Final = 253
_MAX_SUBJECT: Final = 220


def has_groups(claims: Mapping[str, Any], settings: ProviderSettings) -> bool:
    """Whether the claims say something about groups or roles, be it that they are too many."""
    said = (_at(claims, settings.groups_claim), _at(claims, settings.roles_claim))
    return any(value is not None for value in said) or _is_overage(claims, settings)


def person_from(
    claims: Mapping[str, Any], *, settings: ProviderSettings, now: datetime
) -> StoredPerson:
    """Take identity and groups from claims that were verified.

    Raises:
        GroupsOverageError: the groups were left out, and no app role says more.
        SignInRefusedError: a claim has a shape that cannot be trusted.
    """
    provider_subject = claims["sub"]
    if not _is_name(provider_subject, _MAX_SUBJECT):
        raise _unusable("sub")
    roles = _names(claims, settings.roles_claim)
    groups = _names(claims, settings.groups_claim)
    if _is_overage(claims, settings):
        # What is left of the groups may be any part of them; roles are always whole.
        if not roles:
            raise GroupsOverageError
        groups = ()
    own = [group for group in groups if not group.startswith(_RESERVED)]
    return StoredPerson(
        subject=_subject(settings.issuer, provider_subject),
        issuer=settings.issuer,
        issuer_subject=provider_subject,
        tenant=_word(claims, "tid"),
        object_id=_word(claims, "oid"),
        display_name=_word(claims, "name") or _word(claims, "preferred_username"),
        groups=tuple(sorted({*own, *(f"{ROLE_PREFIX}{role}" for role in roles)})),
        confirmed_at=now,
    )


def _subject(issuer: str, provider_subject: str) -> str:
    """Issuer and `sub` alone are never given to somebody else; mail and names are."""
    return f"oidc:{hashlib.sha256(issuer.encode()).hexdigest()[:8]}:{provider_subject}"


def _is_overage(claims: Mapping[str, Any], settings: ProviderSettings) -> bool:
    elsewhere = claims.get("_claim_names")
    is_elsewhere = isinstance(elsewhere, Mapping) and settings.groups_claim in elsewhere
    return is_elsewhere or claims.get("hasgroups") in (True, "true")


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """Find a claim by its name, or inside others: `realm_access.roles`."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _names(claims: Mapping[str, Any], path: str) -> tuple[str, ...]:
    value = _at(claims, path)
    if value is None:
        return ()
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(_is_name(name, _MAX_NAME) for name in names):
        raise _unusable(path)
    return tuple(names)


def _is_name(value: object, longest: int) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= longest
        and value.isprintable()
        and value == value.strip()
    )


def _word(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) and _is_name(value, _MAX_NAME) else ""


def _unusable(claim: str) -> SignInRefusedError:
    return SignInRefusedError(
        f"The identity provider sent a claim {claim} that the portal cannot use.",
        hint="A platform admin must look at the claims the provider sends.",
        reason="claim",
    )
