"""From own tokens and login sessions to the lines of the settings page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from ...identity.own_tokens import DEFAULT_DAYS, StoredToken
from ...identity.sessions import StoredSession
from ..figures import iso

__all__ = ["NO_ERRORS", "SessionLine", "TokenDraft", "TokenLine"]

NO_ERRORS: Final[Mapping[str, str]] = {"name": "", "scopes": "", "expires_in_days": ""}


@dataclass(frozen=True)
class TokenDraft:
    """The form of a new token, as it was typed."""

    name: str = ""
    expires_in_days: str = str(DEFAULT_DAYS)
    may_write: bool = False
    may_approve: bool = False

    @property
    def scopes(self) -> frozenset[str]:
        """What the token may do; reading is always part of it."""
        more = {"write"} if self.may_write else set()
        return frozenset({"read"} | more | ({"approve"} if self.may_approve else set()))

    @property
    def days(self) -> int:
        """The number of days, 0 for what is no number: that is refused with the rule's words."""
        text = self.expires_in_days.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= len("9999") else 0


@dataclass(frozen=True)
class TokenLine:
    """One token of the list."""

    id: str = ""
    name: str = ""
    scopes: str = ""
    created_at: str = ""
    expires_at: str = ""
    last_used_at: str = ""

    @classmethod
    def from_token(cls, token: StoredToken) -> Self:
        """Show what is known of a token; its secret is not."""
        return cls(
            id=token.id,
            name=token.name,
            scopes=", ".join(sorted(token.scopes)),
            created_at=iso(token.created_at),
            expires_at=iso(token.expires_at),
            last_used_at=iso(token.last_used_at),
        )


@dataclass(frozen=True)
class SessionLine:
    """One login session of the list."""

    id: str
    created_at: str
    last_seen_at: str
    expires_at: str
    is_current: bool

    @classmethod
    def from_session(cls, session: StoredSession, *, current: str) -> Self:
        """Show a session; `current` is the key of the one that looks."""
        return cls(
            id=session.id_hash[:12],
            created_at=iso(session.created_at),
            last_seen_at=iso(session.last_seen_at),
            expires_at=iso(session.expires_at),
            is_current=session.id_hash == current,
        )
