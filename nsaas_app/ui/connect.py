"""How to get in: the commands somebody may copy, for the identity they have."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..domain.actors import Actor

__all__ = ["FIRST", "Command", "commands_for"]


@dataclass(frozen=True)
class Command:
    """One command with what it does."""

    key: str
    does: str
    text: str


FIRST: Final = ("pods", "quota", "rights")
"""What somebody runs first in a namespace that stands."""


def commands_for(
    namespace: str, actor: Actor, *, is_local: bool, keys: Sequence[str] = FIRST
) -> list[Command]:
    """Write the commands of a namespace that come next.

    In a local run the cluster has no sign-in of its own: the administrator's kubeconfig acts as
    the signed-in person, with exactly the rights their groups have.
    """
    who = ""
    if is_local:
        groups = "".join(f" --as-group {shlex.quote(group)}" for group in actor.groups)
        who = f" --as {shlex.quote(actor.subject)}{groups}"
    kubectl = f"kubectl{who} -n {namespace}"
    offered = {
        "pods": ("List the pods", "get pods"),
        "start": ("See the pods come back", "get pods --watch"),
        "quota": ("See quota and use", "describe quota"),
        "rights": ("See what you may do", "auth can-i --list"),
    }
    return [Command(key, offered[key][0], f"{kubectl} {offered[key][1]}") for key in keys]
