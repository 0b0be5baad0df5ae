"""Opaque cursors: where the next part of a list begins."""

import base64
import binascii

from ..domain.errors import FieldIssue, InvalidFieldsError

__all__ = ["next_cursor", "offset_of"]


def offset_of(cursor: str | None) -> int:
    """Read a cursor that a reply gave.

    Raises:
        InvalidFieldsError: it is none of ours.
    """
    if not cursor:
        return 0
    try:
        offset = int(base64.urlsafe_b64decode(cursor.encode()).decode())
    except (binascii.Error, ValueError) as error:
        issue = FieldIssue("cursor", "Use next_cursor of the reply before.")
        raise InvalidFieldsError([issue]) from error
    if offset < 0:
        raise InvalidFieldsError([FieldIssue("cursor", "Use next_cursor of the reply before.")])
    return offset


def next_cursor(offset: int, count: int, total: int) -> str | None:
    """The cursor of the part after this one; None at the end."""
    following = offset + count
    if count == 0 or following >= total:
        return None
    return base64.urlsafe_b64encode(str(following).encode()).decode()
