"""Namespaces: find them, read one, ask for changes of one."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from ..directory.rows import NamespaceRow
from ..domain.errors import FieldIssue, InvalidFieldsError
from ..domain.requests import ProvisioningRequest
from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs
from .models import (
    MAX_TEXT,
    CloneBody,
    ConfirmBody,
    DriftOut,
    NamespaceDetail,
    NamespaceOut,
    NamespacePage,
    RenewBody,
    RequestOut,
)
from .pagination import next_cursor, offset_of
from .row_query import WantedRows
from .submission import CurrentSubmission, accepted

__all__ = ["changed", "router"]

router = APIRouter(prefix="/namespaces", tags=["namespaces"])

Name = Annotated[str, Path(max_length=63)]


@router.get("", summary="Managed namespaces")
@needs(Permission.NAMESPACE_READ)
async def namespaces(
    actor: CurrentActor,
    rt: CurrentRuntime,
    wanted: WantedRows,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> NamespacePage:
    offset = offset_of(cursor)
    query = replace(wanted, offset=offset, limit=limit)
    page = rt.directory.find(query, actor=actor)
    return NamespacePage(
        items=[NamespaceOut.from_row(row) for row in page.items],
        total=page.total,
        next_cursor=next_cursor(offset, len(page.items), page.total),
    )


@router.get("/{name}", summary="One managed namespace")
@needs(Permission.NAMESPACE_READ)
async def namespace(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> NamespaceDetail:
    row = rt.directory.row(name, actor=actor)
    return NamespaceDetail.of(row, await rt.changes.spec_of(name, actor=actor))


def changed(
    request: ProvisioningRequest | None, row: NamespaceRow, response: Response
) -> RequestOut | NamespaceOut:
    """202 with the request, or 200 with the namespace when nothing changes."""
    if request is not None:
        return accepted(request, response)
    response.status_code = 200
    return NamespaceOut.from_row(row)


def _justification(patch: dict[str, Any]) -> str:
    """Take the reason for an approver out of a patch: it is no field of the spec."""
    text = patch.pop("justification", "")
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        message = f"Must be a text of at most {MAX_TEXT} characters."
        raise InvalidFieldsError([FieldIssue("justification", message)])
    return text


@router.patch(
    "/{name}",
    summary="Change: a JSON merge patch of the spec, perhaps with a justification",
    status_code=202,
)
@needs(Permission.NAMESPACE_CHANGE)
async def change(
    name: Name,
    patch: dict[str, Any],
    response: Response,
    rt: CurrentRuntime,
    submission: CurrentSubmission,
) -> RequestOut | NamespaceOut:
    justification = _justification(patch)
    asked = replace(submission, justification=justification)
    request = await rt.changes.change(name, patch, asked)
    return changed(request, rt.directory.row(name, actor=submission.actor), response)


@router.delete("/{name}", summary="Release: restorable for the grace period", status_code=202)
@needs(Permission.NAMESPACE_RELEASE)
async def release(
    name: Name,
    response: Response,
    rt: CurrentRuntime,
    submission: CurrentSubmission,
    body: ConfirmBody | None = None,
) -> RequestOut:
    asked = replace(submission, justification=body.justification if body else "")
    confirm = body.confirm if body else ""
    return accepted(await rt.changes.release(name, asked, confirm=confirm), response)


@router.post("/{name}/restore", summary="Take back a release", status_code=202)
@needs(Permission.NAMESPACE_RESTORE)
async def restore(
    name: Name, response: Response, rt: CurrentRuntime, submission: CurrentSubmission
) -> RequestOut:
    return accepted(await rt.changes.restore(name, submission), response)


@router.post("/{name}/renew", summary="Extend the lifetime", status_code=202)
@needs(Permission.NAMESPACE_CHANGE)
async def renew(
    name: Name,
    body: RenewBody,
    response: Response,
    rt: CurrentRuntime,
    submission: CurrentSubmission,
) -> RequestOut | NamespaceOut:
    patch = {"expires_in_days": body.days}
    asked = replace(submission, justification=body.justification)
    request = await rt.changes.change(name, patch, asked)
    return changed(request, rt.directory.row(name, actor=submission.actor), response)


@router.post("/{name}/clone", summary="A new namespace like this one", status_code=202)
@needs(Permission.NAMESPACE_REQUEST)
async def clone(
    name: Name,
    body: CloneBody,
    response: Response,
    rt: CurrentRuntime,
    submission: CurrentSubmission,
) -> RequestOut:
    asked = replace(submission, justification=body.justification)
    found = await rt.changes.clone(name, body.name, body.spec, asked)
    return accepted(found, response)


@router.get("/{name}/drift", summary="Where the cluster differs from what was asked")
@needs(Permission.NAMESPACE_READ)
async def drift(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> list[DriftOut]:
    return [DriftOut.from_item(item) for item in rt.directory.row(name, actor=actor).drift]


@router.post("/{name}/protect", summary="Keep anybody from releasing or deleting it")
@needs(Permission.NAMESPACE_PROTECT)
async def protect(name: Name, rt: CurrentRuntime, submission: CurrentSubmission) -> NamespaceOut:
    await rt.protections.protect(name, submission, is_protected=True)
    return NamespaceOut.from_row(rt.directory.row(name, actor=submission.actor))


@router.post("/{name}/unprotect", summary="Lift its protection")
@needs(Permission.NAMESPACE_PROTECT)
async def unprotect(name: Name, rt: CurrentRuntime, submission: CurrentSubmission) -> NamespaceOut:
    await rt.protections.protect(name, submission, is_protected=False)
    return NamespaceOut.from_row(rt.directory.row(name, actor=submission.actor))


@router.post("/{name}/repair", summary="Bring it back to what was asked", status_code=202)
@needs(Permission.NAMESPACE_REPAIR)
async def repair(
    name: Name, actor: CurrentActor, rt: CurrentRuntime, submission: CurrentSubmission
) -> list[DriftOut]:
    await rt.repairs.request(name, submission)
    return [DriftOut.from_item(item) for item in rt.directory.row(name, actor=actor).drift]
