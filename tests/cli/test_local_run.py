import os
import socket
from pathlib import Path

import pytest

from nsaas_app.cli.local_portal import portal_environment
from nsaas_app.cli.local_record import LocalRun
from nsaas_app.cli.local_run import LocalRunError, RunOptions, run_locally
from nsaas_app.localcluster import quiet

ROOT = Path(__file__).parents[2]


async def test_a_taken_port_is_one_sentence_with_the_fix(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(LocalRunError, match="taken by another program") as refused,
    ):
        await run_locally(
            RunOptions(tmp_path, other.getsockname()[1]), progress=quiet, answer=print
        )

    assert "--port" in refused.value.fix
    assert LocalRun.on(tmp_path) is None


def test_a_local_portal_gets_its_own_access_and_nothing_of_other_clusters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/home/somebody/.kube/config")
    monkeypatch.setenv("KUBE_CONTEXT", "production")
    monkeypatch.delenv("NSAAS_ENV", raising=False)

    found = portal_environment(tmp_path, 8123, web=ROOT, context=None, no_cluster=False)

    assert found["KUBECONFIG"] == str(tmp_path / "portal.kubeconfig")
    assert found["NSAAS_HOME"] == str(tmp_path)
    assert found["NSAAS_PORT"] == "8123"
    assert found["NSAAS_ENV"] == "dev"
    assert "KUBE_CONTEXT" not in found


def test_on_another_cluster_the_portal_is_no_dev_portal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/home/somebody/.kube/config")
    monkeypatch.setenv("KUBE_CONTEXT", "production")
    monkeypatch.delenv("NSAAS_ENV", raising=False)

    found = portal_environment(tmp_path, 8123, web=ROOT, context="staging", no_cluster=False)
    none = portal_environment(tmp_path, 8123, web=ROOT, context=None, no_cluster=True)

    assert found["KUBECONFIG"] == os.environ["KUBECONFIG"]
    assert found["KUBE_CONTEXT"] == "staging"
    assert none["NSAAS_NO_CLUSTER"] == "true"
    assert "KUBE_CONTEXT" not in none
    assert "NSAAS_ENV" not in found | none
