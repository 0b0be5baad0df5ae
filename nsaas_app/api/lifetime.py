"""Sleep and wake, exports, and one's inbox."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs
from .lifetime_models import ExportOut, InboxOut, NoticeOut, ReadBody, SleepBody, SleepOut
from .models import NamespaceOut, RequestOut
from .namespaces import changed
from .submission import CurrentSubmission

__all__ = ["router"]

router = APIRouter()

Name = Annotated[str, Path(max_length=63)]
ExportId = Annotated[str, Path(max_length=64)]


@router.post(
    "/namespaces/{name}/sleep", summary="Stop what runs, until woken", status_code=202,
    tags=["namespaces"],
)  # fmt: skip
@needs(Permission.NAMESPACE_SLEEP)
async def sleep(
    name: Name,
    response: Response,
    rt: CurrentRuntime,
    submission: CurrentSubmission,
    body: SleepBody | None = None,
) -> RequestOut | NamespaceOut:
    request = await rt.changes.sleep(name, submission, until=body.until if body else None)
    return changed(request, rt.directory.row(name, actor=submission.actor), response)


@router.post(
    "/namespaces/{name}/wake", summary="Start again what sleeps", status_code=202,
    tags=["namespaces"],
)  # fmt: skip
@needs(Permission.NAMESPACE_SLEEP)
async def wake(
    name: Name, response: Response, rt: CurrentRuntime, submission: CurrentSubmission
) -> RequestOut | NamespaceOut:
    request = await rt.changes.wake(name, submission)
    return changed(request, rt.directory.row(name, actor=submission.actor), response)


@router.post(
    "/namespaces/{name}/certify", summary="Confirm that production is still needed",
    status_code=202, tags=["namespaces"],
)  # fmt: skip
@needs(Permission.NAMESPACE_CERTIFY)
async def certify(
    name: Name, response: Response, rt: CurrentRuntime, submission: CurrentSubmission
) -> RequestOut | NamespaceOut:
    request = await rt.changes.certify(name, submission)
    return changed(request, rt.directory.row(name, actor=submission.actor), response)


@router.get(
    "/namespaces/{name}/sleep", summary="How it sleeps, and what runs on", tags=["namespaces"]
)
@needs(Permission.NAMESPACE_READ)
async def how_it_sleeps(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> SleepOut:
    return SleepOut.of(*await rt.changes.sleep_of(name, actor=actor))


@router.get(
    "/namespaces/{name}/export", summary="Its manifests as a gzipped tar, without Secrets",
    response_class=Response, tags=["namespaces"],
)  # fmt: skip
@needs(Permission.NAMESPACE_EXPORT)
async def export_now(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> Response:
    archive = await rt.lifetime.exports.live(name, actor=actor, source="rest")
    return _download(archive.content, f"{name}.tar.gz")


@router.get("/exports", summary="Kept exports of deleted namespaces", tags=["exports"])
@needs(Permission.NAMESPACE_READ)
async def exports(
    actor: CurrentActor,
    rt: CurrentRuntime,
    namespace: Annotated[str, Query(max_length=63)] = "",
) -> list[ExportOut]:
    kept = rt.lifetime.exports
    found = await kept.kept(actor=actor, namespace=namespace)
    return [ExportOut.of(export, kept_until=kept.kept_until(export)) for export in found]


@router.get(
    "/exports/{export_id}", summary="A kept export as a gzipped tar", response_class=Response,
    tags=["exports"],
)  # fmt: skip
@needs(Permission.NAMESPACE_EXPORT)
async def export(export_id: ExportId, actor: CurrentActor, rt: CurrentRuntime) -> Response:
    found, content = await rt.lifetime.exports.open(export_id, actor=actor, source="rest")
    return _download(content, f"{found.namespace}-{found.created_at:%Y%m%d}.tar.gz")


@router.get("/inbox", summary="Notices for oneself", tags=["inbox"])
@needs(Permission.NAMESPACE_READ)
async def inbox(actor: CurrentActor, rt: CurrentRuntime) -> InboxOut:
    items = rt.lifetime.inbox.of(actor)
    return InboxOut(
        items=[NoticeOut.of(item) for item in items],
        total=len(items),
        unread=rt.lifetime.inbox.unread(actor),
    )


@router.post("/inbox/read", summary="Mark notices as read", tags=["inbox"])
@needs(Permission.SELF)
async def read(body: ReadBody, actor: CurrentActor, rt: CurrentRuntime) -> InboxOut:
    await rt.lifetime.inbox.mark_read(body.ids, actor=actor)
    return await inbox(actor, rt)


def _download(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type="application/gzip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
