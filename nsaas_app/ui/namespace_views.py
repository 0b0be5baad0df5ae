"""Namespaces as lists show them: one row with its words, tones and bars.

A row travels on each change of it: it has what the lists show, and nothing else.
"""

from dataclasses import asdict, dataclass, replace
from typing import Final, Self

import reflex as rx

from ..directory.rows import NamespaceRow
from .awaiting import state_look
from .figures import NOTHING, iso
from .quotas import QuotaCell
from .remembered import Remembered
from .words import state_tone, word_of

__all__ = ["EndingLine", "NamespaceLine"]


@dataclass(frozen=True)
class NamespaceLine:
    """One namespace in a list."""

    uid: str
    name: str
    team: str
    environment: str
    tier: str
    state: str
    word: str
    tone: str
    cpu: QuotaCell
    memory: QuotaCell
    pods: str
    pods_raw: str
    expires_at: str
    reason: str
    is_over: bool = False
    """Its lifetime is over, and nobody took it away yet."""
    is_gone: bool = False
    """It left the list while somebody looked at it."""
    deleted_at: str = ""
    """Since when it is no more; empty where it only is no longer what the address asks for."""

    @staticmethod
    def from_row(row: NamespaceRow, *, is_awaiting: bool = False) -> "NamespaceLine":
        """Describe a row of the directory; the same line again while the row is the same.

        Args:
            row: as the directory has it.
            is_awaiting: whether its request waits for approval, which the row does not know.
        """
        line = _LINES.of(row.name, row, _line)
        if not is_awaiting:
            return line
        word, tone = state_look(row.state, is_awaiting=True)
        return replace(line, word=word, tone=tone.value)


def _line(row: NamespaceRow) -> NamespaceLine:
    pods = row.quota.get("pods")
    return NamespaceLine(
        uid=row.uid or row.name,
        name=row.name,
        team=str(row.team),
        environment=row.environment.value,
        tier=row.tier.value,
        state=row.state.value,
        word=word_of(row.state.value),
        tone=state_tone(row.state).value,
        cpu=_bar(row, "requests.cpu"),
        memory=_bar(row, "requests.memory"),
        pods=f"{pods.used} of {pods.hard}" if pods else NOTHING,
        pods_raw=pods.used if pods else "",
        expires_at=iso(row.expires_at),
        is_over=_has_ended(row),
        reason=" · ".join(reason.message for reason in row.health.reasons),
    )


_LINES: Final = Remembered[NamespaceRow, NamespaceLine]()
_DOCUMENTS: Final = Remembered[NamespaceLine, dict[str, object]]()


@rx.serializer
def _document(line: NamespaceLine) -> dict[str, object]:
    """What a browser gets of a line: written once for all pages that show it."""
    return _DOCUMENTS.of(line.name, line, asdict)


def _bar(row: NamespaceRow, resource: str) -> QuotaCell:
    use = row.quota.get(resource)
    return QuotaCell.from_use(resource, use) if use else QuotaCell()


@dataclass(frozen=True)
class EndingLine:
    """One namespace whose lifetime ends soon."""

    uid: str
    name: str
    owner: str
    expires_at: str
    is_over: bool
    """Its lifetime is over, and nobody took it away yet."""

    @classmethod
    def from_row(cls, row: NamespaceRow) -> Self:
        """Describe a row of the directory."""
        ends_at = iso(row.expires_at)
        return cls(row.uid or row.name, row.name, row.owner, ends_at, _has_ended(row))


def _has_ended(row: NamespaceRow) -> bool:
    return any(reason.code == "expired" for reason in row.health.reasons)
