"""An anchor of the audit chain: one entry that must still be there, with the same hash."""

import re
from dataclasses import dataclass
from typing import Final, Self

from .errors import FieldIssue, InvalidFieldsError

__all__ = ["ANCHOR_EVENT", "MAX_ANCHORS", "Anchor"]

ANCHOR_EVENT: Final = "audit anchor"
"""What the log line is called; `nsaas audit verify --log` looks for it."""
MAX_ANCHORS: Final = 200
"""So many of the newest are kept, and taken from others: more than a week of one process."""

_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry that must be in the log: its number and hash."""

    seq: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote.

        Raises:
            InvalidFieldsError: the text is no anchor.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            message = "An anchor is <number>:<64 hexadecimal digits>."
            raise InvalidFieldsError([FieldIssue("anchors", message)])
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"
