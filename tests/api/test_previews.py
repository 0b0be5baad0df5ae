"""POST /previews: one door for every kind, refused in the words of a submit."""

from typing import Any

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.auditlog import portal_writes
from tests.support.controlplane import ControlPlane
from tests.support.requests import ended, submission, submit


def bare(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "team": "frontend", "environment": "development"} | fields


async def test_a_bare_spec_and_a_provision_body_mean_the_same(calling: Caller, name: str) -> None:
    developer = await calling("frontend-dev")

    first = (await developer.post("/previews", json=bare(name))).json()
    second = (
        await developer.post("/previews", json={"kind": "provision", "spec": bare(name)})
    ).json()

    assert (first["kind"], first["allowed"], first["namespace"]) == ("provision", True, name)
    assert first["verdicts"] == second["verdicts"]
    assert first["budget"] == second["budget"]
    effects = [one["effect"] for one in first["objects"]]
    assert effects == ["created"] * (len(effects) - 1) + ["sample"]


def objects_in(controlplane: ControlPlane, namespace: str) -> set[str]:
    """Every object a preview is about, by uid: one that was deleted and made again is another."""
    uids = "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.uid}{'\\n'}{end}"
    kinds = "rolebindings,networkpolicies,resourcequotas,limitranges"
    found = controlplane.kubectl("get", kinds, "--namespace", namespace, "--output", uids)
    return set(found.splitlines())


async def test_every_kind_is_previewed_and_nothing_is_written(
    portal: Runtime, controlplane: ControlPlane, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    developer, admin = await calling("frontend-dev"), await calling("admin")
    log = controlplane.audit_log
    before, jobs = log.stat().st_size, portal.requests.in_flight(actor=submission("admin").actor)

    change = await developer.post(
        "/previews", json={"kind": "change", "namespace": name, "spec": {"tier": "medium"}}
    )
    release = await developer.post("/previews", json={"kind": "release", "namespace": name})
    delete = await admin.post(
        "/previews", json={"kind": "delete", "namespace": name, "confirm": name}
    )

    assert portal_writes(log, since=before, about=name) == []
    assert portal.requests.in_flight(actor=submission("admin").actor) == jobs
    assert [reply.status_code for reply in (change, release, delete)] == [200, 200, 200]
    told = change.json()
    assert (told["kind"], told["allowed"], told["changes_nothing"]) == ("change", True, False)
    quota = next(one for one in told["objects"] if one["manifest"]["kind"] == "ResourceQuota")
    assert (quota["effect"], quota["dry_run"]["result"]) == ("changed", "accepted")
    assert {"path": "spec.hard.pods", "before": "10", "after": "20"} in quota["differences"]
    assert told["cost"]["monthly"] > told["cost"]["monthly_before"]
    assert told["lifetime"]["renewals"] == {"used": 0, "allowed": 3}
    budget = told["budget"]
    assert (budget["before"]["requests.cpu"], budget["after"]["requests.cpu"]) == ("1", "2")
    assert release.json()["impact"].keys() == {
        "deployments", "pods", "services", "persistentvolumeclaims",
    }  # fmt: skip
    assert (release.json()["grace_hours"], release.json()["confirm"]) == (24, None)
    assert release.json()["restorable_until"]
    assert delete.json()["confirm"] == name
    budget = delete.json()["budget"]
    assert (budget["before"]["namespaces"], budget["after"]["namespaces"]) == (1, 0)

    await ended(portal, await portal.changes.release(name, submission()))
    lead = await calling("frontend-lead")
    restore = await lead.post("/previews", json={"kind": "restore", "namespace": name})
    assert restore.json()["allowed"] is True
    assert restore.json()["access"]


async def test_what_a_preview_would_take_away_stays(
    portal: Runtime, controlplane: ControlPlane, calling: Caller, name: str
) -> None:
    """The audit log has no bodies, so it cannot tell whether a dry run was one; the objects can."""
    await ended(portal, await submit(portal, name))
    developer = await calling("frontend-dev")
    before = objects_in(controlplane, name)
    fewer = {"kind": "change", "spec": {"network": {"preset": "isolated"}}}

    for asked in (fewer, {"kind": "release"}):
        reply = await developer.post("/previews", json=asked | {"namespace": name})
        assert reply.status_code == 200

    assert objects_in(controlplane, name) == before


async def test_what_runs_and_does_not_fit_is_told_at_the_tier(
    portal: Runtime, controlplane: ControlPlane, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    controlplane.kubectl("create", "deployment", "web", "-n", name, "--image=x", "--replicas=6")
    controlplane.kubectl(
        "wait", "deployment/web", "-n", name, "--for=condition=Available", "--timeout=30s"
    )
    developer = await calling("frontend-dev")
    asked = {"kind": "change", "namespace": name, "spec": {"tier": "micro"}}

    shown = await developer.post("/previews", json=asked)
    submitted = await developer.post("/requests", json=asked)

    problem = problem_in(shown, 422, "QUOTA_EXCEEDED", field="tier")
    assert problem["detail"] == submitted.json()["detail"]
    verdict = problem["verdicts"][0]
    assert (verdict["rule"], verdict["result"], verdict["field"]) == ("quota", "deny", "tier")


async def test_a_body_that_means_nothing_is_told_at_its_field(calling: Caller) -> None:
    developer = await calling("frontend-dev")
    for sent, field in [
        ({"kind": "dance", "spec": {}}, "kind"),
        ({"kind": "change", "spec": {}}, "namespace"),
        ({"kind": "release"}, "namespace"),
        ({"kind": "change", "namespace": "a", "colour": "red"}, "colour"),
        ({"name": "a", "colour": "red"}, "colour"),
    ]:
        reply = await developer.post("/previews", json=sent)

        assert reply.status_code == 422
        assert field in {issue["field"] for issue in reply.json()["errors"]}


async def test_a_new_one_is_refused_with_a_verdict_for_each_rule(
    calling: Caller, name: str
) -> None:
    developer = await calling("frontend-dev")
    reply = await developer.post("/previews", json=bare(name, tier="huge", expires_in_days=9999))

    problem = reply.json()
    assert reply.status_code == 422
    assert {(v["rule"], v["result"]) for v in problem["verdicts"]} == {
        ("tier", "deny"),
        ("lifetime", "deny"),
    }
    assert {issue["field"] for issue in problem["errors"]} == {"tier", "expires_in_days"}
