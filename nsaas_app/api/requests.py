"""Requests: hand one in, read them, decide, steer."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ..directory.requests import RequestQuery
from ..domain.errors import FieldIssue, InvalidFieldsError
from ..domain.requests import ProvisioningRequest, RequestKind
from ..identity.permissions import Permission
from ..provisioning.intake import Submission
from ..runtime import Runtime
from .access import CurrentActor, CurrentRuntime, needs
from .models import CommentBody, NamespaceOut, RequestBody, RequestOut, RequestPageOut
from .pagination import next_cursor, offset_of
from .request_waits import RequestDetail
from .submission import CurrentSubmission, accepted

__all__ = ["router"]

router = APIRouter(prefix="/requests", tags=["requests"])

RequestId = Annotated[str, Path(max_length=64)]
SOURCE = "rest"


async def _hand_in(
    rt: Runtime, body: RequestBody, submission: Submission
) -> ProvisioningRequest | None:
    """Give a body to the use case of its kind; None when nothing changes."""
    if body.kind == RequestKind.PROVISION:
        return await rt.provisioner.submit(body.draft(), submission)
    if body.kind == RequestKind.ADOPT:
        return await rt.adoptions.submit(body.draft(), submission)
    name = body.namespace or ""
    by_kind: dict[str, Callable[[], Awaitable[ProvisioningRequest | None]]] = {
        RequestKind.CHANGE: lambda: rt.changes.change(name, body.patch(), submission),
        RequestKind.SLEEP: lambda: rt.changes.sleep(name, submission),
        RequestKind.WAKE: lambda: rt.changes.wake(name, submission),
        RequestKind.RELEASE: lambda: rt.changes.release(name, submission),
        RequestKind.RESTORE: lambda: rt.changes.restore(name, submission),
        RequestKind.DELETE: lambda: rt.changes.delete(name, submission, confirm=body.confirm),
    }
    if body.kind not in by_kind:
        kinds = ", ".join([RequestKind.PROVISION.value, *by_kind, RequestKind.ADOPT.value])
        raise InvalidFieldsError([FieldIssue("kind", f"{body.kind!r} is none of {kinds}.")])
    if not name:
        raise InvalidFieldsError([FieldIssue("namespace", "Say which namespace.")])
    return await by_kind[body.kind]()


@router.post("", summary="Ask for a change of one namespace", status_code=202)
@needs(Permission.NAMESPACE_REQUEST)
async def submit(
    body: RequestBody, response: Response, rt: CurrentRuntime, submission: CurrentSubmission
) -> RequestOut | NamespaceOut:
    submission = replace(submission, justification=body.justification)
    request = await _hand_in(rt, body, submission)
    if request is not None:
        return accepted(request, response)
    response.status_code = 200
    return NamespaceOut.from_row(rt.directory.row(body.namespace or "", actor=submission.actor))


@router.get("", summary="Requests, newest first")
@needs(Permission.REQUEST_READ)
async def requests(
    actor: CurrentActor,
    rt: CurrentRuntime,
    *,
    status: str = "",
    team: str = "",
    kind: str = "",
    namespace: str = "",
    requested_by: str = "",
    correlation_id: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> RequestPageOut:
    offset = offset_of(cursor)
    query = RequestQuery(
        status, team, kind, namespace, requested_by, offset, limit, correlation_id=correlation_id
    )
    page = rt.requests.find(query, actor=actor)
    return RequestPageOut(
        items=[RequestOut.from_request(request) for request in page.items],
        total=page.total,
        next_cursor=next_cursor(offset, len(page.items), page.total),
    )


@router.get("/{request_id}", summary="One request with its steps")
@needs(Permission.REQUEST_READ)
async def request(request_id: RequestId, actor: CurrentActor, rt: CurrentRuntime) -> RequestDetail:
    return RequestDetail.of(rt.requests.get(request_id, actor=actor), rt.requests)


@router.post("/{request_id}/approve", summary="Say yes")
@needs(Permission.REQUEST_DECIDE)
async def approve(
    request_id: RequestId, actor: CurrentActor, rt: CurrentRuntime, body: CommentBody
) -> RequestOut:
    found = await rt.decisions.approve(request_id, actor=actor, comment=body.comment, source=SOURCE)
    return RequestOut.from_request(found)


@router.post("/{request_id}/reject", summary="Say no, with a reason")
@needs(Permission.REQUEST_DECIDE)
async def reject(
    request_id: RequestId, actor: CurrentActor, rt: CurrentRuntime, body: CommentBody
) -> RequestOut:
    found = await rt.decisions.reject(request_id, actor=actor, comment=body.comment, source=SOURCE)
    return RequestOut.from_request(found)


@router.post("/{request_id}/ask", summary="Ask the requester before deciding")
@needs(Permission.REQUEST_DECIDE)
async def ask(
    request_id: RequestId, actor: CurrentActor, rt: CurrentRuntime, body: CommentBody
) -> RequestOut:
    found = await rt.questions.ask(request_id, actor=actor, comment=body.comment, source=SOURCE)
    return RequestOut.from_request(found)


@router.post("/{request_id}/answer", summary="Answer an approver's question")
@needs(Permission.REQUEST_STEER)
async def answer(
    request_id: RequestId, actor: CurrentActor, rt: CurrentRuntime, body: CommentBody
) -> RequestOut:
    found = await rt.questions.answer(request_id, actor=actor, comment=body.comment, source=SOURCE)
    return RequestOut.from_request(found)


@router.post("/{request_id}/ask-help", summary="Ask those who can mend what failed")
@needs(Permission.REQUEST_STEER)
async def ask_help(
    request_id: RequestId, actor: CurrentActor, rt: CurrentRuntime, body: CommentBody
) -> RequestOut:
    helps = rt.organisation.helps
    found = await helps.ask(request_id, actor=actor, comment=body.comment, source=SOURCE)
    return RequestOut.from_request(found)


@router.post("/{request_id}/cancel", summary="Stop before the next step")
@needs(Permission.REQUEST_STEER)
async def cancel(
    request_id: RequestId, actor: CurrentActor, rt: CurrentRuntime, body: CommentBody
) -> RequestOut:
    found = await rt.decisions.cancel(request_id, actor=actor, comment=body.comment, source=SOURCE)
    return RequestOut.from_request(found)


@router.post("/{request_id}/retry", summary="Run a failed request again", status_code=202)
@needs(Permission.REQUEST_STEER)
async def retry(
    request_id: RequestId, actor: CurrentActor, rt: CurrentRuntime, body: CommentBody
) -> RequestOut:
    found = await rt.decisions.retry(request_id, actor=actor, comment=body.comment, source=SOURCE)
    return RequestOut.from_request(found)
