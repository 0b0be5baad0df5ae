"""State of deciding and steering: the comment being written, and the moves."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import InvalidFieldsError, PortalError
from ...domain.requests import Phase, ProvisioningRequest
from ...identity.permissions import Permission
from ..guard import actor_of, guarded
from ..problems import toast_for
from ..toasts import say

__all__ = ["Deciding"]

_LONGEST = 1_000
"""A comment is a reason, not a report."""

Move = Callable[[Actor], Awaitable[ProvisioningRequest]]


class Deciding(rx.State):
    """Vars of one person's decision. A comment belongs to the request it was written about."""

    about: str = ""
    comment: str = ""
    error: str = ""
    is_busy: bool = False
    is_cancelling: bool = False
    """Whether the question before a cancel is open."""
    _has_kept: bool = False
    """Whether it was answered with no."""

    @guarded(Permission.REQUEST_DECIDE)
    async def write(self, request_id: str, text: str) -> None:
        """Take in the comment on a request."""
        if isinstance(request_id, str) and isinstance(text, str):
            self.about, self.comment, self.error = request_id, text[:_LONGEST], ""

    @guarded(Permission.REQUEST_DECIDE)
    async def approve(self, request_id: str) -> AsyncIterator[EventSpec | None]:
        """Say yes."""

        async def move(actor: Actor) -> ProvisioningRequest:
            return await runtime.current().decisions.approve(
                request_id, actor=actor, comment=self._comment_on(request_id), source="ui"
            )

        async for event in self._move(move, _approved):
            yield event

    @guarded(Permission.REQUEST_DECIDE)
    async def reject(self, request_id: str) -> AsyncIterator[EventSpec | None]:
        """Say no; the reason is required."""

        async def move(actor: Actor) -> ProvisioningRequest:
            return await runtime.current().decisions.reject(
                request_id, actor=actor, comment=self._comment_on(request_id), source="ui"
            )

        self.about, self.comment = request_id, self._comment_on(request_id)
        async for event in self._move(move, lambda request: f"Rejected {request.namespace}."):
            yield event

    @guarded(Permission.REQUEST_DECIDE)
    async def ask(self, request_id: str) -> AsyncIterator[EventSpec | None]:
        """Ask the requester what the comment says; nothing is decided by it."""

        async def move(actor: Actor) -> ProvisioningRequest:
            return await runtime.current().questions.ask(
                request_id, actor=actor, comment=self._comment_on(request_id), source="ui"
            )

        self.about, self.comment = request_id, self._comment_on(request_id)
        async for event in self._move(move, lambda request: f"Asked {request.requested_by}."):
            yield event

    @guarded(Permission.REQUEST_STEER)
    async def answer(
        self, request_id: str, form: dict[str, Any]
    ) -> AsyncIterator[EventSpec | None]:
        """Answer the approver's question."""
        text = str(form.get("answer", "")) if isinstance(form, dict) else ""

        async def move(actor: Actor) -> ProvisioningRequest:
            return await runtime.current().questions.answer(
                request_id, actor=actor, comment=text[:_LONGEST], source="ui"
            )

        self.about = request_id
        async for event in self._move(move, _answered, field="field_answer"):
            yield event

    @guarded(Permission.REQUEST_STEER)
    async def ask_cancel(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Open or close the question before a cancel."""
        self.is_cancelling = is_open is True
        self._has_kept = not self.is_cancelling

    @guarded(Permission.REQUEST_STEER)
    async def give_back_focus(self) -> EventSpec | None:
        """Return to the button that asked, unless the request was cancelled."""
        has_kept, self._has_kept = self._has_kept, False
        return rx.set_focus("request-cancel") if has_kept else None

    @guarded(Permission.REQUEST_STEER)
    async def cancel(self, request_id: str) -> AsyncIterator[EventSpec | None]:
        """Stop a request that has not ended."""
        self.is_cancelling = False

        async def move(actor: Actor) -> ProvisioningRequest:
            return await runtime.current().decisions.cancel(
                request_id, actor=actor, comment="", source="ui"
            )

        async for event in self._move(move, _cancelled):
            yield event

    @guarded(Permission.REQUEST_STEER)
    async def retry(self, request_id: str) -> AsyncIterator[EventSpec | None]:
        """Run a failed request again."""

        async def move(actor: Actor) -> ProvisioningRequest:
            return await runtime.current().decisions.retry(
                request_id, actor=actor, comment="", source="ui"
            )

        async for event in self._move(move, lambda request: f"Retrying {request.namespace}."):
            yield event

    @guarded(Permission.REQUEST_STEER)
    async def ask_help(self, request_id: str) -> AsyncIterator[EventSpec | None]:
        """Ask those who can mend what made it fail."""

        async def move(actor: Actor) -> ProvisioningRequest:
            return await runtime.current().organisation.helps.ask(
                request_id, actor=actor, comment="", source="ui"
            )

        async for event in self._move(move, lambda _: "Asked: it is in their inbox."):
            yield event

    def _comment_on(self, request_id: str) -> str:
        return self.comment.strip() if self.about == request_id else ""

    async def _move(
        self,
        move: Move,
        said: Callable[[ProvisioningRequest], str],
        *,
        field: str = "field_comment",
    ) -> AsyncIterator[EventSpec | None]:
        """Make a move; what is refused at the comment shows there, the rest as a toast."""
        self.is_busy, self.error = True, ""
        yield None
        try:
            request = await move(await actor_of(self))
            self.about, self.comment = "", ""
            yield say(said(request))
        except InvalidFieldsError as error:
            self.error = error.issues[0].message
            yield rx.set_focus(field)
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False


def _approved(request: ProvisioningRequest) -> str:
    if request.phase is Phase.AWAITING_APPROVAL:
        return f"Approved {request.namespace}. Somebody else must approve it too."
    return f"Approved {request.namespace}. It starts now."


def _answered(request: ProvisioningRequest) -> str:
    return f"Answered. The request for {request.namespace} goes on waiting for its approval."


def _cancelled(request: ProvisioningRequest) -> str:
    if request.is_terminal:
        return f"Cancelled the request for {request.namespace}."
    return f"Cancelling the request for {request.namespace}."
