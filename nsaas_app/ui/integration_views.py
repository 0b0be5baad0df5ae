"""What else is on the cluster, as rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from ..insights.integrations import Integration, Readiness
from .figures import iso
from .words import Tone

__all__ = ["IntegrationRow"]

_TONES: Final[Mapping[Readiness, Tone]] = {
    Readiness.READY: Tone.OK,
    Readiness.NOT_READY: Tone.BAD,
    Readiness.UNKNOWN: Tone.NONE,
    Readiness.ABSENT: Tone.NONE,
}
_WORDS: Final[Mapping[Readiness, str]] = {
    Readiness.READY: "Ready",
    Readiness.NOT_READY: "Not ready",
    Readiness.UNKNOWN: "Detected",
    Readiness.ABSENT: "Not available",
}


@dataclass(frozen=True)
class IntegrationRow:
    """Something the cluster may have beside namespaces."""

    key: str
    title: str
    gives: str
    group: str
    version: str
    state: str
    word: str
    tone: str
    reason: str
    seen_at: str

    @classmethod
    def of(cls, found: Integration) -> Self:
        """Describe what was found of it."""
        return cls(
            key=found.known.key,
            title=found.known.title,
            gives=found.known.gives,
            group=found.known.group,
            version=found.version,
            state=found.readiness.value,
            word=_WORDS[found.readiness],
            tone=_TONES[found.readiness].value,
            reason=found.reason,
            seen_at=iso(found.seen_at),
        )
