"""What people keep for themselves: /drafts of the wizard and saved /views of the list."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from ..identity.permissions import Permission
from ..identity.personal import MAX_KEY, PersonalItem, PersonalKind
from .access import CurrentActor, CurrentRuntime, needs
from .models import Body, Text

__all__ = ["router"]

router = APIRouter(tags=["personal"])

Key = Annotated[str, Path(max_length=MAX_KEY)]


class PersonalBody(Body):
    """What to keep; without a title the key is shown."""

    title: Text = ""
    document: dict[str, Any] = Field(default={})


class PersonalOut(BaseModel):
    """Something that you keep."""

    key: str
    title: str
    document: dict[str, Any]
    updated_at: datetime

    @classmethod
    def of(cls, item: PersonalItem) -> Self:
        """Show it."""
        return cls(
            key=item.key, title=item.title, document=item.document, updated_at=item.updated_at
        )


class PersonalPage(BaseModel):
    """All that you keep of a kind, the newest first."""

    items: list[PersonalOut]
    total: int
    next_cursor: str | None = None

    @classmethod
    def of(cls, items: list[PersonalItem]) -> Self:
        """Show them."""
        return cls(items=[PersonalOut.of(item) for item in items], total=len(items))


@router.get("/drafts", summary="Your drafts of new namespaces")
@needs(Permission.SELF)
async def list_drafts(actor: CurrentActor, rt: CurrentRuntime) -> PersonalPage:
    return PersonalPage.of(await rt.personal.all(PersonalKind.DRAFT, actor=actor))


@router.put("/drafts/{key}", summary="Keep a draft; the oldest of twenty makes room")
@needs(Permission.SELF_CHANGE)
async def put_draft(
    key: Key, body: PersonalBody, actor: CurrentActor, rt: CurrentRuntime
) -> PersonalOut:
    item = await rt.personal.put(
        PersonalKind.DRAFT, key, body.document, title=body.title, actor=actor
    )
    return PersonalOut.of(item)


@router.delete("/drafts/{key}", summary="Forget a draft", status_code=204)
@needs(Permission.SELF_CHANGE)
async def remove_draft(key: Key, actor: CurrentActor, rt: CurrentRuntime) -> None:
    await rt.personal.remove(PersonalKind.DRAFT, key, actor=actor)


@router.get("/views", summary="Your saved views of the list of namespaces")
@needs(Permission.SELF)
async def list_views(actor: CurrentActor, rt: CurrentRuntime) -> PersonalPage:
    return PersonalPage.of(await rt.personal.all(PersonalKind.VIEW, actor=actor))


@router.put("/views/{key}", summary="Save a view: a name and its query")
@needs(Permission.SELF_CHANGE)
async def put_view(
    key: Key, body: PersonalBody, actor: CurrentActor, rt: CurrentRuntime
) -> PersonalOut:
    item = await rt.personal.put(
        PersonalKind.VIEW, key, body.document, title=body.title, actor=actor
    )
    return PersonalOut.of(item)


@router.delete("/views/{key}", summary="Forget a view", status_code=204)
@needs(Permission.SELF_CHANGE)
async def remove_view(key: Key, actor: CurrentActor, rt: CurrentRuntime) -> None:
    await rt.personal.remove(PersonalKind.VIEW, key, actor=actor)
