"""Sealing: secrets that must come back, encrypted and bound to the purpose they were sealed for."""

import base64
import binascii
import hashlib
import secrets
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["Purpose", "Sealer"]

_NONCE_BYTES: Final = 12
_CONTEXT: Final = b"nsaas sealing 1"


class Purpose(StrEnum):
    """What is sealed: one kind never opens as another."""

    ATTEMPT = "sign-in attempt"
    REFRESH_TOKEN = "refresh token"  # noqa: S105 - a name, not a secret
    ID_TOKEN = "id token"  # noqa: S105 - the same


class Sealer:
    """Seals with the first key, opens with any: a new key goes in front of the old one."""

    def __init__(self, secrets_in_order: tuple[str, ...]) -> None:
        if not secrets_in_order:
            raise ValueError("a sealer needs a key")
        self._keys = {_key_id(secret): AESGCM(_derived(secret)) for secret in secrets_in_order}
        self._first = _key_id(secrets_in_order[0])

    def seal(self, text: str, *, purpose: Purpose) -> str:
        """Encrypt; the result is safe in a cookie and in a column."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._keys[self._first].encrypt(nonce, text.encode(), purpose.encode())
        return f"{self._first}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, purpose: Purpose) -> str | None:
        """Decrypt; None for whatever was not sealed here for this purpose."""
        key_id, _, body = sealed.partition(".")
        key = self._keys.get(key_id)
        if key is None:
            return None
        try:
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            return key.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode()).decode()
        except (binascii.Error, InvalidTag, ValueError):
            return None


def _derived(secret: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=_CONTEXT).derive(secret.encode())


def _key_id(secret: str) -> str:
    """Tell keys apart; says nothing about the key."""
    return hashlib.sha256(b"nsaas key id" + _derived(secret)).hexdigest()[:8]
