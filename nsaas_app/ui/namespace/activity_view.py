"""The activity section's vars: audit entries of one namespace. Pure."""

from dataclasses import dataclass
from typing import Final, Self

from ...domain.audit import AuditEvent, Outcome
from ..audit.transform import changes_of
from ..figures import iso
from ..routes import address
from ..words import word_of

__all__ = ["EntryLine"]

_FEW: Final = 3
_TONES: Final = {Outcome.DENIED: "bad", Outcome.FAILED: "bad"}


@dataclass(frozen=True)
class EntryLine:
    """One entry of the audit log."""

    seq: str
    at: str
    actor: str
    action: str
    changed: str
    outcome: str
    word: str
    tone: str
    request_id: str
    request_href: str
    """Empty where no request is behind it."""
    href: str

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        """Describe an entry with the first fields it changed."""
        found = changes_of(event)
        words = [f"{one.path}: {one.before} → {one.after}" for one in found[:_FEW]]
        more = f" and {len(found) - _FEW} more" if len(found) > _FEW else ""
        query = {"namespace": event.namespace, "event": str(event.seq)}
        return cls(
            seq=str(event.seq),
            at=iso(event.at),
            actor=event.actor,
            action=event.action,
            changed=_repaired(event) or (f"{', '.join(words)}{more}" if event.before else ""),
            outcome=event.outcome.value,
            word=word_of(event.outcome.value),
            tone=_TONES.get(event.outcome, "ok"),
            request_id=event.request_id,
            request_href=f"/requests/{event.request_id}" if event.request_id else "",
            href=address("/audit", query),
        )


def _repaired(event: AuditEvent) -> str:
    """Say what a repair put right, one object with its fields after the other."""
    found = (event.after or {}).get("repaired")
    if not isinstance(found, list):
        return ""
    more = f" and {len(found) - _FEW} more" if len(found) > _FEW else ""
    return f"Put right: {'; '.join(str(one) for one in found[:_FEW])}{more}"
