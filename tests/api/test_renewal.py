"""Another session id, by whatever the browser asks next; files of a page never bring one."""

from dataclasses import replace
from http.cookies import SimpleCookie

import httpx

from nsaas_app.domain.names import TeamName
from nsaas_app.runtime import Runtime
from tests.support.actors import actor


async def become_lead(portal: Runtime) -> None:
    team = await portal.teams.require(TeamName("frontend"))
    groups = replace(team.groups, developer=(), lead=("frontend-devs",))
    await portal.teams.put(replace(team, groups=groups), actor=actor("admin"), source="test")


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
    assert (await signed_in.get("/api/v1/me", headers={"Cookie": old})).status_code == 401
    new = {"Cookie": f"{morsel.key}={morsel.value}"}
    again = await signed_in.get("/api/v1/me", headers=new)
    assert again.json()["teams"] == {"frontend": "lead"}
    assert "set-cookie" not in again.headers
    sessions = (await signed_in.get("/api/v1/sessions", headers=new)).json()["items"]
    assert [one["is_current"] for one in sessions] == [True], "it is still one session"


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
