"""Adoption by REST and by the command: admins only, shown first, agreed to by kubectl."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.requests import ended
from tests.support.served import ServedPortal


def body(name: str, **spec: Any) -> dict[str, Any]:
    asked = {"name": name, "team": "frontend", "environment": "development"} | spec
    return {"kind": "adopt", "spec": asked}


@pytest.fixture
def existing(controlplane: ControlPlane, name: str) -> str:
    controlplane.kubectl("create", "ns", name)
    return name


async def test_an_admin_previews_asks_and_has_it(
    portal: Runtime, controlplane: ControlPlane, calling: Caller, existing: str
) -> None:
    admin = await calling("admin")

    shown = await admin.post("/previews", json=body(existing))
    assert shown.status_code == 200, shown.text
    adoption = shown.json()["adoption"]
    assert {"path": "metadata.labels[platform.io/team]", "before": None, "after": "frontend"} in (
        adoption["changes"]
    )
    assert adoption["pod_security"] == {"before": None, "after": "baseline", "warnings": []}
    assert "ResourceQuota/nsaas-quota" in adoption["created"]
    assert (adoption["collisions"], adoption["foreign"]) == ([], [])
    pods = next(line for line in adoption["impact"]["quota"] if line["resource"] == "pods")
    assert pods["hard"] == "10"
    assert not pods["over"]
    assert shown.json()["allowed"]

    asked = await admin.post("/requests", json=body(existing) | {"justification": "ours"})
    assert asked.status_code == 202, asked.text
    request = asked.json()
    assert (request["kind"], request["namespace"]) == ("adopt", existing)
    mark = f"platform.io/adopt={request['request_id']}"
    await asyncio.to_thread(controlplane.kubectl, "annotate", "ns", existing, mark)
    found = portal.requests.get(request["request_id"], actor=actor("admin"))
    assert (await ended(portal, found)).status.value == "completed"
    listed = (await admin.get("/namespaces", params={"q": existing})).json()
    assert [(item["name"], item["state"]) for item in listed["items"]] == [(existing, "active")]


async def test_everybody_else_is_refused_whatever_they_ask(calling: Caller, existing: str) -> None:
    for who in ["frontend-viewer", "frontend-dev", "frontend-lead", "payments-lead", "auditor"]:
        caller = await calling(who)
        for asked in (body(existing), body("Not-A-Name", tier="huge")):
            problem_in(await caller.post("/requests", json=asked), 403, "NOT_ALLOWED")
            problem_in(await caller.post("/previews", json=asked), 403, "NOT_ALLOWED")


async def test_a_reading_token_of_an_admin_is_not_enough(calling: Caller, existing: str) -> None:
    reader = await calling("admin", scopes=frozenset({"read"}))
    problem_in(await reader.post("/requests", json=body(existing)), 403, "NOT_ALLOWED")


async def test_what_is_wrong_is_told_at_its_field(calling: Caller, existing: str) -> None:
    admin = await calling("admin")
    for path in ("/requests", "/previews"):
        reply = await admin.post(path, json=body(f"{existing}-x", tier="large"))
        problem = problem_in(reply, 422, "POLICY_DENY", field="tier")
        told = [(one["field"], one["code"]) for one in problem["errors"]]
        assert told == [("tier", "POLICY_DENY"), ("name", "NOT_FOUND")]


def _nsaas(portal: ServedPortal, token: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | {"NSAAS_URL": portal.url, "NSAAS_TOKEN": token, "COLUMNS": "300"}
    return subprocess.Popen(
        [sys.executable, "-m", "nsaas_app", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_command_shows_asks_and_follows(
    served: ServedPortal, controlplane: ControlPlane, existing: str, tmp_path: Path
) -> None:
    file = tmp_path / "spec.yaml"
    spec = {"team": "frontend", "environment": "development", "tier": "micro"}
    document = {
        "apiVersion": "nsaas.platform.io/v1",
        "kind": "NamespaceRequest",
        "metadata": {"name": existing},
        "spec": spec,
    }
    file.write_text(yaml.safe_dump(document))
    pod = {"name": "big", "namespace": existing}
    limits = {"resources": {"limits": {"cpu": "3", "memory": "1Gi"}}}
    containers = [{"name": "c", "image": "x", **limits}]
    manifest = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": pod,
        "spec": {"containers": containers},
    }
    controlplane.kubectl("create", "-f", "-", stdin=json.dumps(manifest))
    token = served.token("admin")

    shown, _ = _nsaas(served, token, "adopt", "-f", str(file), "--dry-run").communicate()
    assert "limits.cpu 3 is above the maximum 1" in shown, shown
    assert "metadata.labels[platform.io/team]" in shown

    following = _nsaas(served, token, "adopt", "-f", str(file), "--wait")
    assert following.stdout is not None
    said = next(line for line in following.stdout if "Run: " in line)
    command = said.partition("Run: ")[2].partition(" (")[0]
    controlplane.kubectl(*command.split()[1:])
    told, _ = following.communicate(timeout=30)

    assert following.returncode == 0, told
    assert f"{existing}: completed (done)" in told
