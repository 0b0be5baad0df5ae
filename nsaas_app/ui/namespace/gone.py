"""A namespace that was deleted while its page is open: what was last seen stays to be read."""

from ... import runtime
from ...domain.actors import Actor
from ...domain.namespaces import NamespaceState
from ..words import state_tone, word_of
from .actions import Actions
from .standing import deleted_banner
from .transform import no_way_in

__all__ = ["gone_vars"]


def gone_vars(name: str, tab: str, actor: Actor) -> dict[str, object] | None:
    """Compute what changes on the page; None where it is not known to be deleted.

    Only what says that it is there is taken back; every section keeps what it showed.
    """
    ending = runtime.current().reports.endings.ending(name, actor=actor)
    if ending is None:
        return None
    state = NamespaceState.DELETED
    return {
        "state": state.value,
        "word": word_of(state.value),
        "tone": state_tone(state).value,
        "banners": [deleted_banner(ending)],
        "actions": Actions.none("It was deleted."),
        "why_not": ["Nothing can be done with it any more."],
        "unrated": "Not rated: it was deleted.",
        "concerns": [],
        "drift": [],
        "no_way_in": no_way_in(state),
        "restorable_until": "",
        "shown_tab": tab,
    }
