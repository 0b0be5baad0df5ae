"""POST /namespace-sets: one reply for all, one refusal for all."""

from typing import Any

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.waiting import eventually

ADMIN = actor("admin")


def body(base: str, **fields: Any) -> dict[str, Any]:
    return {
        "base": base,
        "team": "frontend",
        "environments": ["development", "testing", "staging"],
        "spec": {"cost_center": "cc"},
        **fields,
    }


async def test_a_set_is_accepted_under_one_key_and_one_id(
    portal: Runtime, calling: Caller, name: str
) -> None:
    developer, key = await calling("frontend-dev"), {"Idempotency-Key": "the-set"}

    first = await developer.post("/namespace-sets", json=body(name), headers=key)
    again = await developer.post("/namespace-sets", json=body(name), headers=key)
    other = await developer.post("/namespace-sets", json=body(f"{name}-o"), headers=key)

    assert (first.status_code, again.status_code) == (202, 202)
    accepted = first.json()
    names = [one["namespace"] for one in accepted["requests"]]
    assert names == [f"{name}-dev", f"{name}-test", f"{name}-stg"]
    assert {one["correlation_id"] for one in accepted["requests"]} == {accepted["set_id"]}
    assert accepted["set_id"] == first.headers["x-correlation-id"]
    assert again.json()["set_id"] == accepted["set_id"]
    assert [one["request_id"] for one in again.json()["requests"]] == [
        one["request_id"] for one in accepted["requests"]
    ]
    problem_in(other, 422, "IDEMPOTENCY_MISMATCH")
    await eventually(lambda: portal.requests.in_flight(actor=ADMIN) == (), within_s=30)


async def test_a_refusal_names_environment_and_field(calling: Caller, name: str) -> None:
    developer = await calling("frontend-dev")
    wrong = body(name, overrides={"testing": {"tier": "large"}}, spec={"cost_center": ""})

    reply = await developer.post("/namespace-sets", json=wrong)

    problem = problem_in(reply, 422, "POLICY_DENY", field="testing.tier")
    assert {issue["field"] for issue in problem["errors"]} == {
        "testing.tier", "staging.cost_center",
    }  # fmt: skip


async def test_who_only_reads_may_not_ask(calling: Caller, name: str) -> None:
    reply = await (await calling("frontend-viewer")).post("/namespace-sets", json=body(name))

    problem_in(reply, 403, "NOT_ALLOWED")
