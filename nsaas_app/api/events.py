"""GET /events: what changed, as Server-Sent Events, resumable by Last-Event-ID."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from .. import metrics
from ..directory.feed import Change
from ..directory.hub import FEED, SESSIONS
from ..domain.actors import Actor
from ..domain.errors import NotFoundError
from ..identity.permissions import Permission
from ..runtime import Runtime
from .access import CurrentActor, CurrentRuntime, needs
from .models import NamespaceOut, RequestOut

__all__ = ["router"]

router = APIRouter(tags=["events"])

RECHECK_S: Final = 5.0


def _body_of(change: Change, rt: Runtime, actor: Actor) -> BaseModel | dict[str, str] | None:
    """How the changed thing stands now, None when it is not the actor's to see."""
    if actor.role_in(change.team) is None:
        return None
    try:
        if change.event == "request.updated":
            request = rt.requests.get(change.key, actor=actor)
            return RequestOut.from_request(request)
        return NamespaceOut.from_row(rt.directory.row(change.key, actor=actor))
    except NotFoundError:
        return {"name": change.key, "state": "deleted"}


def _newest_of_each(changes: list[Change]) -> list[Change]:
    """Leave out what is changed again further on: the body tells how it stands now anyway."""
    newest = {(change.event, change.key): change.id for change in changes}
    return [change for change in changes if newest[change.event, change.key] == change.id]


@router.get("/events", summary="A stream of changes", response_class=EventSourceResponse)
@needs(Permission.NAMESPACE_READ)
async def events(
    actor: CurrentActor,
    rt: CurrentRuntime,
    http_request: Request,
    last_event_id: Annotated[int | None, Header(alias="Last-Event-ID")] = None,
) -> AsyncIterator[ServerSentEvent]:
    hub, feed = rt.directory.hub, rt.directory.feed
    last = feed.last_id if last_event_id is None else last_event_id
    metrics.LIVE_CLIENTS.inc()
    try:
        yield ServerSentEvent(comment="connected", retry=1000)
        while (now := await rt.actor_now(actor)) is not None:
            seen = hub.versions([FEED, SESSIONS])
            changes, is_gap = feed.since(last)
            if is_gap:
                yield ServerSentEvent(event="gap", raw_data="{}", id=str(feed.last_id))
            for change in _newest_of_each(changes):
                last = change.id
                body = _body_of(change, rt, now)
                if body is not None:
                    yield ServerSentEvent(data=body, event=change.event, id=str(change.id))
            last = feed.last_id if not changes else last
            await hub.wait_newer(seen, timeout_s=RECHECK_S)
            if await http_request.is_disconnected():
                return
    finally:
        metrics.LIVE_CLIENTS.dec()
