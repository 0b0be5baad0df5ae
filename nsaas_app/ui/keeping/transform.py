"""Cleanup of one's own namespaces as lines. Pure but for the one question they are made from."""

from dataclasses import dataclass
from typing import Self

from ... import runtime
from ...cleanup.concerns import Concern
from ...domain.actors import Actor
from ...domain.cleanup import Stage
from ..figures import iso

__all__ = ["KeepLine", "keep_lines"]

_NEXT = {
    Stage.NOTIFY: "A plan tells its people of it",
    Stage.SLEEP: "A plan puts it to sleep",
    Stage.REVOKE: "A plan takes access away",
    Stage.EXPORT: "A plan exports it",
    Stage.DELETE: "A plan deletes it",
}


@dataclass(frozen=True)
class KeepLine:
    """One namespace that may be cleaned up."""

    name: str
    href: str
    owner: str
    evidence: str
    next_word: str
    due_at: str
    kept: str
    why_not: str

    @classmethod
    def of(cls, one: Concern) -> Self:
        """Describe a concern."""
        candidate = one.candidate
        return cls(
            name=candidate.namespace,
            href=f"/namespaces/{candidate.namespace}",
            owner=candidate.owner,
            evidence="; ".join(piece.value for piece in candidate.evidence),
            next_word=_NEXT[one.next_stage] if one.next_stage else "",
            due_at=iso(one.due_at),
            kept=one.kept,
            why_not=one.why_not_keep,
        )


async def keep_lines(actor: Actor, *, team: str = "", name: str = "") -> list[KeepLine]:
    """Lines for one team or one namespace; none before anybody could look."""
    found = await runtime.current().cleanup.concerns.known(actor, team=team, name=name)
    return [KeepLine.of(one) for one in found]
