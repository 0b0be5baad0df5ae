"""One connection of the network's matrix, and why it is let through or not. Pure."""

from dataclasses import dataclass
from typing import Final, Self

from ...insights.network import Cell, ChainStep, Reach
from ..words import Tone, word_of

__all__ = ["CellLine", "ChainLine", "slug"]

_REACHES: Final = {
    Reach.ALLOWED: (Tone.OK, "As asked: allowed."),
    Reach.BLOCKED: (Tone.BAD, "As asked: blocked."),
    Reach.WIDENED: (Tone.WARN, "Not asked for: a policy lets it through."),
    Reach.NARROWED: (Tone.WARN, "Asked for, but no policy lets it through now."),
    Reach.UNKNOWN: (Tone.NONE, "The cluster has not been seen yet."),
}
"""What is let through, what is closed, what is not as it was asked for, and what nobody knows: each
with a shape of its own."""


@dataclass(frozen=True)
class ChainLine:
    """What one policy says of a connection."""

    policy: str
    sentence: str
    is_letting: bool

    @classmethod
    def of(cls, step: ChainStep) -> Self:
        """Say it, and for which pods where it is not all of them."""
        pods = f", for pods with {step.pods}" if step.pods else ""
        return cls(step.policy, f"{step.sentence}{pods}.", step.is_letting)


@dataclass(frozen=True)
class CellLine:
    """One connection; an empty key is none."""

    key: str = ""
    source: str = ""
    target: str = ""
    port: str = ""
    word: str = ""
    tone: str = "none"
    raw: str = ""
    meaning: str = ""
    rule: str = ""
    pods: str = ""
    chain: tuple[ChainLine, ...] = ()

    @classmethod
    def of(cls, cell: Cell) -> Self:
        """Describe a connection."""
        tone, meaning = _REACHES[cell.reach]
        return cls(
            key=f"{slug(cell.source)}-{slug(cell.target)}-{slug(cell.port)}",
            source=cell.source,
            target=cell.target,
            port=cell.port,
            word=word_of(cell.reach.value),
            tone=tone.value,
            raw=cell.reach.value,
            meaning=cell.reason or meaning,
            rule=cell.rule or ("not known" if cell.reach is Reach.UNKNOWN else "no policy"),
            pods=f"for pods with {cell.pods}" if cell.pods else "",
            chain=tuple(ChainLine.of(step) for step in cell.chain),
        )


def slug(text: str) -> str:
    """Write the name of an end as it stands in ids and addresses."""
    return text.lower().replace(",", "").replace(" ", "-")
