"""One id from the caller's header to the last trace that the action leaves."""

import httpx

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import CORRELATION_ID, problem_in
from tests.support.actors import actor
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal
from tests.support.waiting import eventually

ID = "order-66.b_Z"


async def test_a_good_id_is_taken(anonymous: httpx.AsyncClient) -> None:
    for given in [ID, "a" * 8, "Z" * 64]:
        reply = await anonymous.get("/api/v1/me", headers={"X-Correlation-ID": given})

        assert reply.headers["x-correlation-id"] == given
        assert problem_in(reply, 401, "SIGNED_OUT")["correlation_id"] == given


async def test_a_bad_id_is_replaced(anonymous: httpx.AsyncClient) -> None:
    for given in [
        "short-1",
        "a" * 65,
        "spa ces are no ids",
        "línea-nueva",
        "semi;colon",
        "a\tb-tab-cd",
    ]:
        headers = {b"X-Correlation-ID": given.encode()}
        reply = await anonymous.get("/api/v1/me", headers=headers)

        made = reply.headers["x-correlation-id"]
        assert made != given
        assert CORRELATION_ID.fullmatch(made)
        assert problem_in(reply, 401, "SIGNED_OUT")["correlation_id"] == made


async def test_every_answer_has_an_id_of_its_own(anonymous: httpx.AsyncClient) -> None:
    for path in ["/", "/healthz", "/auth/login", "/api/nothing"]:
        ids = {(await anonymous.get(path)).headers["x-correlation-id"] for _ in range(3)}

        assert len(ids) == 3


async def test_the_request_the_audit_and_the_job_carry_the_callers_id(
    portal: Runtime, calling: Caller, name: str
) -> None:
    developer = await calling("frontend-dev")
    spec = {"name": name, "team": "frontend", "environment": "development"}

    reply = await developer.post("/requests", json={"spec": spec}, headers={"X-Correlation-ID": ID})

    assert reply.headers["x-correlation-id"] == ID
    assert reply.json()["correlation_id"] == ID
    await eventually(lambda: portal.requests.in_flight(actor=actor("admin")) == (), within_s=30)
    async with portal.database.reading() as connection:
        audit = await portal.stores.audit.newest(connection, limit=10)
    traces = {(e.action, e.source): e.correlation_id for e in audit if e.namespace == name}
    assert traces == {
        ("request.submit.provision", "rest/dev"): ID,
        ("request.provision", "worker"): ID,
    }


def test_every_line_of_the_log_about_it_carries_the_callers_id(
    served: ServedPortal, name: str
) -> None:
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with served.client("frontend-dev") as developer:
        asked = developer.post(
            "/requests", json={"spec": spec}, headers={"X-Correlation-ID": f"{ID}-1"}
        )
        taken = developer.post(
            "/requests", json={"spec": spec}, headers={"X-Correlation-ID": f"{ID}-2"}
        )
        path = asked.headers["location"].removeprefix("/api/v1")
        wait_completed(developer, path)

    lines = served.log_lines()
    [refused] = [line for line in lines if line.get("correlation_id") == f"{ID}-2"]
    assert taken.status_code == 409
    assert (refused["event"], refused["code"]) == ("action refused", "NS_EXISTS")
    calls = [line for line in lines if f"/namespaces/{name}" in line.get("url", "")]
    assert len(calls) > 10
    assert {call["correlation_id"] for call in calls} == {f"{ID}-1"}
