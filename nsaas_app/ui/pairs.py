"""Labels and annotations as people type them: one `key=value` a line. Pure."""

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["lines_of", "pairs_in"]

_ESCAPES: Final = {"\\n": "\n", "\\\\": "\\"}
"""What stands for a line break within a value, and for the sign that this is written with."""
_ESCAPE: Final = re.compile(r"\\[n\\]")


def pairs_in(text: str) -> dict[str, str]:
    """Read pairs; a line without a sign is a key without a value."""
    lines = (line.partition("=") for line in text.splitlines() if line.strip())
    return {key.strip(): _read(value.strip()) for key, _, value in lines}


def lines_of(pairs: Mapping[str, str]) -> str:
    """Write pairs the way they are read, by key."""
    return "\n".join(f"{key}={_written(value)}" for key, value in sorted(pairs.items()))


def _read(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)


def _written(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n")
