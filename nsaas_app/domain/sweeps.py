"""Sweeps of the whole fleet and what they found; people's word that a namespace is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Keep", "Sweep"]


@dataclass(frozen=True, slots=True)
class Keep:
    """Somebody's word that a namespace is wanted."""

    namespace: str
    uid: str
    reason: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Sweep:
    """One look at the whole fleet."""

    sweep_id: str
    started_at: datetime
    took_ms: int
    looked_at: int
    found: Mapping[str, int]
    """By reason."""
    excluded: int
    """Candidates that nothing may be done to."""
    notes: tuple[str, ...] = ()
