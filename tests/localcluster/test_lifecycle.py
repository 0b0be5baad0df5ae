"""Runs that end badly, and the next one on the same home."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from nsaas_app.localcluster import (
    Component,
    LocalCluster,
    LocalClusterError,
    Profile,
    ensure_binaries,
    erase,
)
from nsaas_app.localcluster.layout import Layout
from nsaas_app.localcluster.processes import ProcessIdentity
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]

RUN_UNTIL_KILLED = """
import asyncio, pathlib, sys
from nsaas_app.localcluster import LocalCluster, Profile

async def main():
    home = pathlib.Path(sys.argv[1])
    async with LocalCluster.running(home, profile=Profile.THROWAWAY) as cluster:
        await cluster.kubectl("create", "namespace", "kept")
        print("up", flush=True)
        await asyncio.sleep(3600)

asyncio.run(main())
"""


TAKEN_ONCE = """#!/bin/sh
if mkdir "$0.tried" 2>/dev/null; then
  echo "listen tcp 127.0.0.1:6443: bind: address already in use" >&2
  exit 1
fi
exec REAL "$@"
"""


async def unlucky_api_server(directory: Path) -> Path:
    """Make an API server that finds its port taken at its first start."""
    real = (await ensure_binaries()).path(Component.APISERVER)
    program = directory / Component.APISERVER
    program.parent.mkdir()
    program.write_text(TAKEN_ONCE.replace("REAL", str(real)))
    program.chmod(0o755)
    return program


async def test_a_killed_parent_leaves_no_process_and_the_next_start_goes_on(
    tmp_path: Path,
) -> None:
    program = await unlucky_api_server(tmp_path / "assets")
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RUN_UNTIL_KILLED,
        str(tmp_path),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "KUBEBUILDER_ASSETS": str(program.parent)},
    )
    assert parent.stdout is not None
    async with asyncio.timeout(60):
        assert await parent.stdout.readline() == b"up\n"
    assert program.with_name(f"{program.name}.tried").is_dir()
    layout = Layout(tmp_path)
    left = [ProcessIdentity.read(layout.record(component)) for component in Component]
    running = [identity for identity in left if identity is not None and identity.is_alive()]
    assert len(running) == len(Component)
    certificate = (layout.pki / "kube-apiserver.crt").read_bytes()
    ports = json.loads(layout.ports.read_text())

    parent.kill()
    await parent.wait()
    await eventually(lambda: not any(identity.is_alive() for identity in running))

    async with LocalCluster.running(tmp_path, profile=Profile.THROWAWAY) as cluster:
        assert "namespace/kept" in await cluster.kubectl("get", "namespaces", "-o", "name")
        assert json.loads(layout.ports.read_text()) == ports
        assert (layout.pki / "kube-apiserver.crt").read_bytes() == certificate
        await refuses_a_second(tmp_path)
        await reports_what_ends_by_itself(cluster)
    assert not list(layout.run.glob("*.json"))

    await erase(tmp_path)
    assert not layout.cluster.exists()
    assert not layout.kubeconfig.exists()


async def refuses_a_second(home: Path) -> None:
    with pytest.raises(LocalClusterError, match="already runs a control plane"):
        await LocalCluster.running(home).__aenter__()
    with pytest.raises(LocalClusterError, match="already runs a control plane"):
        await erase(home)


async def reports_what_ends_by_itself(cluster: LocalCluster) -> None:
    os.kill(cluster.pid(Component.SCHEDULER), signal.SIGKILL)

    async with asyncio.timeout(60):
        ended = await cluster.next_exit()

    assert ended.name == Component.SCHEDULER
    assert ended.code == -signal.SIGKILL
