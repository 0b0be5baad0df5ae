"""Probes and metrics, and the script by which pages find their server."""

from pathlib import Path

import httpx
import yaml

from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.api.conftest import Caller, Layers
from tests.api.problems import problem_in
from tests.support.controlplane import ControlPlane
from tests.support.served import free_port
from tests.support.waiting import eventually


async def test_a_living_process_says_so_to_anybody(anonymous: httpx.AsyncClient) -> None:
    reply = await anonymous.get("/healthz")

    assert reply.status_code == 200
    assert reply.json() == {"status": "ok", "environment": "dev", "dev_sign_in": True}


async def test_it_is_ready_once_the_cluster_is_known(
    portal: Runtime, anonymous: httpx.AsyncClient
) -> None:
    await eventually(lambda: portal.directory.has_synced)

    reply = await anonymous.get("/readyz")

    assert reply.status_code == 200
    assert reply.json()["status"] == "ready"
    assert set(reply.json()["checks"]) == {"database", "caches", "cluster"}
    assert all(check["ok"] for check in reply.json()["checks"].values())


async def test_without_its_cluster_it_is_not_ready_and_says_why(
    settings: Settings, controlplane: ControlPlane, layers: Layers, tmp_path: Path
) -> None:
    document = yaml.safe_load(controlplane.kubeconfig.read_text())
    document["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{free_port()}"
    nowhere = tmp_path / "nowhere.kubeconfig"
    nowhere.write_text(yaml.safe_dump(document))

    async with (
        serving(settings.model_copy(update={"kubeconfig": nowhere})),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app), base_url="http://localhost:8000"
        ) as anybody,
    ):
        reply = await anybody.get("/readyz")

        assert reply.status_code == 503
        assert reply.json()["status"] == "not ready"
        checks = reply.json()["checks"]
        assert checks["database"]["ok"]
        assert checks["caches"] == {"ok": False, "reason": checks["caches"]["reason"]}
        assert "not listed yet: Namespace" in checks["caches"]["reason"]
        assert (await anybody.get("/healthz")).status_code == 200


async def test_metrics_need_a_credential_that_reads(
    anonymous: httpx.AsyncClient, calling: Caller
) -> None:
    problem_in(await anonymous.get("/metrics"), 401, "SIGNED_OUT")
    writing = await calling("admin", scopes=frozenset({"write"}))
    problem_in(await writing.get("http://localhost:8000/metrics"), 403, "NOT_ALLOWED")

    reading = await calling("auditor", scopes=frozenset({"read"}))
    reply = await reading.get("http://localhost:8000/metrics")

    assert reply.headers["content-type"].startswith("text/plain")
    families = {line.split()[2] for line in reply.text.splitlines() if line.startswith("# TYPE")}
    assert families >= {
        "nsaas_requests_total", "nsaas_request_duration_seconds", "nsaas_step_duration_seconds",
        "nsaas_namespaces", "nsaas_kube_requests_total", "nsaas_kube_request_duration_seconds",
        "nsaas_reflector_last_contact_timestamp_seconds", "nsaas_reflector_relists_total",
        "nsaas_cache_objects", "nsaas_jobs", "nsaas_live_clients", "nsaas_event_loop_lag_seconds",
        "nsaas_auth_total",
    }  # fmt: skip


async def test_metrics_are_open_where_the_settings_say_so(
    settings: Settings, layers: Layers
) -> None:
    async with (
        serving(settings.model_copy(update={"metrics_open": True})),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app), base_url="http://localhost:8000"
        ) as anybody,
    ):
        assert (await anybody.get("/metrics")).status_code == 200


async def test_no_other_script_is_served_in_place_of_the_one(
    signed_in: httpx.AsyncClient,
) -> None:
    problem_in(await signed_in.get("/assets/reflex-env-nothing.js"), 404, "NOT_FOUND")
