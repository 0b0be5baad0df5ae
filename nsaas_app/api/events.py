"""GET /events: what changed, as Server-Sent Events, resumable by Last-Event-ID."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
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
"""How late a stream may learn that its actor's rights are over without anybody telling it."""
KEEP_ALIVE_S: Final = 15.0
"""Proxies cut lines that are silent for longer."""
BREATH_S: Final = 0.05
"""What changes again and again within this time is told once."""


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


def _told(changes: list[Change], rt: Runtime, actor: Actor) -> bytes:
    """What there is to tell of some changes, in one piece; empty when none concerns the actor."""
    told = []
    for change in _newest_of_each(changes):
        body = _body_of(change, rt, actor)
        if body is not None:
            data = body.model_dump_json() if isinstance(body, BaseModel) else json.dumps(body)
            told.append(format_sse_event(event=change.event, data_str=data, id=str(change.id)))
    return b"".join(told)


async def _stream(actor: Actor, rt: Runtime, last_event_id: int | None) -> AsyncIterator[bytes]:
    """Tell what changes until the actor's session or token is over, or nobody listens."""
    hub, feed = rt.directory.hub, rt.directory.feed
    last = feed.last_id if last_event_id is None else last_event_id
    metrics.LIVE_CLIENTS.inc()
    quiet_since = time.monotonic()
    try:
        yield format_sse_event(comment="connected", retry=1000)
        while (now := await rt.actor_now(actor)) is not None:
            seen = hub.versions([FEED, SESSIONS])
            changes, is_gap = feed.since(last)
            told = _told(changes, rt, now)
            if is_gap:
                told = format_sse_event(event="gap", data_str="{}", id=str(feed.last_id)) + told
            last = changes[-1].id if changes else feed.last_id
            if not told and time.monotonic() - quiet_since >= KEEP_ALIVE_S:
                told = KEEPALIVE_COMMENT
            if told:
                yield told
                quiet_since = time.monotonic()
                await asyncio.sleep(BREATH_S)
            await hub.wait_newer(seen, timeout_s=RECHECK_S)
    finally:
        metrics.LIVE_CLIENTS.dec()


@router.get(
    "/events",
    summary="A stream of changes",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
@needs(Permission.NAMESPACE_READ)
async def events(
    actor: CurrentActor,
    rt: CurrentRuntime,
    last_event_id: Annotated[int | None, Header(alias="Last-Event-ID")] = None,
) -> StreamingResponse:
    # No proxy may hold it back until there is more of it.
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    stream = _stream(actor, rt, last_event_id)
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)
