"""Asking for help with a request that failed: leads and platform admins find it in their inbox."""

import uuid
from collections.abc import Callable
from datetime import datetime

from ..directory.requests import RequestBoard
from ..domain.actors import Actor
from ..domain.errors import InvalidFieldsError
from ..domain.notices import Notice, NoticeKind
from ..domain.requests import ProvisioningRequest
from ..domain.texts import control_issues
from ..identity.permissions import Permission, ensure_may
from ..provisioning.decisions import AlreadyDecidedError
from ..provisioning.request_events import said
from ..provisioning.stores import Stores
from .inbox import Inbox

__all__ = ["HelpAsks"]


class HelpAsks:
    """Tells of a failure, once, whom the catalogue names; the audit says who asked."""

    def __init__(
        self,
        *,
        stores: Stores,
        board: RequestBoard,
        inbox: Inbox,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._board = board
        self._inbox = inbox
        self._clock = clock

    def asked_at(self, request: ProvisioningRequest) -> datetime | None:
        """When somebody asked for help with this very failure; None where nobody did."""
        told = self._told(request)
        return told.created_at if told else None

    async def ask(
        self, request_id: str, *, actor: Actor, comment: str, source: str
    ) -> ProvisioningRequest:
        """Ask for help; who asks for the same again is answered as the first time.

        Raises:
            NotFoundError, ForbiddenError: not the actor's, or the actor reads only.
            InvalidFieldsError: the comment has characters that no text has.
            AlreadyDecidedError: nothing is wrong with the request now, or somebody asked before:
                what the actor says is not told.
        """
        request = self._board.get(request_id, actor=actor)
        ensure_may(actor, Permission.REQUEST_STEER, request.team, kind="request", name=request_id)
        if issues := control_issues("comment", comment):
            raise InvalidFieldsError(issues)
        if request.trouble is None:
            raise AlreadyDecidedError("Nothing is wrong with this request now.")
        comment = comment.strip()
        notice = self._notice(request, actor, comment)
        async with self._stores.database.transaction() as connection:
            is_first = await self._stores.notices.add(connection, notice)
            if is_first:
                event = said(request, actor=actor, verb="ask-help", comment=comment, source=source)
                await self._stores.audit.append(connection, event, at=notice.created_at)
        await self._inbox.refresh()
        told = self._told(request)
        # The cluster's words before the comment may differ from one try to the next.
        is_same = told and told.owner == actor.subject and told.text.endswith(comment)
        if not is_first and not is_same:
            who = f", by {told.owner}" if told else ""
            raise AlreadyDecidedError(f"Help was asked for already{who}.")
        return request

    def _told(self, request: ProvisioningRequest) -> Notice | None:
        key = _key_of(request)
        return next((one for one in self._inbox.of_team(request.team) if one.key == key), None)

    def _notice(self, request: ProvisioningRequest, actor: Actor, comment: str) -> Notice:
        why = request.trouble.message if request.trouble else ""
        return Notice(
            notice_id=uuid.uuid4().hex,
            key=_key_of(request),
            kind=NoticeKind.HELP,
            cluster=request.spec.cluster,
            namespace=str(request.namespace),
            team=request.team,
            owner=actor.subject,
            title=f"{actor.subject} asks for help with {request.namespace}",
            text=f"{why} {comment}".strip(),
            created_at=self._clock(),
        )


def _key_of(request: ProvisioningRequest) -> str:
    """Name this very failure: after a retry it is another one."""
    code = request.trouble.code if request.trouble else ""
    at = request.finished_at or request.queued_at or request.created_at
    return f"{NoticeKind.HELP}/{request.request_id}/{code}/{at.isoformat()}"
