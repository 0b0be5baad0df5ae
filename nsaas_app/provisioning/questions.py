"""Questions of approvers and the requester's answers: nothing is decided by them, all is kept."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from ..directory.directory import Directory
from ..directory.requests import RequestBoard
from ..domain.actors import Actor
from ..domain.approval import Approval, Question
from ..domain.errors import FieldIssue, ForbiddenError, InvalidFieldsError, NotFoundError
from ..domain.namespaces import ManagedNamespace
from ..domain.notices import Notice, NoticeKind
from ..domain.requests import Phase, ProvisioningRequest
from ..domain.texts import control_issues
from ..identity.permissions import Permission, ensure_may
from ..store.database import StoreConnection
from .decisions import AlreadyDecidedError
from .request_events import said
from .stores import Stores

__all__ = ["MAX_QUESTIONS", "Questions"]

MAX_QUESTIONS: Final = 20
"""More back and forth than that belongs into a conversation."""

Tell = Callable[[ManagedNamespace, Notice], Awaitable[None]]


class Questions:
    """Asks the requester and takes the answer, each in one transaction with its audit event."""

    def __init__(
        self,
        *,
        stores: Stores,
        board: RequestBoard,
        directory: Directory,
        clock: Callable[[], datetime],
        tell: Tell,
    ) -> None:
        self._stores = stores
        self._board = board
        self._directory = directory
        self._clock = clock
        self._tell = tell

    async def ask(
        self, request_id: str, *, actor: Actor, comment: str, source: str
    ) -> ProvisioningRequest:
        """Ask the requester something before deciding.

        Raises:
            InvalidFieldsError: there is no question.
            NotFoundError, ForbiddenError: not the actor's to decide, or the actor's own request.
            AlreadyDecidedError: it waits for nobody, or its last question waits for an answer.
        """
        async with self._stores.database.transaction() as connection:
            request, approval = await self._waiting(connection, request_id)
            ensure_may(
                actor, Permission.REQUEST_DECIDE, request.team, kind="request", name=request_id
            )
            text = _text(comment, "Write the question.")
            if request.requested_by == actor.subject:
                raise ForbiddenError("It is your own request: nobody else is to be asked.")
            if approval.open_question is not None:
                raise AlreadyDecidedError("A question waits for its answer already.")
            if len(approval.questions) >= MAX_QUESTIONS:
                raise AlreadyDecidedError(f"{MAX_QUESTIONS} questions were asked: talk directly.")
            question = Question(actor.subject, text, self._clock())
            request = await self._put(connection, request, (*approval.questions, question))
            await self._record(connection, request, actor, "ask", text, source)
        self._board.put(request)
        await self._notify(request, NoticeKind.QUESTION, owner=request.requested_by, by=question)
        return request

    async def answer(
        self, request_id: str, *, actor: Actor, comment: str, source: str
    ) -> ProvisioningRequest:
        """Answer the open question: the requester, or who steers the team's requests.

        Raises:
            InvalidFieldsError: there is no answer.
            NotFoundError, ForbiddenError: not the actor's to answer.
            AlreadyDecidedError: nobody asks, or it waits for nobody any more.
        """
        async with self._stores.database.transaction() as connection:
            request, approval = await self._waiting(connection, request_id)
            ensure_may(
                actor, Permission.REQUEST_STEER, request.team, kind="request", name=request_id
            )
            text = _text(comment, "Write the answer.")
            if request.requested_by != actor.subject:
                raise ForbiddenError(f"Only {request.requested_by} answers: it is their request.")
            open_question = approval.open_question
            if open_question is None:
                raise AlreadyDecidedError("No question waits for an answer.")
            answered = replace(open_question, answer=text, answered_at=self._clock())
            request = await self._put(connection, request, (*approval.questions[:-1], answered))
            await self._record(connection, request, actor, "answer", text, source)
        self._board.put(request)
        await self._notify(request, NoticeKind.ANSWER, owner=answered.actor, by=answered)
        return request

    async def _waiting(
        self, connection: StoreConnection, request_id: str
    ) -> tuple[ProvisioningRequest, Approval]:
        request = await self._stores.requests.lock(connection, request_id)
        if request is None:
            raise NotFoundError("request", request_id)
        if request.phase is not Phase.AWAITING_APPROVAL or request.approval is None:
            # Whoever may not see it is told so by the caller's check; this is only the moment.
            return request, Approval((), "", self._clock())
        return request, request.approval

    async def _put(
        self,
        connection: StoreConnection,
        request: ProvisioningRequest,
        questions: tuple[Question, ...],
    ) -> ProvisioningRequest:
        if request.phase is not Phase.AWAITING_APPROVAL or request.approval is None:
            raise AlreadyDecidedError(f"The request waits for nobody: {request.phase}.")
        request = replace(request, approval=replace(request.approval, questions=questions))
        await self._stores.requests.move(
            connection, request.request_id, request.phase, approval=request.approval
        )
        return request

    async def _notify(
        self, request: ProvisioningRequest, kind: NoticeKind, *, owner: str, by: Question
    ) -> None:
        """Put it into somebody's inbox; what was asked stands in the request in any case."""
        record = self._directory.record(str(request.namespace))
        if record is None:
            return
        name = str(request.namespace)
        number = len(request.approval.questions) if request.approval else 0
        is_question = kind is NoticeKind.QUESTION
        notice = Notice(
            notice_id=uuid.uuid4().hex,
            key=f"{kind}/{request.request_id}/{number}",
            kind=kind,
            cluster=request.spec.cluster,
            namespace=name,
            team=request.team,
            owner=owner,
            title=f"{by.actor} asks about your request for {name}"
            if is_question
            else f"{request.requested_by} answered about {name}",
            text=by.text if is_question else by.answer,
            created_at=self._clock(),
        )
        await self._tell(record, notice)

    async def _record(
        self,
        connection: StoreConnection,
        request: ProvisioningRequest,
        actor: Actor,
        verb: str,
        comment: str,
        source: str,
    ) -> None:
        event = said(request, actor=actor, verb=verb, comment=comment, source=source)
        await self._stores.audit.append(connection, event, at=self._clock())


def _text(comment: str, missing: str) -> str:
    text = comment.strip()
    if not text:
        raise InvalidFieldsError([FieldIssue("comment", missing)])
    if issues := control_issues("comment", text):
        raise InvalidFieldsError(issues)
    return text
