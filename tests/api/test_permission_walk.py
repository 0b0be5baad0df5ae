"""Every route, every role, one's own team's things and another's: what the table says, observed."""

from dataclasses import dataclass
from typing import Final

import httpx
import pytest

from nsaas_app.domain.actors import Actor
from nsaas_app.domain.names import TeamName
from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.permissions import Permission, may, may_anywhere
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller, Layers
from tests.api.test_enumeration import Found, found_in
from tests.support.actors import actor
from tests.support.requests import ended, submit

OWNER: Final = TeamName("frontend")
SIGNED_OUT, FORBIDDEN, ABSENT = 401, 403, 404

STREAMS: Final = {"GET /api/v1/events"}
"""Answers that never end; `test_events.py` looks at who sees what in them."""

BODIES: Final[dict[str, dict[str, object]]] = {
    "/reject": {"comment": "Not before the next quarter."},
    "/renew": {"days": 7},
    "/clone": {"name": "shop-copy-dev"},
    "/budget-requests": {
        "budget": {"requests.cpu": "999"},
        "reason": "The shop opens in three more countries.",
    },
}
"""What a call sends whose body must not be empty, by how its path ends."""


@dataclass(frozen=True)
class Things:
    """What belongs to one team, by the collection in whose path it is named."""

    namespaces: str
    requests: str
    teams: str

    def path(self, template: str) -> str | None:
        """Fill a path in; None when it names no thing of a team."""
        collection = template.split("/")[3]
        thing: str | None = vars(self).get(collection)
        if thing is None or "{" not in template:
            return None
        head, _, rest = template.partition("{")
        return head + thing + rest.partition("}")[2]


NOTHING: Final = Things("frontend-absent-dev", "req-absent", "absent")


def walkable(layers: Layers) -> list[Found]:
    return [
        one
        for one in found_in(layers.api)
        if one.permission is not None and " /api/v1/" in one.name and one.name not in STREAMS
    ]


def expected(who: Actor, permission: Permission, *, is_owned: bool) -> set[int]:
    """The statuses that the table allows; an empty set for every one that is no refusal."""
    if not may_anywhere(who, permission):
        # Whoever may do it nowhere learns nothing about what is there.
        return {FORBIDDEN}
    if not is_owned:
        return set()
    if who.role_in(OWNER) is None:
        return {ABSENT}
    return set() if may(who, permission, OWNER) else {FORBIDDEN}


@pytest.fixture
async def things(portal: Runtime, name: str) -> Things:
    request = await ended(portal, await submit(portal, name))
    return Things(namespaces=name, requests=request.request_id, teams=str(OWNER))


@pytest.mark.parametrize("identity", DEV_IDENTITIES)
async def test_a_route_lets_through_whom_the_table_names_and_nobody_else(
    calling: Caller, layers: Layers, things: Things, identity: str
) -> None:
    who, client = actor(identity), await calling(identity)
    wrong: list[str] = []

    for one in walkable(layers):
        method, template = one.name.split(" ", 1)
        path = things.path(template)
        reply = await call(client, method, path or template)
        assert one.permission is not None
        wanted = expected(who, one.permission, is_owned=path is not None)
        status = reply.status_code
        is_right = status in wanted if wanted else status not in {SIGNED_OUT, FORBIDDEN}
        if not is_right or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            wrong.append(f"{one.name}: {status}, not {wanted or 'let through'}: {reply.text[:150]}")
        if wanted == {ABSENT}:
            absent = await call(client, method, NOTHING.path(template) or "")
            if told(absent, NOTHING) != told(reply, things):
                wrong.append(f"{one.name}: {told(reply, things)} is not {told(absent, NOTHING)}")

    assert wrong == [], "\n".join(wrong)


async def call(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    url = f"http://localhost:8000{path}"
    if method in {"GET", "HEAD"}:
        return await client.request(method, url)
    body = next((body for end, body in BODIES.items() if path.endswith(end)), {})
    return await client.request(method, url, json=body)


def told(reply: httpx.Response, things: Things) -> tuple[int, str]:
    """What an answer tells, without the name that was asked for and the call's own id."""
    problem = reply.json()
    problem.pop("correlation_id", None)
    problem.pop("instance", None)
    text = str(problem)
    for thing in vars(things).values():
        text = text.replace(thing, "it")
    return reply.status_code, text
