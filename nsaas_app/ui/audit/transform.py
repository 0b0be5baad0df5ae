"""From audit events to what the page shows. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, Final, Self

from ...domain.audit import AuditEvent, BrokenLink, Outcome
from ...identity.audit_trail import ChainCheck
from ..figures import NOTHING, count, iso
from ..words import word_of
from .filters import AuditFilters

__all__ = [
    "AuditDetail",
    "AuditLine",
    "Broken",
    "Changed",
    "chain_vars",
    "changes_of",
    "export_word",
]

_THOUSAND: Final = 1000
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
    utc: str
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
            utc=f"{event.at.astimezone(UTC):%H:%M:%S} UTC" if event.at else "",
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


@dataclass(frozen=True)
class Broken:
    """Where the chain broke; an empty number where it did not."""

    seq: str = ""
    href: str = ""
    words: str = ""
    hash: str = ""
    computed_hash: str = ""
    previous_hash: str = ""
    hash_before: str = ""

    @classmethod
    def of(cls, link: BrokenLink) -> Self:
        """Show the first entry that is not as it was written."""
        return cls(
            seq=str(link.seq),
            href=AuditFilters(event=link.seq).address(),
            words=_wrong_with(link),
            hash=link.hash,
            computed_hash=link.computed_hash,
            previous_hash=link.previous_hash,
            hash_before=link.hash_before or NOTHING,
        )


def _wrong_with(link: BrokenLink) -> str:
    if not link.hash:
        return "it is gone, although an entry after it or a line of the portal's log tells of it."
    if link.hash != link.computed_hash:
        return "its content is not what was signed: somebody changed it, or the key is another one."
    if link.previous_hash != link.hash_before:
        return "it does not follow the entry before it: entries were removed or put in between."
    return "its hash is not the one that the portal's log tells of."


def chain_vars(found: ChainCheck | None) -> dict[str, object]:
    """Write what a check found into the vars of the page; nothing while there was none."""
    if found is None:
        return {"verified_at": "", "verdict": "", "is_valid": True, "broken": Broken()}
    newest, wrong = count(found.checked), count(found.first_bad_seq or 0)
    return {
        "verified_at": iso(found.at),
        "is_valid": found.is_valid,
        "verdict": f"Untouched: chain verified up to #{newest}"
        if found.is_valid
        else f"Changed: entry #{wrong} is not as it was written",
        "broken": Broken.of(found.broken) if found.broken else Broken(),
    }


def export_word(total: int, shown: Sequence[AuditEvent]) -> str:
    """Say how much an export holds, before it is made: counted, and sized by what is shown."""
    if not total or not shown:
        return "Nothing to export"
    each = sum(len(repr(event)) for event in shown) / len(shown)
    size = total * each
    counted = f"{count(total)} {'entry' if total == 1 else 'entries'}"
    for unit in ("B", "kB"):
        if size < _THOUSAND:
            return f"{counted}, about {size:.0f} {unit}"
        size /= _THOUSAND
    return f"{counted}, about {size:.1f} MB"


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
