"""/me/preferences: how you want to see the portal."""

from typing import Any, Self

from fastapi import APIRouter
from pydantic import Field

from ..domain.preferences import PAGE_SIZES, Density, Motion, Preferences, Theme
from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs
from .models import Body

__all__ = ["router"]

router = APIRouter(prefix="/me/preferences", tags=["personal"])


class PreferencesBody(Body):
    """All preferences; what is left out is as usual again."""

    theme: Theme = Theme.SYSTEM
    density: Density = Density.COMFORTABLE
    page_size: int = Field(default=PAGE_SIZES[0], description="20 or 50 rows on a page of a list.")
    time_zone: str = Field(
        default="", max_length=64, description="An IANA name; empty for the browser's own."
    )
    motion: Motion = Motion.SYSTEM

    @classmethod
    def of(cls, found: Preferences) -> Self:
        """Show them."""
        document: dict[str, Any] = found.to_document()
        return cls(**document)


@router.get("", summary="Your preferences")
@needs(Permission.SELF)
async def preferences(actor: CurrentActor, rt: CurrentRuntime) -> PreferencesBody:
    return PreferencesBody.of(await rt.preferences.of(actor))


@router.put("", summary="Keep your preferences, in place of all that were kept")
@needs(Permission.SELF_CHANGE)
async def put_preferences(
    body: PreferencesBody, actor: CurrentActor, rt: CurrentRuntime
) -> PreferencesBody:
    return PreferencesBody.of(await rt.preferences.put(body.model_dump(), actor=actor))
