"""Templates over REST: listed with their questions, asked for with answers."""

from nsaas_app.domain.templates import TEMPLATES
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.requests import ended, submit


async def test_the_catalogue_asks_every_question(calling: Caller) -> None:
    listed = (await (await calling("frontend-viewer")).get("/catalog")).json()["templates"]

    assert [one["id"] for one in listed] == [template.id for template in TEMPLATES]
    batch = next(one for one in listed if one["id"] == "batch-jobs")
    assert batch["environments"] == ["development", "testing", "staging"]
    days = next(one for one in batch["parameters"] if one["name"] == "days")
    assert (days["type"], days["minimum"], days["maximum"]) == ("integer", 1, 30)
    assert (days["default"], days["required"]) == ("14", False)
    exposure = next(one for one in listed if one["id"] == "basic-web-app")["parameters"][0]
    assert (exposure["choices"], exposure["maximum"]) == (["internal", "gateway"], None)


async def test_answers_decide_and_the_spec_wins(
    portal: Runtime, calling: Caller, name: str
) -> None:
    developer = await calling("frontend-dev")
    spec = {"name": name, "team": "frontend", "environment": "development"}
    asked = {
        "template": "basic-web-app",
        "parameters": {"exposure": "gateway", "outbound": "none"},
        "spec": spec | {"tier": "micro"},
    }

    preview = (await developer.post("/previews", json=asked)).json()
    accepted = await developer.post("/requests", json=asked)

    assert accepted.status_code == 202, accepted.text
    found = accepted.json()["spec"]
    assert found["network"] == {
        "preset": "team-shared", "egress": "none", "accept_from_gateway": True, "cidrs": [],
    }  # fmt: skip
    assert (found["tier"], found["labels"]) == ("micro", {"workload": "web"})
    assert preview["spec"]["network"] == found["network"]
    gateway = [cell for cell in preview["connectivity"] if cell["from"] == "gateway"]
    assert gateway[0]["allowed"] is True


async def test_a_wrong_answer_is_told_at_its_parameter(
    portal: Runtime, calling: Caller, name: str
) -> None:
    developer = await calling("frontend-dev")
    spec = {"name": name, "team": "frontend", "environment": "testing"}
    wrong = {"template": "microservice-api", "parameters": {"exposure": "world"}, "spec": spec}

    for path in ("/requests", "/previews"):
        reply = await developer.post(path, json=wrong)
        assert reply.status_code == 422
        assert {issue["field"] for issue in reply.json()["errors"]} == {
            "parameters.exposure", "parameters.database_cidr",
        }  # fmt: skip
    unknown = await developer.post("/requests", json={"template": "none-such", "spec": spec})
    problem_in(unknown, 422, "INVALID_FIELD", field="template")
    loose = await developer.post("/requests", json={"parameters": {"a": "b"}, "spec": spec})
    problem_in(loose, 422, "INVALID_FIELD", field="template")
    await ended(portal, await submit(portal, name))
    change = {"kind": "change", "namespace": name, "template": "basic-web-app", "spec": {}}
    for path in ("/requests", "/previews"):
        problem_in(await developer.post(path, json=change), 422, "INVALID_FIELD", field="template")
