"""The check-up: every part with its state, for everybody who is signed in."""

import asyncio
from typing import Any

import httpx

from nsaas_app.runtime import Runtime
from nsaas_app.runtime.findings import Health
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.waiting import eventually_async

PARTS = [
    "cluster", "caches", "database", "worker", "loops", "lag", "network", "policies", "rights",
]  # fmt: skip


async def test_everything_is_told_and_nothing_is_wrong(portal: Runtime, calling: Caller) -> None:
    caller = await calling("frontend-viewer")
    found: dict[str, Any] = {}

    async def is_all_well() -> bool:
        found.update((await caller.get("/status")).json())
        # How busy this machine is, is no promise; and this cluster has no network plugin.
        counted = [one for one in found["checks"] if one["key"] not in ("lag", "network")]
        return all(one["state"] == "ok" for one in counted)

    await eventually_async(is_all_well, within_s=60, what=f"all is well: {found}")

    assert [one["key"] for one in found["checks"]] == PARTS
    assert all(one["message"] and one["since"] for one in found["checks"])
    checks = {one["key"]: one for one in found["checks"]}
    assert "Kubernetes v1." in checks["cluster"]["message"]
    assert "Oldest contact" in checks["caches"]["message"]
    assert checks["network"]["state"] == "warn"
    assert "Not enforced" in checks["network"]["message"]
    assert checks["network"]["fix"]
    assert {one["state"] for one in found["policies"]} == {"active"}
    assert found["rights"]["missing"] == []
    kinds = {one["kind"]: one for one in found["kinds"]}
    assert kinds["Namespace"]["required"]
    assert kinds["Namespace"]["synced"]
    assert kinds["Namespace"]["objects"] > 0
    assert kinds["Namespace"]["last_contact"]


async def test_how_the_platform_is_set_is_told_to_who_runs_it(
    portal: Runtime, calling: Caller
) -> None:
    problem_in(await (await calling("frontend-lead")).get("/platform"), 403, "NOT_ALLOWED")

    found = (await (await calling("auditor")).get("/platform")).json()

    texts = {one["name"]: one for one in found["policies"]}
    assert "ValidatingAdmissionPolicyBinding" in texts["nsaas-guard-deletion"]["manifest"]
    assert {one["state"] for one in found["integrations"]} == {"absent"}
    rights = {(one["group"], one["resource"]): one for one in found["preflight"]}
    assert all(one["passed"] and not one["rule"] for one in rights.values())
    assert rights["apps", "deployments"]["served"] is True
    assert rights["metrics.k8s.io", "pods"]["served"] is False
    assert rights["", "namespaces"]["served"] is None


async def test_the_catalog_tells_what_the_cluster_has_and_what_a_choice_makes(
    portal: Runtime, calling: Caller
) -> None:
    viewer = await calling("frontend-viewer")

    async def is_known() -> bool:
        features = (await viewer.get("/catalog")).json()["features"]
        return any(one["seen_at"] for one in features)

    await eventually_async(is_known, within_s=60, what="the cluster was asked")
    features = {one["id"]: one for one in (await viewer.get("/catalog")).json()["features"]}
    assert (features["gitops"]["available"], features["gitops"]["cluster"]) == (False, "absent")
    assert "kustomize.toolkit.fluxcd.io is not installed" in features["gitops"]["reason"]
    assert features["gitops"]["seen_at"]
    made = (await viewer.get("/catalog/tiers/small")).json()
    assert [one["object"] for one in made["objects"]] == [
        "ResourceQuota/nsaas-quota", "LimitRange/nsaas-container-defaults",
    ]  # fmt: skip
    problem_in(await viewer.get("/catalog/tiers/huge"), 404, "NOT_FOUND")


async def test_nobody_else_is_told(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/api/v1/status")).status_code == 401


async def test_the_cluster_is_asked_once_for_all(portal: Runtime) -> None:
    admin = actor("admin")
    first = await portal.checkup.report(actor=admin)
    again = await portal.checkup.report(actor=admin)
    assert again.policies is first.policies
    anew = await portal.checkup.report(actor=admin, is_anew=True)
    assert anew.policies == first.policies
    assert anew.policies is not first.policies


async def test_a_loop_that_ended_is_told_by_name(portal: Runtime) -> None:
    async def ends() -> None:
        return

    task = asyncio.create_task(ends())
    await task
    portal.checkup.attend({"drift": task})
    report = await portal.checkup.report(actor=actor("admin"))
    loops = next(one for one in report.findings if one.key == "loops")
    assert (loops.health, loops.message) == (Health.BAD, "Ended by itself: drift.")
    assert report.health is Health.BAD
