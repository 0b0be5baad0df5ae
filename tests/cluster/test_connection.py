"""Ways to a cluster: kubeconfig files, token files, credential plugins, the pod's own account."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes.aio.config import ConfigException

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from tests.cluster.signals import RETRY, refused
from tests.support.controlplane import ControlPlane


@pytest.fixture
def document(controlplane: ControlPlane) -> dict[str, Any]:
    """The portal's kubeconfig, to be changed."""
    loaded: dict[str, Any] = yaml.safe_load(controlplane.portal_kubeconfig.read_text())
    return loaded


@pytest.fixture
def token(document: dict[str, Any]) -> str:
    return Path(document["users"][0]["user"]["tokenFile"]).read_text().strip()


def write(path: Path, document: dict[str, Any], **user: Any) -> Path:
    if user:
        document["users"][0]["user"] = user
    path.write_text(yaml.safe_dump(document))
    return path


async def opened(path: Path, *, context: str | None = None) -> Cluster:
    return await connect(ClusterAddress(kubeconfig=path, context=context))


async def works(cluster: Cluster) -> None:
    assert (await cluster.version()).startswith("v1.")


async def test_a_token_file_is_read_again_when_it_was_replaced(
    document: dict[str, Any], token: str, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("not.a.token")
    cluster = await opened(write(tmp_path / "config", document, tokenFile="token"))
    assert await refused(cluster.version(), "Unauthorized") == (401, "API_UNREACHABLE", RETRY)
    fresh = tmp_path / "token.new"
    fresh.write_text(f"{token}\n")
    fresh.replace(tmp_path / "token")
    await works(cluster)
    await cluster.close()


def plugin(directory: Path, **status: str) -> dict[str, Any]:
    """A credential plugin that gives this, and counts its runs."""
    reply = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"}
    (directory / "reply.json").write_text(json.dumps(reply | {"status": status}))
    script = directory / "plugin"
    script.write_text(f'#!/bin/sh\necho run >> "{directory}/runs"\ncat "{directory}/reply.json"\n')
    script.chmod(0o755)
    return {"exec": {"apiVersion": reply["apiVersion"], "command": str(script)}}


def runs(directory: Path) -> int:
    return (directory / "runs").read_text().count("run")


def rfc3339(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_a_plugins_token_is_used_until_it_expires_and_then_asked_for_once_more(
    document: dict[str, Any], token: str, tmp_path: Path
) -> None:
    user = plugin(tmp_path, token="not.a.token", expirationTimestamp=rfc3339(minutes=-1))
    cluster = await opened(write(tmp_path / "config", document, **user))
    assert runs(tmp_path) == 1
    plugin(tmp_path, token=token, expirationTimestamp=rfc3339(hours=1))
    await asyncio.gather(*(works(cluster) for _ in range(5)))
    assert runs(tmp_path) == 2
    await works(cluster)
    assert runs(tmp_path) == 2
    await cluster.close()


async def test_a_plugins_token_without_an_end_is_asked_for_once(
    document: dict[str, Any], token: str, tmp_path: Path
) -> None:
    user = plugin(tmp_path, token=token)
    cluster = await opened(write(tmp_path / "config", document, **user))
    await works(cluster)
    await works(cluster)
    assert runs(tmp_path) == 1
    await cluster.close()


@pytest.mark.parametrize("broken", ["#!/bin/sh\nexit 3\n", "#!/bin/sh\necho no json\n"])
async def test_a_plugin_that_fails_is_told_and_nobody_comes_as_nobody(
    document: dict[str, Any], tmp_path: Path, broken: str
) -> None:
    user = plugin(tmp_path)
    (tmp_path / "plugin").write_text(broken)
    path = write(tmp_path / "config", document, **user)
    with pytest.raises(ConfigException, match=r"plugin .* gave no credential"):
        await opened(path)


async def test_a_context_is_chosen_by_name(
    document: dict[str, Any], token: str, tmp_path: Path
) -> None:
    document["users"].append({"name": "stranger", "user": {"token": "not.a.token"}})
    cluster_name = document["clusters"][0]["name"]
    context = {"cluster": cluster_name, "user": "stranger"}
    document["contexts"].append({"name": "other", "context": context})
    path = write(tmp_path / "config", document)
    ours, other = await opened(path), await opened(path, context="other")
    await works(ours)
    assert (await refused(other.version()))[0] == 401
    await ours.close()
    await other.close()
    with pytest.raises(ConfigException):
        await opened(path, context="nowhere")


async def test_several_files_are_one_configuration(
    document: dict[str, Any], token: str, tmp_path: Path
) -> None:
    places = tmp_path / "places.yaml"
    who = tmp_path / "deep" / "who.yaml"
    who.parent.mkdir()
    (who.parent / "token").write_text(token)
    users = [{"name": document["users"][0]["name"], "user": {"tokenFile": "token"}}]
    who.write_text(yaml.safe_dump({"users": users}))
    places.write_text(yaml.safe_dump({k: v for k, v in document.items() if k != "users"}))
    cluster = await opened(Path(f"{places}{os.pathsep}{who}{os.pathsep}{tmp_path}/missing"))
    await works(cluster)
    (who.parent / "token").write_text("not.a.token")
    assert (await refused(cluster.version()))[0] == 401
    await cluster.close()


async def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigException):
        await opened(tmp_path / "nothing")


async def test_outside_a_pod_the_usual_kubeconfig_counts(
    controlplane: ControlPlane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".kube").mkdir()
    config = tmp_path / ".kube" / "config"
    config.write_text(controlplane.portal_kubeconfig.read_text())
    monkeypatch.setenv("HOME", str(tmp_path))
    # A pod has these and the files beside them; here the files are missing.
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "1")
    cluster = await connect(ClusterAddress())
    await works(cluster)
    await cluster.close()


async def test_a_proxy_of_the_environment_is_not_asked(
    controlplane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    cluster = await opened(controlplane.portal_kubeconfig)
    await works(cluster)
    await cluster.close()
