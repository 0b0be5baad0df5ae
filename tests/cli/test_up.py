"""The whole of `nsaas up`: real control plane, real front end, real portal, by the real command."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from nsaas_app.cli.local_record import LocalRun
from nsaas_app.cli.up import down
from nsaas_app.localcluster.layout import Layout
from nsaas_app.localcluster.ports import Ports
from nsaas_app.localcluster.processes import ProcessIdentity
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
NSAAS = [sys.executable, "-m", "nsaas_app"]
FIRST_BUILD_SECONDS = 600


class Up:
    """One command under way: what it said, and how it ended."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[str] = []

    async def hear(self, beginning: str) -> str:
        """Return the first line that begins so, from now on."""
        assert self.process.stdout is not None
        async with asyncio.timeout(FIRST_BUILD_SECONDS):
            async for raw in self.process.stdout:
                self.said.append(raw.decode().strip())
                if self.said[-1].startswith(beginning):
                    return self.said[-1]
        pytest.fail(f"nothing began with {beginning!r}: {self.said}")

    async def end(self) -> tuple[int, str]:
        """Return the exit code and everything that was said."""
        output, _ = await self.process.communicate()
        return self.process.returncode or 0, "\n".join([*self.said, output.decode()])


@pytest.fixture
def port(tmp_path: Path) -> int:
    return Ports.choose(tmp_path / "ports.json").apiserver


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


async def nsaas(home: Path, *arguments: str, **variables: str) -> Up:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NSAAS_", "KUBECONFIG", "KUBE_CONTEXT", "MAKELEVEL"))
    }
    process = await asyncio.create_subprocess_exec(
        *NSAAS,
        *arguments,
        env={**inherited, "NSAAS_HOME": str(home), **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=ROOT,
    )
    return Up(process)


@pytest.fixture
async def up(home: Path, port: int) -> AsyncIterator[Up]:
    running = await nsaas(home, "up", "--port", str(port))
    yield running
    if running.process.returncode is None:
        running.process.kill()
        await running.end()


def processes(home: Path) -> list[ProcessIdentity]:
    records = Layout(home).run.glob("*.json")
    found = [ProcessIdentity.read(record) for record in records]
    return [identity for identity in found if identity is not None]


@pytest.mark.long
async def test_one_command_starts_everything_and_ctrl_c_stops_it(
    up: Up, home: Path, port: int
) -> None:
    assert await up.hear("Ready:") == f"Ready: http://localhost:{port}"
    sign_in = (await up.hear("Sign in once as admin:")).split()[-1]
    run = LocalRun.on(home)
    assert run is not None
    assert run.pid == up.process.pid
    started = processes(home)
    # The five components, the portal and the command itself.
    assert len(started) == 7

    async with httpx.AsyncClient(follow_redirects=True) as browser:
        ready = await browser.get(f"http://localhost:{port}/readyz")
        assert ready.json()["checks"]["cluster"]["ok"]
        signed_in = await browser.get(sign_in)
        assert signed_in.status_code == 200
        assert (await browser.get(f"http://localhost:{port}/api/v1/me")).json()["subject"]

    code, said = await (await nsaas(home, "up", "--port", str(port + 1))).end()
    assert code == 1, said
    assert f"nsaas is already running on {home}" in said

    up.process.send_signal(signal.SIGINT)
    code, said = await up.end()
    assert code == 0, said
    order = [said.index(line) for line in ("Stopping the portal", "Stopping the local", "Stopped.")]
    assert order == sorted(order)
    assert not any(process.is_alive() for process in started)


@pytest.mark.long
async def test_a_dying_portal_ends_a_run_that_was_left_in_the_background(
    home: Path, port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("up", "--detach", "--no-cluster", "--port", str(port))
    code, said = await (await nsaas(home, *arguments, NSAAS_ENV="dev")).end()
    assert code == 0, said
    assert f"Ready: http://localhost:{port}" in said
    started = processes(home)
    assert len(started) == 2

    portal = ProcessIdentity.read(Layout(home).record("portal"))
    assert portal is not None
    os.kill(portal.pid, signal.SIGKILL)
    await eventually(lambda: not any(process.is_alive() for process in started), within_s=60)

    assert "portal ended by itself (exit code -9)" in Layout(home).log("up").read_text()
    monkeypatch.setenv("NSAAS_HOME", str(home))
    await asyncio.to_thread(down)
    assert capsys.readouterr().out == f"Nothing runs on {home}.\n"
