"""Another session id, by whatever the browser asks next; files of a page never bring one."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie

import httpx
from sqlalchemy import update

from nsaas_app.domain.names import TeamName
from nsaas_app.runtime import Runtime
from nsaas_app.store.tables import LoginSessionRow
from tests.support.actors import actor


async def become_lead(portal: Runtime) -> None:
    team = await portal.teams.require(TeamName("frontend"))
    groups = replace(team.groups, developer=(), lead=("frontend-devs",))
    await portal.teams.put(replace(team, groups=groups), actor=actor("admin"), source="test")


async def after_some_seconds(portal: Runtime) -> None:
    """Make every new id older than the old one may still be exchanged."""
    earlier = portal.clock() - timedelta(minutes=1)
    async with portal.database.transaction() as connection:
        await connection.execute(update(LoginSessionRow).values(renewed_at=earlier))


async def test_after_a_change_of_role_the_old_id_opens_nothing(
    portal: Runtime, signed_in: httpx.AsyncClient
) -> None:
    old = signed_in.headers["Cookie"]
    assert "set-cookie" not in (await signed_in.get("/api/v1/me")).headers
    await become_lead(portal)
    picture = await signed_in.get("/favicon.ico")
    assert "set-cookie" not in picture.headers

    reply = await signed_in.get("/api/v1/me", headers={"Cookie": f"other=1; {old}; more=2"})

    assert reply.json()["teams"] == {"frontend": "lead"}
    (morsel,) = SimpleCookie(reply.headers["set-cookie"]).values()
    assert morsel.key == portal.sign_in.cookie_name
    assert (bool(morsel["httponly"]), morsel["samesite"], morsel["path"]) == (True, "lax", "/")
    new = {"Cookie": f"{morsel.key}={morsel.value}"}
    again = await signed_in.get("/api/v1/me", headers=new)
    assert again.json()["teams"] == {"frontend": "lead"}
    assert "set-cookie" not in again.headers
    sessions = (await signed_in.get("/api/v1/sessions", headers=new)).json()["items"]
    assert [one["is_current"] for one in sessions] == [True], "it is still one session"
    await after_some_seconds(portal)
    assert (await signed_in.get("/api/v1/me", headers={"Cookie": old})).status_code == 401


async def test_tabs_that_come_with_the_old_id_at_once_all_get_the_new_one(
    portal: Runtime, signed_in: httpx.AsyncClient
) -> None:
    await become_lead(portal)
    paths = ["/requests", "/api/v1/me", "/new", "/api/v1/sessions"] * 3
    replies = await asyncio.gather(*(signed_in.get(path) for path in paths))
    assert [reply.status_code for reply in replies] == [200] * len(paths)
    assert len({reply.headers["set-cookie"] for reply in replies}) == 1
    # Those answers got lost; a file that a page asks for meanwhile is no reason to sign in.
    file = await signed_in.get("/assets/page.js")
    assert (file.status_code, "set-cookie" in file.headers) == (200, False)
    again = await signed_in.get("/requests")
    assert again.headers["set-cookie"] == replies[0].headers["set-cookie"]
    await after_some_seconds(portal)
    for path in ("/requests", "/assets/page.js"):
        reply = await signed_in.get(path)
        assert (reply.status_code, "set-cookie" in reply.headers) == (303, False)


async def test_a_page_that_is_navigated_to_brings_the_new_id(
    portal: Runtime, signed_in: httpx.AsyncClient
) -> None:
    await become_lead(portal)
    page = await signed_in.get("/requests")
    assert (page.status_code, page.text) == (200, "a page")
    assert portal.sign_in.cookie_name in page.headers["set-cookie"]


async def test_a_bearer_call_renews_no_session(
    portal: Runtime, signed_in: httpx.AsyncClient
) -> None:
    await become_lead(portal)
    reply = await signed_in.get("/api/v1/me", headers={"Authorization": "Bearer nsaas_made-up"})
    assert (reply.status_code, "set-cookie" in reply.headers) == (401, False)
    assert (await signed_in.get("/api/v1/me")).status_code == 200
