"""Parts of the settings page, one address each: everybody's, and those about the platform. Pure."""

from typing import Final

from ..routes import Pill, address

__all__ = ["FIRST", "PLATFORM", "WORDS", "section_of", "section_pills"]

FIRST: Final = "preferences"
_OWN: Final = {FIRST: "Preferences", "tokens": "Tokens and sessions"}
PLATFORM: Final = {
    "policies": "Policies",
    "integrations": "Integrations",
    "preflight": "Preflight",
}
WORDS: Final = _OWN | PLATFORM
"""Every part by its key in the address."""


def section_of(asked: str) -> str:
    """Read which part the address asks for; a word that means nothing is the first part."""
    return asked if asked in WORDS else FIRST


def section_pills(opened: str, *, sees_platform: bool) -> list[Pill]:
    """Offer the parts that somebody may see."""
    offered = WORDS if sees_platform else _OWN
    return [
        Pill(key, label, address("/settings", {"tab": "" if key == FIRST else key}), key == opened)
        for key, label in offered.items()
    ]
