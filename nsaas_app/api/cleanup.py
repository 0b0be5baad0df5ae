"""Cleanup: candidates with evidence, sweeps, and people's word that a namespace is wanted."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from ..domain.cleanup import Reason
from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs
from .cleanup_models import CandidatePage, ConcernPage, KeepBody, SweepOut, SweepPage, UnmanagedPage
from .submission import CurrentSubmission

__all__ = ["router"]

router = APIRouter(prefix="/cleanup", tags=["cleanup"])


@router.get("/candidates", summary="Namespaces that may be removed, with evidence")
@needs(Permission.CLEANUP_READ)
async def candidates(
    actor: CurrentActor, rt: CurrentRuntime, reason: Annotated[Reason | None, Query()] = None
) -> CandidatePage:
    found = await rt.cleanup.candidates.all(actor=actor)
    return CandidatePage.of(found, reason=reason or "")


@router.get("/unmanaged", summary="Namespaces that the portal does not manage")
@needs(Permission.CLEANUP_READ)
async def unmanaged(actor: CurrentActor, rt: CurrentRuntime) -> UnmanagedPage:
    return UnmanagedPage.of(await rt.cleanup.unmanaged.all(actor=actor))


@router.get("/mine", summary="Candidates of one's own teams, and what a plan does next")
@needs(Permission.NAMESPACE_READ)
async def mine(actor: CurrentActor, rt: CurrentRuntime) -> ConcernPage:
    return ConcernPage.of(await rt.cleanup.concerns.of(actor))


@router.get("/sweeps", summary="The latest looks at the whole fleet")
@needs(Permission.CLEANUP_READ)
async def sweeps(actor: CurrentActor, rt: CurrentRuntime) -> SweepPage:
    found = await rt.cleanup.sweeps.latest(actor=actor)
    return SweepPage(items=[SweepOut.of(one) for one in found], total=len(found))


@router.post("/keeps/{name}", summary="Say that a namespace is wanted")
@needs(Permission.CLEANUP_KEEP)
async def keep(
    name: str, body: KeepBody, rt: CurrentRuntime, submission: CurrentSubmission
) -> dict[str, Any]:
    kept = await rt.cleanup.candidates.keep(
        name, reason=body.reason, days=body.days, submission=submission
    )
    return {"namespace": name, "reason": kept.reason, "by": kept.by, "until": kept.until}


@router.delete("/keeps/{name}", summary="Take that word back", status_code=204)
@needs(Permission.CLEANUP_KEEP)
async def drop_keep(name: str, rt: CurrentRuntime, submission: CurrentSubmission) -> None:
    await rt.cleanup.candidates.drop_keep(name, submission)
