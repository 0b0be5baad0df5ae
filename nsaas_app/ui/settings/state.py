"""State of the settings page: which part is open, own tokens and sessions, how the platform is."""

from collections.abc import AsyncIterator
from dataclasses import replace

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import SESSIONS
from ...domain.actors import Actor
from ...domain.errors import InvalidFieldsError, PortalError
from ...identity.permissions import Permission, may_anywhere
from ..guard import actor_behind, actor_of, guarded
from ..integration_views import IntegrationRow
from ..live import LivePage, assign, follow
from ..problems import Problem, toast_for
from ..routes import Pill
from ..toasts import say
from .platform_rows import PolicyText, PreflightRow, platform_vars
from .preference_form import PreferenceForm, show_kept
from .sections import FIRST, PLATFORM, WORDS, section_of, section_pills
from .transform import NO_ERRORS, SessionLine, TokenDraft, TokenLine

__all__ = ["SettingsState"]

_LONGEST = 200
_CLOSED = "That part of the settings is for platform admins and auditors."
_TEXTS = frozenset({"name", "expires_in_days"})
_SWITCHES = frozenset({"may_write", "may_approve"})


class SettingsState(LivePage, rx.State):
    """Vars of the page. A new token's text is sent once and kept by the browser alone."""

    section: str = FIRST
    section_word: str = WORDS[FIRST]
    sections: list[Pill] = []
    notice: str = ""
    """Why another part is shown than was asked for."""
    policies: list[PolicyText] = []
    integrations: list[IntegrationRow] = []
    preflight: list[PreflightRow] = []
    preflight_word: str = ""
    seen_at: str = ""
    """When the cluster told of the three."""
    trouble: str = ""
    """Why it did not tell of them since."""
    is_checking: bool = False
    tokens: list[TokenLine] = []
    sessions: list[SessionLine] = []
    draft: TokenDraft = TokenDraft()
    errors: dict[str, str] = dict(NO_ERRORS)
    made_name: str = ""
    made: str = ""
    """The text on its way to the browser; empty here as soon as it has left."""
    revoking: TokenLine = TokenLine()
    revoke_opener: str = ""
    """Test id of the button that opened the question; it gets the focus back."""
    """The token a question is open about; empty when none is."""
    is_busy: bool = False
    may_change: bool = False

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show the part that the address asks for and keep it current."""
        section = section_of(self.router.url.query_parameters.get("tab", ""))
        async with self:
            # Said even though it is empty here: the browser may still show a token made before.
            self.made, self.made_name = "", ""
            is_other = self.section != section
            assign(
                self,
                {
                    "revoking": TokenLine(),
                    "errors": dict(NO_ERRORS),
                    "section": section,
                    "section_word": WORDS[section],
                    "notice": "",
                },
            )
            if is_other:
                # Another part's problem or emptiness is none of this one.
                assign(self, {"is_loaded": False, "problem": Problem()})
        await self._fill_preferences()

        async def read(actor: Actor) -> dict[str, object]:
            sees_platform = may_anywhere(actor, Permission.PLATFORM_READ)
            common = {
                "sections": section_pills(section, sees_platform=sees_platform),
                "may_change": may_anywhere(actor, Permission.SELF_CHANGE),
            }
            if section in PLATFORM and not sees_platform:
                first = {"section": FIRST, "section_word": WORDS[FIRST]}
                return common | first | {"notice": _CLOSED}
            if section in PLATFORM:
                found = await runtime.current().checkup.platform(actor=actor)
                return common | platform_vars(found)
            if section == "tokens":
                return common | await _own(actor)
            return common

        await follow(self, topics=(SESSIONS,), read=read, needs_team=False)

    async def _fill_preferences(self) -> None:
        try:
            actor = await actor_behind(self.router.headers.cookie)
        except PortalError:
            return  # The page is about to say that nobody is signed in.
        kept = await runtime.current().preferences.of(actor)
        async with self:
            show_kept(await self.get_state(PreferenceForm), kept)

    @guarded(Permission.PLATFORM_READ, background=True)
    async def check_again(self) -> None:
        """Ask the cluster now for policies, integrations and rights."""
        async with self:
            self.is_checking = True
            actor = await actor_of(self)
        try:
            found = await runtime.current().checkup.platform(actor=actor, is_anew=True)
        except PortalError as error:
            values: dict[str, object] = {"problem": Problem.from_error(error)}
        else:
            values = platform_vars(found) | {"announcement": "Checked again."}
        async with self:
            assign(self, values | {"is_checking": False})

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
        self.revoke_opener = f"token-row-{self.revoking.id}-revoke"

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
        "tokens": [TokenLine.from_token(token) for token in tokens],
        "sessions": [SessionLine.from_session(one, current=actor.session) for one in sessions],
    }
