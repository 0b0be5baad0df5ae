"""Own API tokens over REST: shown once, narrowed, ended at once, nobody else's business."""

from typing import Any

import httpx
import pytest

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in

TOKEN = r"nsaas_[0-9a-f]{12}_[\w-]{43}[0-9a-f]{8}"


async def made(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    wanted = {"name": "ci", "scopes": ["read"], "expires_in_days": 7} | body
    reply = await client.post("/tokens", json=wanted)
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def test_a_token_is_shown_once_works_and_ends(calling: Caller, portal: Runtime) -> None:
    mine = await calling("frontend-dev")
    new = await made(mine)
    with_it = {"Authorization": f"Bearer {new['token']}"}

    me = (await mine.get("/me", headers=with_it)).json()
    listed = (await mine.get("/tokens")).json()

    assert (me["subject"], me["scopes"]) == ("frontend-dev", ["read"])
    assert new["token"] not in str(listed)
    (line,) = [one for one in listed["items"] if one["id"] == new["id"]]
    assert (line["name"], line["scopes"]) == ("ci", ["read"])
    assert line["last_used_at"] is not None

    assert (await mine.delete(f"/tokens/{new['id']}")).status_code == 204
    assert (await mine.get("/me", headers=with_it)).status_code == 401
    assert new["id"] not in str((await mine.get("/tokens")).json())
    problem_in(await mine.delete(f"/tokens/{new['id']}"), 404, "NOT_FOUND")

    async with portal.database.reading() as connection:
        newest = await portal.stores.audit.newest(connection, limit=2)
    assert [(e.actor, e.action, e.object) for e in newest] == [
        ("frontend-dev", "token.revoke", f"token/{new['id']}"),
        ("frontend-dev", "token.create", f"token/{new['id']}"),
    ]
    assert new["token"] not in str(newest)


async def test_the_same_key_gives_the_same_token_with_another_text(
    calling: Caller, portal: Runtime
) -> None:
    mine, other = await calling("frontend-dev"), await calling("payments-dev")
    body = {"name": "ci", "scopes": ["read"], "expires_in_days": 7}
    key = {"Idempotency-Key": "lost-reply"}

    async def status_with(text: str) -> int:
        return (await mine.get("/me", headers={"Authorization": f"Bearer {text}"})).status_code

    first = (await mine.post("/tokens", json=body, headers=key)).json()
    assert await status_with(first["token"]) == 200
    again = await mine.post("/tokens", json=body, headers=key)

    assert again.status_code == 201
    assert again.json()["id"] == first["id"]
    assert again.json()["expires_at"] == first["expires_at"]
    assert await status_with(again.json()["token"]) == 200
    assert await status_with(first["token"]) == 401, "the lost text is worth nothing"
    listed = (await mine.get("/tokens")).json()["items"]
    assert [one["id"] for one in listed].count(first["id"]) == 1

    more = body | {"scopes": ["read", "write"]}
    refused = await mine.post("/tokens", json=more, headers=key)
    problem_in(refused, 422, "IDEMPOTENCY_MISMATCH")
    theirs = (await other.post("/tokens", json=body, headers=key)).json()
    assert theirs["id"] != first["id"], "a key means something to its sender alone"
    assert (await mine.delete(f"/tokens/{first['id']}")).status_code == 204
    over = await mine.post("/tokens", json=body, headers=key)
    problem_in(over, 422, "IDEMPOTENCY_MISMATCH")
    async with portal.database.reading() as connection:
        actions = [e.action for e in await portal.stores.audit.newest(connection, limit=20)]
    assert [each for each in actions if each.startswith("token.")] == [
        "token.revoke", "token.create", "token.renew", "token.create",
    ]  # fmt: skip


async def test_a_scope_narrows(calling: Caller) -> None:
    mine = await calling("frontend-dev")
    new = await made(mine, scopes=["read"])
    reader = {"Authorization": f"Bearer {new['token']}"}
    body = {"spec": {"name": "x", "team": "frontend", "environment": "development"}}

    problem_in(await mine.post("/requests", json=body, headers=reader), 403, "NOT_ALLOWED")
    more = {"name": "more", "scopes": ["read"], "expires_in_days": 1}
    problem_in(await mine.post("/tokens", json=more, headers=reader), 403, "NOT_ALLOWED")
    problem_in(await mine.delete(f"/tokens/{new['id']}", headers=reader), 403, "NOT_ALLOWED")


async def test_a_token_makes_none_that_may_more_than_itself(calling: Caller) -> None:
    narrow = await calling("frontend-lead", scopes=frozenset({"read", "write"}))
    body = {"name": "more", "scopes": ["read", "approve"], "expires_in_days": 1}
    problem_in(await narrow.post("/tokens", json=body), 422, "INVALID_FIELD", field="scopes")
    assert (await made(narrow, scopes=["read", "write"]))["scopes"] == ["read", "write"]


async def test_a_field_that_breaks_a_rule_is_named(calling: Caller) -> None:
    mine = await calling("frontend-dev")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": " a"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 91}, "expires_in_days"),
        ({"expires_in_days": 10**12}, "expires_in_days"),
        ({"expires_in_days": "7"}, "expires_in_days"),
        ({"expires_in_days": True}, "expires_in_days"),
        ({"scopes": "read"}, "scopes"),
        ({"team": "frontend"}, "team"),
    ]
    for change, field in cases:
        body = {"name": "ci", "scopes": ["read"], "expires_in_days": 7} | change
        problem_in(await mine.post("/tokens", json=body), 422, "INVALID_FIELD", field=field)
        assert "ci" not in {one["name"] for one in (await mine.get("/tokens")).json()["items"]}


@pytest.mark.parametrize("other", ["payments-dev", "admin"])
async def test_another_ones_token_does_not_exist(calling: Caller, other: str) -> None:
    mine = await calling("frontend-dev")
    new = await made(mine)
    stranger = await calling(other)

    assert new["id"] not in str((await stranger.get("/tokens")).json())
    theirs = problem_in(await stranger.delete(f"/tokens/{new['id']}"), 404, "NOT_FOUND")
    none = problem_in(await stranger.delete("/tokens/000000000000"), 404, "NOT_FOUND")
    assert theirs["title"] == none["title"]
    assert (
        await mine.get("/me", headers={"Authorization": f"Bearer {new['token']}"})
    ).status_code == 200


async def test_nobody_collects_tokens_without_end(calling: Caller) -> None:
    mine = await calling("frontend-viewer")
    for number in range(49):
        await made(mine, name=f"n{number}")
    body = {"name": "one-more", "scopes": ["read"]}
    problem = problem_in(await mine.post("/tokens", json=body), 422, "INVALID_FIELD", field="name")
    assert "50" in problem["detail"]


async def test_sessions_are_listed_and_ended_everywhere(
    calling: Caller, portal: Runtime, signed_in: httpx.AsyncClient
) -> None:
    program = await calling("frontend-dev")
    listed = (await signed_in.get("/api/v1/sessions")).json()
    assert [one["is_current"] for one in listed["items"]] == [True]

    assert (await program.delete("/sessions")).status_code == 204

    assert (await signed_in.get("/api/v1/me")).status_code == 401
    assert (await program.get("/sessions")).json()["total"] == 0
    assert (await program.get("/me")).status_code == 200, "tokens stay"


async def test_an_auditor_writes_nothing_not_even_a_token(calling: Caller) -> None:
    auditor = await calling("auditor")
    body = {"name": "export", "scopes": ["read"]}
    problem_in(await auditor.post("/tokens", json=body), 403, "NOT_ALLOWED")
    assert (await auditor.get("/tokens")).status_code == 200
