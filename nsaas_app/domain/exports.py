"""Exports: the manifests of a namespace, kept as one archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .names import TeamName

__all__ = ["Archive", "Export"]


@dataclass(frozen=True, slots=True)
class Archive:
    """Files as one gzipped tar, the same bytes for the same content."""

    content: bytes
    objects: int
    """How many objects are in it."""
    left_out: tuple[str, ...]
    """What is not in it, each with the reason."""
    files: Mapping[str, str]
    """Text by path."""


@dataclass(frozen=True, slots=True)
class Export:
    """What is known of a kept archive."""

    export_id: str
    cluster: str
    namespace: str
    team: TeamName
    requested_by: str
    reason: str
    """What it was made for: `deletion`."""
    created_at: datetime
    objects: int
    left_out: tuple[str, ...]
    size: int
    """Bytes of the archive."""
    sha256: str
