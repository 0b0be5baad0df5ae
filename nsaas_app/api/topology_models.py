"""What the topology of a namespace looks like over REST."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from ..insights.topology import EdgeKind, Node, Topology

__all__ = ["TopologyOut"]


class NodeWarningOut(BaseModel):
    """One warning about the objects of a node."""

    reason: str
    message: str
    count: int
    last_seen: datetime


class NodeOut(BaseModel):
    """One object, or the pods of one workload together."""

    key: str
    kind: str
    name: str
    about: str
    standing: str
    word: str
    reason: str
    warnings: list[NodeWarningOut]

    @classmethod
    def of(cls, node: Node) -> Self:
        """Show a node."""
        return cls(
            key=node.key,
            kind=node.kind,
            name=node.name,
            about=node.about,
            standing=node.standing.standing.value,
            word=node.standing.word,
            reason=node.standing.reason,
            warnings=[
                NodeWarningOut(
                    reason=one.reason,
                    message=one.message,
                    count=one.times,
                    last_seen=datetime.fromisoformat(one.last_seen),
                )
                for one in node.warnings
            ],
        )


class EdgeOut(BaseModel):
    """One object leads to another; a broken one leads nowhere, and the note says why."""

    source: str
    target: str
    kind: EdgeKind
    broken: bool
    note: str


class TopologyOut(BaseModel):
    """The picture of one namespace; `total` counts nodes that are left out too."""

    nodes: list[NodeOut]
    edges: list[EdgeOut]
    total: int

    @classmethod
    def of(cls, found: Topology) -> Self:
        """Show it."""
        return cls(
            nodes=[NodeOut.of(node) for node in found.nodes],
            edges=[
                EdgeOut(
                    source=edge.source,
                    target=edge.target,
                    kind=edge.kind,
                    broken=edge.is_broken,
                    note=edge.note,
                )
                for edge in found.edges
            ],
            total=found.total,
        )
