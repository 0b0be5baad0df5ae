"""One line of the audit log: who did what to which thing, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

__all__ = ["AuditEvent", "AuditFilter", "BrokenLink", "Outcome"]


class Outcome(StrEnum):
    """How the action ended."""

    ALLOWED = "allowed"
    DENIED = "denied"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What is recorded; the store adds sequence, time and the hash chain."""

    actor: str
    action: str
    object: str
    outcome: Outcome
    team: str = ""
    namespace: str = ""
    request_id: str = ""
    correlation_id: str = ""
    source: str = ""
    """Which edge the action came through, with the way of authentication: `rest/oidc`."""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    seq: int = 0
    at: datetime | None = None
    hash: str = field(default="", compare=False)
    previous_hash: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first entry of the log that is not as it was written; all empty where it is gone."""

    seq: int
    hash: str
    """As it stands there."""
    computed_hash: str
    """What the entry's content gives; another one means that the content was changed."""
    previous_hash: str
    """What the entry says of the one before it."""
    hash_before: str
    """The hash that the one before it has; another one means that entries came or went."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which events are wanted; what is empty does not narrow."""

    actor: str = ""
    action: str = ""
    """The whole action, or its beginning up to a dot: `request` finds `request.submit.change`."""
    team: str = ""
    namespace: str = ""
    outcome: str = ""
    text: str = ""
    """Part of actor, action, object, request or correlation id, in any case."""
    since: datetime | None = None
    until: datetime | None = None
    after_seq: int = 0
    """Only events with a greater number."""
    seq: int = 0
    """The one event with this number."""
