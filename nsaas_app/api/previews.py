"""POST /previews: what a request would mean, before it is one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from ..domain.actors import Actor
from ..domain.errors import FieldIssue, InvalidFieldsError
from ..domain.requests import RequestKind
from ..identity.permissions import Permission
from ..runtime import Runtime
from .access import CurrentActor, CurrentRuntime, needs
from .adoptions import adoption_document
from .models import RequestBody
from .preview_models import PreviewOut
from .request_waits import history_of

__all__ = ["router"]

router = APIRouter(tags=["requests"])

Maker = Callable[[Runtime, RequestBody, Actor], Awaitable[PreviewOut]]

_ENVELOPE: Final = frozenset(RequestBody.model_fields)
"""Fields around a spec; none of them is a field of a spec."""


async def _new(rt: Runtime, body: RequestBody, actor: Actor) -> PreviewOut:
    return PreviewOut.of_new(await rt.previews.preview(body.draft(), actor=actor))


async def _change(rt: Runtime, body: RequestBody, actor: Actor) -> PreviewOut:
    found = await rt.change_previews.preview(_namespace(body), body.patch(), actor=actor)
    return PreviewOut.of_change(found)


async def _departure(rt: Runtime, body: RequestBody, actor: Actor) -> PreviewOut:
    found = await rt.departure_previews.preview(
        RequestKind(body.kind), _namespace(body), actor=actor, confirm=body.confirm or None
    )
    return PreviewOut.of_departure(found)


async def _adoption(rt: Runtime, body: RequestBody, actor: Actor) -> PreviewOut:
    found = await rt.adoptions.preview(body.draft(), actor=actor)
    shown = PreviewOut.of_new(found.base, kind=RequestKind.ADOPT)
    return shown.model_copy(update={"adoption": adoption_document(found)})


_MAKERS: Final[Mapping[str, Maker]] = {
    RequestKind.PROVISION: _new,
    RequestKind.CHANGE: _change,
    RequestKind.RELEASE: _departure,
    RequestKind.RESTORE: _departure,
    RequestKind.DELETE: _departure,
    RequestKind.ADOPT: _adoption,
}
"""Who makes the preview of each kind."""


def _namespace(body: RequestBody) -> str:
    if not body.namespace:
        raise InvalidFieldsError([FieldIssue("namespace", "Say which namespace.")])
    return body.namespace


def _read(sent: dict[str, Any]) -> RequestBody:
    """Read the body of a request, or the bare spec of a new namespace."""
    if not _ENVELOPE & set(sent):
        return RequestBody(spec=sent)
    try:
        return RequestBody.model_validate(sent)
    except ValidationError as error:
        found = [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors()]
        raise RequestValidationError(found) from error


@router.post("/previews", summary="What a request would mean; nothing is written")
@needs(Permission.NAMESPACE_REQUEST)
async def preview(sent: dict[str, Any], actor: CurrentActor, rt: CurrentRuntime) -> PreviewOut:
    body = _read(sent)
    if body.kind not in _MAKERS:
        message = f"{body.kind!r} is none of {', '.join(_MAKERS)}."
        raise InvalidFieldsError([FieldIssue("kind", message)])
    shown = await _MAKERS[body.kind](rt, body, actor)
    return shown.model_copy(update=history_of(body.kind, rt.requests))
