"""Random secrets and the only form in which they are stored: SHA-256."""

import hashlib
import secrets

__all__ = ["hash_of", "new_secret"]


def new_secret() -> str:
    """A 256-bit random secret, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What the database knows of a secret. Random 256 bits need no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
