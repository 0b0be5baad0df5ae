"""What the network of a namespace looks like over REST."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from ..insights.network import Cell, NetworkReport, PolicyReport

__all__ = ["CellOut", "ConnectivityOut"]


class ChainStepOut(BaseModel):
    """What one policy says of a connection."""

    policy: str
    allows: bool
    says: str
    pods: str


class CellOut(BaseModel):
    """One connection."""

    source: str = Field(serialization_alias="from")
    target: str = Field(serialization_alias="to")
    port: str
    reach: str
    allowed: bool
    asked: bool | None
    rule: str
    pods: str
    chain: list[ChainStepOut]
    reason: str | None = None
    """Why the reach is unknown, where that is told."""

    @classmethod
    def of(cls, cell: Cell) -> Self:
        """Show a connection."""
        return cls(
            source=cell.source,
            target=cell.target,
            port=cell.port,
            reach=cell.reach.value,
            allowed=cell.reach.value in ("allowed", "widened"),
            asked=cell.is_asked,
            rule=cell.rule,
            pods=cell.pods or "all",
            chain=[
                ChainStepOut(
                    policy=step.policy,
                    allows=step.is_letting,
                    says=step.sentence,
                    pods=step.pods or "all",
                )
                for step in cell.chain
            ],
            reason=cell.reason or None,
        )


class PolicyOut(BaseModel):
    """One NetworkPolicy in words."""

    name: str
    managed: bool
    pods: str
    rules: list[str]

    @classmethod
    def of(cls, policy: PolicyReport) -> Self:
        """Show a policy."""
        return cls(
            name=policy.name,
            managed=policy.is_ours,
            pods=policy.pods or "all",
            rules=list(policy.sentences),
        )


class ConnectivityOut(BaseModel):
    """Who can reach whom, as the policies stand now."""

    preset: str
    egress: str
    accept_from_gateway: bool
    cidrs: list[str]
    policies: list[PolicyOut]
    items: list[CellOut]
    enforced: bool | None
    """Whether the cluster's network plugin enforces policies; null while that is not known."""
    plugin: str | None
    as_of: datetime | None

    @classmethod
    def of(cls, report: NetworkReport) -> Self:
        """Show a report."""
        asked = report.asked
        return cls(
            preset=asked.preset.value,
            egress=asked.egress.value,
            accept_from_gateway=asked.accept_from_gateway,
            cidrs=list(asked.cidrs),
            policies=[PolicyOut.of(policy) for policy in report.policies],
            items=[CellOut.of(cell) for cell in report.cells],
            enforced=report.enforcement.is_enforced,
            plugin=report.enforcement.plugin or None,
            as_of=report.as_of,
        )
