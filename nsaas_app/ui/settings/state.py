"""State of the settings page: own tokens and sessions, the form of a new token."""

from collections.abc import AsyncIterator
from dataclasses import replace

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import SESSIONS
from ...domain.actors import Actor
from ...domain.errors import InvalidFieldsError, PortalError
from ...identity.permissions import Permission, may_anywhere
from ..guard import actor_of, guarded
from ..live import LivePage, assign, follow
from ..problems import toast_for
from ..toasts import say
from .transform import NO_ERRORS, SessionLine, TokenDraft, TokenLine

__all__ = ["SettingsState"]

_LONGEST = 200
_TEXTS = frozenset({"name", "expires_in_days"})
_SWITCHES = frozenset({"may_write", "may_approve"})


class SettingsState(LivePage, rx.State):
    """Vars of the page. A new token's text is sent once and kept by the browser alone."""

    tokens: list[TokenLine] = []
    sessions: list[SessionLine] = []
    draft: TokenDraft = TokenDraft()
    errors: dict[str, str] = dict(NO_ERRORS)
    made_name: str = ""
    made: str = ""
    """The text on its way to the browser; empty here as soon as it has left."""
    revoking: TokenLine = TokenLine()
    """The token a question is open about; empty when none is."""
    is_busy: bool = False
    may_change: bool = False

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show one's own tokens and sessions and keep them current."""
        async with self:
            # Said even though it is empty here: the browser may still show a token made before.
            self.made, self.made_name = "", ""
            assign(self, {"revoking": TokenLine(), "errors": dict(NO_ERRORS)})
        await follow(self, topics=(SESSIONS,), read=_own, needs_team=False)

    @guarded(Permission.SELF_CHANGE)
    async def edit(self, field: str, text: str) -> None:
        """Take in a field of the form."""
        if field in _TEXTS and isinstance(text, str):
            kept = text[:_LONGEST]
            is_name = field == "name"
            self.draft = (
                replace(self.draft, name=kept)
                if is_name
                else replace(self.draft, expires_in_days=kept)
            )
            self.errors = {**self.errors, field: ""}

    @guarded(Permission.SELF_CHANGE)
    async def leave(self, field: str) -> None:
        """Nothing is checked before the token is asked for."""

    @guarded(Permission.SELF_CHANGE)
    async def switch(self, field: str, is_on: bool) -> None:  # noqa: FBT001 - an event's value
        """Widen or narrow what the token may do."""
        if field in _SWITCHES:
            on = is_on is True
            is_write = field == "may_write"
            self.draft = (
                replace(self.draft, may_write=on)
                if is_write
                else replace(self.draft, may_approve=on)
            )
            self.errors = {**self.errors, "scopes": ""}

    @guarded(Permission.SELF_CHANGE)
    async def create(self) -> AsyncIterator[EventSpec | None]:
        """Make the token and show it this one time."""
        self.is_busy, self.errors = True, dict(NO_ERRORS)
        yield None
        draft, actor = self.draft, await actor_of(self)
        try:
            new = await runtime.current().own_tokens.create(
                name=draft.name.strip(),
                scopes=draft.scopes,
                expires_in_days=draft.days,
                actor=actor,
                source="ui",
            )
        except InvalidFieldsError as error:
            self.errors = {**NO_ERRORS, **{one.field: one.message for one in error.issues}}
            yield rx.set_focus(f"field_{error.issues[0].field}")
        except PortalError as error:
            yield toast_for(error)
        else:
            self.made, self.made_name, self.draft = new.text, new.token.name, TokenDraft()
            assign(self, await _own(actor))
            yield None
            _forget_made(self)
        finally:
            self.is_busy = False

    @guarded(Permission.SELF_CHANGE)
    async def keep(self) -> None:
        """Forget the text of the new token: its owner has it now."""
        self.made, self.made_name = "", ""

    @guarded(Permission.SELF_CHANGE)
    async def ask_revoke(self, token_id: str) -> None:
        """Open the question before a token is revoked, or close it with an unknown id."""
        self.revoking = next((one for one in self.tokens if one.id == token_id), TokenLine())

    @guarded(Permission.SELF_CHANGE)
    async def close_revoke(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Leave the question open or close it."""
        self.revoking = self.revoking if is_open is True else TokenLine()

    @guarded(Permission.SELF_CHANGE)
    async def revoke(self) -> AsyncIterator[EventSpec | None]:
        """End the token the question is about."""
        token, self.revoking = self.revoking, TokenLine()
        if not token.id:
            return
        actor = await actor_of(self)
        try:
            await runtime.current().own_tokens.revoke(token.id, actor=actor, source="ui")
        except PortalError as error:
            yield toast_for(error)
        else:
            assign(self, await _own(actor))
            yield say(f"Revoked {token.name}.")


def _forget_made(state: SettingsState) -> None:
    """Empty the server's copy and say nothing: the browser shows it until its owner is done."""
    state.made = ""
    state.dirty_vars.discard("made")


async def _own(actor: Actor) -> dict[str, object]:
    portal = runtime.current()
    tokens = await portal.own_tokens.list(actor=actor)
    sessions = await portal.sign_in.of(actor)
    return {
        "may_change": may_anywhere(actor, Permission.SELF_CHANGE),
        "tokens": [TokenLine.from_token(token) for token in tokens],
        "sessions": [SessionLine.from_session(one, current=actor.session) for one in sessions],
    }
