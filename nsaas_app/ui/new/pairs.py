"""Labels and annotations as people type them: one `key=value` a line. Pure."""

from collections.abc import Mapping

__all__ = ["lines_of", "pairs_in"]

_BREAK = "\\n"
"""Stands for a line break within a value."""


def pairs_in(text: str) -> dict[str, str]:
    """Read pairs; a line without a sign is a key without a value."""
    lines = (line.partition("=") for line in text.splitlines() if line.strip())
    return {key.strip(): value.strip().replace(_BREAK, "\n") for key, _, value in lines}


def lines_of(pairs: Mapping[str, str]) -> str:
    """Write pairs the way they are read."""
    rows = ((key, _BREAK.join(value.splitlines())) for key, value in pairs.items())
    return "\n".join(f"{key}={value}" for key, value in rows)
