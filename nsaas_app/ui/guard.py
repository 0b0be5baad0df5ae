"""The gate in front of every event: who asks, and may they do this kind of thing at all.

A handler without a declared permission does not run, whatever the pages show. Whether the thing
is theirs is decided again by the use case.
"""

from collections.abc import Callable
from typing import Any, Final

import structlog
from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from .. import runtime
from ..domain.actors import Actor
from ..domain.errors import PortalError
from ..identity.permissions import Permission, may_anywhere
from .payloads import fits
from .permitted import guarded
from .shell.state import Shell, sign_off
from .toasts import Toasts, say

__all__ = ["Guard", "actor_behind", "actor_of", "forget", "guarded", "is_renewed", "required"]

_FRAMEWORK: Final = frozenset(
    {
        "hydrate",
        "hydrate_and_load",
        "set_is_hydrated",
        "on_load_internal",
        "update_vars_internal",
        "handle_frontend_exception",
    }
)
"""The framework's own handlers that a page cannot do without; its others are refused."""
_WORDS: Final = "words to "
"""Words to a person come out of a bucket of their own."""

log = structlog.get_logger(__name__)


def required(name: str) -> Permission | str | None:
    """Find what the handler of that full name needs.

    Returns:
        Its permission, an empty text for the framework's own, None where nothing is declared.
    """
    entry = RegistrationContext.get().event_handlers.get(name)
    if entry is None:
        return None
    handler = entry.handler.fn
    if handler.__module__.startswith(("reflex.", "reflex_")):
        return "" if name.rsplit(".", 1)[-1] in _FRAMEWORK else None
    return getattr(handler, "__permission__", None)


async def actor_of(state: BaseState) -> Actor:
    """Ask the login session who acts in this state, anew each time.

    Raises:
        PortalError: `SIGNED_OUT`.
    """
    return _signed_in(await _find_actor(state))


async def actor_behind(cookie: str) -> Actor:
    """Ask the login session who looks on, anew each time; looking is no use of the session.

    Args:
        cookie: what the browser sent when it connected.

    Raises:
        PortalError: `SIGNED_OUT`.
    """
    sign_in = runtime.current().sign_in
    return _signed_in(await sign_in.actor_of(cookie, is_use=False) if cookie else None)


def _signed_in(actor: Actor | None) -> Actor:
    if actor is None:
        raise PortalError("You are signed out.", code="SIGNED_OUT")
    return actor


async def _find_actor(state: BaseState) -> Actor | None:
    cookie = state.router.headers.cookie
    return await runtime.current().sign_in.actor_of(cookie) if cookie else None


async def is_renewed(state: BaseState) -> bool:
    """Whether this connection came with the id before the session's own."""
    cookie = state.router.headers.cookie
    return bool(cookie) and await runtime.current().sign_in.was_renewed(cookie)


def forget(root: Any) -> None:
    """Empty everything a client's state holds; what belongs to its connection stays."""
    router_data = root.router_data
    root.reset()
    root.router_data = router_data


class Guard(Middleware):
    """Denies by default, and keeps one person's state from everybody else."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002 - the framework's signature
        """Let the event pass (None) or answer it here."""
        root: Any = state._get_root_state()  # noqa: SLF001 - the framework offers no other way
        actor = await _find_actor(root)
        if actor is None and await is_renewed(root):
            return _refusal("Your roles changed.", "The page connects anew; then do it again.")
        _bind(root, actor)
        permission = required(event.name)
        if permission == "":
            return None
        if actor is None:
            return await _signed_out(root)
        return _objection(event, permission, actor)


def _objection(
    event: Event, permission: Permission | str | None, actor: Actor
) -> StateUpdate | None:
    """Why somebody's event does not run, None when it does."""
    if not isinstance(permission, Permission) or not may_anywhere(actor, permission):
        log.warning("event denied", handler=event.name, subject=actor.subject)
        return _refusal("Your role does not include this.", "Ask somebody whose role does.")
    if not fits(_handler_of(event.name), event.payload):
        log.warning("event with an odd payload", handler=event.name, subject=actor.subject)
        return _refusal("The page sent what it should not.", "Reload the page.")
    if event.name.startswith(f"{Toasts.get_full_name()}."):
        # The word that somebody was too fast must arrive, whatever the other bucket holds; and
        # where there are too many words, one more about that would call for the next one.
        is_too_fast = runtime.current().limits.take(f"{_WORDS}{actor.subject}") > 0
        return StateUpdate() if is_too_fast else None
    if (wait_s := runtime.current().limits.take(actor.subject)) > 0:
        return _refusal("That was too fast.", f"Try again in {max(1, round(wait_s))} s.")
    return None


def _handler_of(name: str) -> Callable[..., Any]:
    return RegistrationContext.get().event_handlers[name].handler.fn


def _refusal(message: str, hint: str) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(say(message, hint=hint, tone="error")))


def _bind(root: Any, actor: Actor | None) -> None:
    """Reset a state that belonged to somebody else: a client's token is no proof of identity."""
    subject = actor.subject if actor else None
    bound = vars(root).get("_bound_subject")
    if bound not in (None, subject):
        forget(root)
    vars(root)["_bound_subject"] = subject


async def _signed_out(root: Any) -> StateUpdate:
    sign_off(await root.get_state(Shell), root.router.url, now=runtime.current().clock())
    delta = await root._get_resolved_delta()  # noqa: SLF001 - no handler runs that would send it
    root._clean()  # noqa: SLF001 - the delta is on its way
    return StateUpdate(delta=delta)
