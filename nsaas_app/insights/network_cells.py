"""One connection of the network's table: what the policies say of it, against what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..manifests.connectivity import API_SERVER, DATABASE, HERE, ChainLink, Connection
from ..manifests.peers import Port
from .policy_words import sentence_of_rule

__all__ = [
    "API_SERVER", "DATABASE", "HERE", "Cell", "ChainStep", "Reach", "cell_of", "unlocated",
]  # fmt: skip

_NOWHERE: Final = {
    API_SERVER: "The portal was not told where the API server is: "
    "a platform admin sets NSAAS_APISERVER_CIDRS.",
    DATABASE: "The portal was not told where a database is: a platform admin sets "
    "NSAAS_DATABASE_CIDRS, or the namespace has the label database and lists its network.",
}


class Reach(StrEnum):
    """Whether a connection is let through, against what was asked."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    WIDENED = "widened"
    """Let through, although what was asked closes it: by a policy of somebody else, or drift."""
    NARROWED = "narrowed"
    """Closed, although what was asked allows it."""
    UNKNOWN = "unknown"
    """No cluster shows its policies, or nobody told where the other end is."""


@dataclass(frozen=True, slots=True)
class ChainStep:
    """What one policy says of a connection."""

    policy: str
    is_letting: bool
    sentence: str
    """The rule that lets it through, or that none of its rules does."""
    pods: str = ""
    """Which pods that policy is about; empty when all of them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One connection of the table."""

    source: str
    target: str
    port: str
    reach: Reach
    rule: str
    """The policy that lets it through, or the one that closes the direction."""
    is_asked: bool | None
    """Whether what was asked for allows it; None where nobody knows."""
    pods: str = ""
    """Which pods that policy is about; empty when all of them."""
    chain: tuple[ChainStep, ...] = field(default=())
    """Every policy that speaks of this direction; none where nothing closes it."""
    reason: str = ""
    """Why nobody knows, where that is not just a cluster that has not been seen."""


def cell_of(
    want: Connection, have: Connection, about: Mapping[str, str], *, is_known: bool
) -> Cell:
    """Hold what the policies let through against what was asked.

    Args:
        want: the answer of the policies that were asked for.
        have: the answer of those that are there.
        about: which pods each policy is about, by its name.
        is_known: whether the cluster has shown its policies.
    """
    match want.is_allowed, have.is_allowed:
        case True, True:
            reach = Reach.ALLOWED
        case False, False:
            reach = Reach.BLOCKED
        case _:
            reach = Reach.WIDENED if have.is_allowed else Reach.NARROWED
    return Cell(
        source=want.source,
        target=want.target,
        port=want.port,
        reach=reach if is_known else Reach.UNKNOWN,
        rule=have.rule if is_known else "",
        is_asked=want.is_allowed,
        pods=about.get(have.rule, "") if is_known else "",
        chain=tuple(_step(link, have, about) for link in have.chain) if is_known else (),
    )


def _step(link: ChainLink, have: Connection, about: Mapping[str, str]) -> ChainStep:
    if link.rule is not None:
        sentence = sentence_of_rule(link.rule, is_inward=have.is_inward)
    elif link.is_bare:
        sentence = f"Closes everything that {'comes in' if have.is_inward else 'goes out'}"
    else:
        sentence = "None of its rules lets this through"
    return ChainStep(link.policy, link.is_letting, sentence, about.get(link.policy, ""))


def unlocated(end: str, port: Port, *, is_inward: bool = False) -> Cell:
    """Tell of the way to an API server or database whose networks nobody told the portal."""
    return Cell(
        source=end if is_inward else HERE,
        target=HERE if is_inward else end,
        port=f"{port[0]} {port[1]}",
        reach=Reach.UNKNOWN,
        rule="",
        is_asked=None,
        reason=_NOWHERE[end],
    )
