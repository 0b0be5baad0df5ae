"""GET /metrics/summary: the dashboard's numbers, each with its age and window."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs

__all__ = ["router"]

router = APIRouter(tags=["overview"])


class Figure(BaseModel):
    """One number. `value` is null where there is no data."""

    value: float | None
    as_of: datetime
    window: str | None
    n: int | None


class SummaryOut(BaseModel):
    """All headline numbers."""

    namespaces: Figure
    active_deployments: Figure
    success_rate: Figure
    provision_time_avg_ms: Figure
    provision_time_p95_ms: Figure


@router.get("/metrics/summary", summary="The dashboard's numbers")
@needs(Permission.NAMESPACE_READ)
async def summary(actor: CurrentActor, rt: CurrentRuntime) -> SummaryOut:
    found = rt.directory.summary(actor=actor)
    now, window = rt.clock(), f"{found.window.days}d"

    def live(value: float | None) -> Figure:
        return Figure(value=value, as_of=found.as_of, window=None, n=None)

    def stored(value: float | None) -> Figure:
        return Figure(value=value, as_of=now, window=window, n=found.n)

    return SummaryOut(
        namespaces=live(found.namespaces),
        active_deployments=live(found.active_deployments),
        success_rate=stored(found.success_rate),
        provision_time_avg_ms=stored(found.provision_time_avg_ms),
        provision_time_p95_ms=stored(found.provision_time_p95_ms),
    )
