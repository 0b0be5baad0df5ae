"""How to get in: the commands somebody may copy, for the identity they have."""

import shlex
from dataclasses import dataclass

from ..domain.actors import Actor

__all__ = ["Command", "commands_for"]


@dataclass(frozen=True)
class Command:
    """One command with what it does."""

    key: str
    does: str
    text: str


def commands_for(namespace: str, actor: Actor, *, is_local: bool) -> list[Command]:
    """Write the first commands of a namespace.

    In a local run the cluster has no sign-in of its own: the administrator's kubeconfig acts as
    the signed-in person, with exactly the rights their groups have.
    """
    who = ""
    if is_local:
        groups = "".join(f" --as-group {shlex.quote(group)}" for group in actor.groups)
        who = f" --as {shlex.quote(actor.subject)}{groups}"
    kubectl = f"kubectl{who} -n {namespace}"
    return [
        Command("pods", "List the pods", f"{kubectl} get pods"),
        Command("quota", "See quota and use", f"{kubectl} describe quota"),
        Command("rights", "See what you may do", f"{kubectl} auth can-i --list"),
    ]
