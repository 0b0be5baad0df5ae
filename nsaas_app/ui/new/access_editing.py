"""Editing the access list of a draft. Pure."""

from dataclasses import replace
from typing import Final

from .draft import Draft, GrantDraft

__all__ = ["GRANT_PARTS", "grant_added", "grant_edited", "grant_removed"]

GRANT_PARTS: Final = frozenset({"kind", "name", "role", "until"})
"""Parts of a line that a browser may set."""


def grant_edited(draft: Draft, index: int, part: str, value: str) -> Draft:
    """Set one part of a line; a line or part that is not there changes nothing."""
    if part not in GRANT_PARTS or not 0 <= index < len(draft.access):
        return draft
    lines = list(draft.access)
    changes: dict[str, str] = {part: value}
    lines[index] = replace(lines[index], **changes)
    return _with(draft, lines)


def grant_added(draft: Draft) -> Draft:
    """Add an empty line."""
    return _with(draft, [*draft.access, GrantDraft()])


def grant_removed(draft: Draft, index: int) -> Draft:
    """Take a line out."""
    return _with(draft, [line for at, line in enumerate(draft.access) if at != index])


def _with(draft: Draft, lines: list[GrantDraft]) -> Draft:
    chosen = tuple(dict.fromkeys((*draft.chosen, "access")))
    return replace(draft, access=tuple(lines), chosen=chosen)
