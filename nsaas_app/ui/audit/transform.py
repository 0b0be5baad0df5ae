"""From audit events to what the page shows. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from ...domain.audit import AuditEvent, Outcome
from ..figures import NOTHING, iso
from ..words import word_of
from .filters import AuditFilters

__all__ = ["AuditDetail", "AuditLine", "Changed", "changes_of"]

_TONES: Final = {
    Outcome.ALLOWED: "ok",
    Outcome.COMPLETED: "ok",
    Outcome.DENIED: "bad",
    Outcome.FAILED: "bad",
}


@dataclass(frozen=True)
class AuditLine:
    """One line of the log."""

    seq: str
    at: str
    actor: str
    actor_href: str
    action: str
    target: str
    target_href: str
    outcome: str
    outcome_word: str
    tone: str
    request_id: str
    toggle_href: str
    is_open: bool

    @classmethod
    def of(cls, event: AuditEvent, filters: AuditFilters) -> Self:
        """Show an event among others."""
        is_open = filters.event == event.seq
        return cls(
            seq=str(event.seq),
            at=iso(event.at),
            actor=event.actor,
            actor_href=filters.narrowed(actor=event.actor).address(),
            action=event.action,
            target=event.namespace or event.object,
            target_href=filters.narrowed(namespace=event.namespace).address()
            if event.namespace
            else "",
            outcome=event.outcome.value,
            outcome_word=word_of(event.outcome.value),
            tone=_TONES[event.outcome],
            request_id=event.request_id,
            toggle_href=replace(filters, event=0 if is_open else event.seq).address(),
            is_open=is_open,
        )


@dataclass(frozen=True)
class Changed:
    """One field that an event changed."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class AuditDetail:
    """Everything about the one event that is open."""

    seq: str = ""
    object: str = ""
    team: str = ""
    source: str = ""
    correlation_id: str = ""
    hash: str = ""
    previous_hash: str = ""

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        """Show an event by itself."""
        return cls(
            seq=str(event.seq),
            object=event.object,
            team=event.team or NOTHING,
            source=event.source or NOTHING,
            correlation_id=event.correlation_id or NOTHING,
            hash=event.hash,
            previous_hash=event.previous_hash or "none: it is the first entry",
        )


def changes_of(event: AuditEvent) -> list[Changed]:
    """Name the fields that differ between before and after, in their order."""
    before, after = dict(_leaves(event.before or {})), dict(_leaves(event.after or {}))
    return [
        Changed(path, before.get(path, NOTHING), after.get(path, NOTHING))
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path)
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{index}]")
    elif value not in (None, ""):
        yield path, str(value)
