"""Random secrets and the only form in which they are stored: SHA-256."""

import base64
import hashlib
import hmac
import secrets
import zlib
from typing import Final

__all__ = ["has_checksum", "hash_of", "new_secret", "secret_after", "with_checksum"]

_CHECKSUM: Final = 8


def new_secret() -> str:
    """A 256-bit random secret, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def secret_after(secret: str, salt: str) -> str:
    """The secret that follows another one: the same each time, and known to nobody without both."""
    digest = hmac.new(secret.encode(errors="replace"), salt.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(secret: str) -> str:
    """What the database knows of a secret. Random 256 bits need no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def with_checksum(text: str) -> str:
    """Append a checksum: scanners tell a real token from a look-alike without asking anybody."""
    return f"{text}{zlib.crc32(text.encode(errors='replace')):0{_CHECKSUM}x}"


def has_checksum(text: str) -> bool:
    """Whether a text ends in its own checksum. Proves nothing; saves asking the database."""
    return with_checksum(text[:-_CHECKSUM]) == text
