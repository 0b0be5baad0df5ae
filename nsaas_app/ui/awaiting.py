"""Namespaces whose request waits for people: nothing runs for them, whatever their state says."""

from .. import runtime
from ..domain.namespaces import NamespaceState
from .words import Tone, state_tone, word_of

__all__ = ["awaiting_names", "state_look"]

_HELD = (NamespaceState.PROVISIONING, NamespaceState.CHANGING)
"""States that a request brings with it as soon as it is asked."""


def awaiting_names() -> frozenset[str]:
    """Names of the namespaces whose request waits for approval, of all teams."""
    return frozenset(str(one.namespace) for one in runtime.current().requests.awaiting_approval())


def state_look(state: NamespaceState, *, is_awaiting: bool) -> tuple[str, Tone]:
    """Give the word and tone of a state; the stored word stays what it is.

    Args:
        state: the namespace's state.
        is_awaiting: whether its request waits for approval.
    """
    if is_awaiting and state in _HELD:
        return "Awaiting approval", Tone.WAITING
    return word_of(state.value), state_tone(state)
