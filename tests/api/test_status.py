"""The check-up: every part with its state, for everybody who is signed in."""

import asyncio
from typing import Any

import httpx

from nsaas_app.runtime import Runtime
from nsaas_app.runtime.findings import Health
from tests.api.conftest import Caller
from tests.support.actors import actor
from tests.support.waiting import eventually_async

PARTS = [
    "cluster", "caches", "database", "worker", "loops", "lag", "policies", "rights",
]  # fmt: skip


async def test_everything_is_told_and_nothing_is_wrong(portal: Runtime, calling: Caller) -> None:
    caller = await calling("frontend-viewer")
    found: dict[str, Any] = {}

    async def is_all_well() -> bool:
        found.update((await caller.get("/status")).json())
        # How busy this machine is, is no promise.
        return all(one["state"] == "ok" for one in found["checks"] if one["key"] != "lag")

    await eventually_async(is_all_well, within_s=60, what=f"all is well: {found}")

    assert [one["key"] for one in found["checks"]] == PARTS
    assert all(one["message"] and one["since"] for one in found["checks"])
    assert "Kubernetes v1." in found["checks"][0]["message"]
    assert {one["state"] for one in found["policies"]} == {"active"}
    assert found["rights"]["missing"] == []
    kinds = {one["kind"]: one for one in found["kinds"]}
    assert kinds["Namespace"]["required"]
    assert kinds["Namespace"]["synced"]
    assert kinds["Namespace"]["objects"] > 0
    assert kinds["Namespace"]["last_contact"]


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
