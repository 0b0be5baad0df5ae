"""What the portal is told about its identity provider."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

__all__ = ["LEEWAY", "ProviderSettings"]

LEEWAY: Final = timedelta(seconds=120)
"""So far may the provider's clock and ours be apart."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One OpenID Connect provider and our registration there."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    """Our `/auth/callback`, as it is registered at the provider."""
    signed_out_uri: str
    """Where the provider sends people after its own sign-out."""
    name: str = ""
    """What the button calls it; the issuer's host when empty."""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    roles_claim: str = "roles"
    tenants: frozenset[str] = frozenset()
    """Entra tenants (`tid`) that may sign in; empty where the issuer has no tenants."""
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    """The only signatures accepted, whatever a token's header says."""
