"""What the resources of a quota are called where people read of them."""

from collections.abc import Mapping
from typing import Final

__all__ = ["RESOURCE_WORDS", "resource_in_words"]

RESOURCE_WORDS: Final[Mapping[str, str]] = {
    "requests.cpu": "CPU requests",
    "requests.memory": "Memory requests",
    "limits.cpu": "CPU limits",
    "limits.memory": "Memory limits",
    "requests.storage": "Storage",
    "pods": "Pods",
    "services": "Services",
    "persistentvolumeclaims": "Volume claims",
}
"""Those that a tier limits first, in the order in which they are shown; others bear their key."""


def resource_in_words(resource: str) -> str:
    """Name a resource in the middle of a sentence."""
    words = RESOURCE_WORDS.get(resource, resource)
    return words if words[:2].isupper() else f"{words[:1].lower()}{words[1:]}"
