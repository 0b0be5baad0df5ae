"""Who may put an end off by one click: the button stands only where it would work. Pure."""

from typing import Final

from ..domain.actors import Actor
from ..domain.names import TeamName
from ..identity.permissions import Permission, may

__all__ = ["renewal_for"]

_NEEDS: Final = {
    "Renew": Permission.NAMESPACE_CHANGE,
    "Confirm": Permission.NAMESPACE_CERTIFY,
}


def renewal_for(label: str, team: TeamName, actor: Actor) -> str:
    """Keep the label, Renew or Confirm, if the actor may do so for the team; else empty."""
    return label if label and may(actor, _NEEDS[label], team) else ""
