"""Grammar of the free texts of a spec: labels, annotations, descriptions, cost centres, owners."""

import re
from collections.abc import Mapping
from typing import Final

from .errors import FieldIssue
from .names import is_subdomain

__all__ = ["control_issues", "label_issues", "text_issues"]

MAX_EXTRA: Final = 10
"""Labels, and annotations, that a team may add to its namespace."""
MAX_ANNOTATION: Final = 1024
_PART: Final = r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_NAME: Final = re.compile(_PART)
_VALUE: Final = re.compile(rf"({_PART})?")
_REFUSED: Final = re.compile(
    r"(platform\.io|(.*\.)?kubernetes\.io|(.*\.)?k8s\.io|(.*\.)?istio\.io)"
)
"""Prefixes whose keys steer the platform: whoever sets them changes isolation or ownership."""


def label_issues(field: str, entries: Mapping[str, str], *, are_labels: bool) -> list[FieldIssue]:
    """Check labels (or annotations): count, grammar of keys and values, refused prefixes."""
    issues = []
    if len(entries) > MAX_EXTRA:
        issues.append(FieldIssue(field, f"{len(entries)} given; {MAX_EXTRA} are allowed."))
    for key, value in entries.items():
        path = f"{field}.{key}"
        if why := _why_not_a_key(key):
            issues.append(FieldIssue(path, why))
        if not are_labels:
            issues += text_issues(path, value, limit=MAX_ANNOTATION)
        elif not _VALUE.fullmatch(value):
            issues.append(FieldIssue(path, f"{value!r} is no valid label value."))
    return issues


def _why_not_a_key(key: str) -> str:
    prefix, slash, name = key.rpartition("/")
    if not _NAME.fullmatch(name) or (slash and not is_subdomain(prefix)):
        return f"{key!r} is no valid key."
    if _REFUSED.fullmatch(prefix):
        return f"Keys under {prefix}/ belong to the platform."
    return ""


def text_issues(field: str, text: str, *, limit: int) -> list[FieldIssue]:
    """Check a text for people: length, and no control characters."""
    if len(text) > limit:
        return [FieldIssue(field, f"{len(text)} characters; {limit} are allowed.")]
    return control_issues(field, text)


def control_issues(field: str, text: str) -> list[FieldIssue]:
    """Check that a text has nothing that no screen shows and no database takes."""
    if any(not character.isprintable() and character not in "\n\t" for character in text):
        return [FieldIssue(field, "Control characters are not allowed.")]
    return []
