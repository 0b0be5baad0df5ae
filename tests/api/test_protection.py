"""Protection by REST: leads put it on, and while it stands nobody ends the namespace."""

from nsaas_app.domain.audit import AuditFilter
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.requests import ended, submit


async def test_a_protected_namespace_is_neither_released_nor_deleted(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    lead, developer = await calling("frontend-lead"), await calling("frontend-dev")
    path = f"/namespaces/{name}"
    problem_in(await developer.post(f"{path}/protect"), 403, "NOT_ALLOWED")
    stranger = await calling("payments-lead")
    problem_in(await stranger.post(f"{path}/protect"), 404, "NOT_FOUND")

    for _ in range(2):
        answer = await lead.post(f"{path}/protect")
        assert (answer.status_code, answer.json()["protected"]) == (200, True)
    assert (await developer.get(path)).json()["protected"] is True
    refused = await developer.delete(path)
    assert refused.json()["code"] == "PROTECTED"

    lifted = await lead.post(f"{path}/unprotect")
    assert lifted.json()["protected"] is False
    assert (await developer.delete(path)).status_code == 202
    found = await portal.audit_trail.find(
        AuditFilter(namespace=name), actor=actor("auditor"), limit=50, offset=0
    )
    told = [event.action for event in found.items if event.action.startswith("namespace.")]
    # What was so already is no second entry.
    assert sorted(told) == ["namespace.protect", "namespace.unprotect"]


async def test_protection_waits_for_what_was_asked_before(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name, environment="staging"))
    lead = await calling("frontend-lead")
    change = {"kind": "change", "namespace": name, "spec": {"tier": "large"}}
    body = change | {"justification": "Traffic will double with the launch"}
    asked = await lead.post("/requests", json=body)
    assert (asked.status_code, asked.json()["phase"]) == (202, "awaiting-approval")

    problem_in(await lead.post(f"/namespaces/{name}/protect"), 409, "REQUEST_IN_FLIGHT")
    assert (await lead.get(f"/namespaces/{name}")).json()["protected"] is False
