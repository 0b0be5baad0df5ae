"""The portal as people run it: a child process with pages, port, home and log of its own.

Everything here may be used from any thread, with or without a running event loop.
"""

import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx

from nsaas_app.cli.frontend import ensure_built
from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.roles import Identity
from nsaas_app.localcluster import quiet
from nsaas_app.localcluster.child import tied_command
from nsaas_app.localcluster.ports import is_free
from nsaas_app.runtime import IdentityServices, identity_services
from nsaas_app.settings import Settings
from tests.support.controlplane import ControlPlane
from tests.support.waiting import eventually_sync

__all__ = ["ServedPortal", "built_front_end", "free_port", "served_portal"]

ROOT: Final = Path(__file__).parents[2]
READY_WITHIN_S: Final = 120.0
ENDED_WITHIN_S: Final = 60.0

T = TypeVar("T")


def free_port() -> int:
    """A port below the range from which outgoing connections get theirs."""
    return next(port for port in random.sample(range(12_000, 20_000), 1000) if is_free(port))


@cache
def built_front_end() -> Path:
    """The front end, built at most once: other processes of this run wait for the builder."""
    return _apart(ensure_built(quiet))


def _apart(call: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a thread that has no event loop yet."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, call).result()


class ServedPortal:
    """One portal on one home and one port, through any number of starts."""

    def __init__(self, home: Path, *, kubeconfig: Path, web: Path) -> None:
        self.home = home
        self.port = free_port()
        self.log = home / "portal.log"
        self._kubeconfig = kubeconfig
        self._web = web
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, env="dev", kubeconfig=self._kubeconfig, port=self.port)

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the portal was not started"
        return self._process

    def start(self, **variables: str) -> None:
        """Start it and return at once; `variables` are set beside its own, as NSAAS_<NAME>."""
        self.home.mkdir(parents=True, exist_ok=True)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NSAAS_", "REFLEX_"))}
        environment = inherited | {
            "NSAAS_HOME": str(self.home),
            "NSAAS_ENV": "dev",
            "KUBECONFIG": str(self._kubeconfig),
            "REFLEX_WEB_WORKDIR": str(self._web),
            # Once a minute is soon enough for people; a test would wait for it each time.
            "NSAAS_CLEANUP_SWEEP_SECONDS": "5",
            **{f"NSAAS_{name.upper()}": value for name, value in variables.items()},
        }
        command = ["-m", "nsaas_app", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        tied, inherits = tied_command([sys.executable, *command])
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                tied,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=inherits,
            )

    def wait_ready(self) -> None:
        """Wait until database, cluster and caches are ready, by its own word."""
        with httpx.Client(trust_env=False, timeout=5) as client:
            eventually_sync(
                lambda: self._is_ready(client), within_s=READY_WITHIN_S, what=f"{self.url} is ready"
            )

    def _is_ready(self, client: httpx.Client) -> bool:
        assert self._running.poll() is None, f"the portal ended:\n{self.log.read_text()[-4000:]}"
        try:
            return client.get(f"{self.url}/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """kill -9: nothing of it runs any further."""
        self._running.kill()
        self._running.wait()

    def wait_ended(self) -> int:
        """Wait until it ends by itself; give its exit code."""
        return self._running.wait(ENDED_WITHIN_S)

    def stop(self) -> None:
        """Ask it to end, as the system does at a restart."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(ENDED_WITHIN_S)
        finally:
            self._process.kill()
            self._process.wait()

    def log_lines(self) -> list[dict[str, Any]]:
        """Every structured line it wrote so far, in order."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def plain_lines(self) -> list[str]:
        """Lines of its log that are no JSON: what reads logs cannot read them."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if not line.startswith("{")]

    def ensure_log_is_clean(self) -> None:
        """Fail when it met an error, or wrote a line that is no JSON."""
        errors = [line for line in self.log_lines() if line["level"] in ("error", "critical")]
        odd = [*self.plain_lines(), *map(str, errors)]
        assert not odd, odd[0]

    def last_words(self, lines: int = 40) -> str:
        """The end of its log, calls that went well left out."""
        told = [line for line in self.log.read_text(errors="replace").splitlines()
                if '"level": "debug"' not in line]  # fmt: skip
        return "\n".join(told[-lines:])

    def cookie(self, identity: str | Identity) -> dict[str, str]:
        """The cookie of a new login session: name and value."""
        who = DEV_IDENTITIES[identity] if isinstance(identity, str) else identity

        async def begin(services: IdentityServices) -> dict[str, str]:
            value = await services.sign_in.begin(who, source="test")
            return {services.sign_in.cookie_name: value}

        return self._with_services(begin)

    def token(self, identity: str) -> str:
        """A new API token."""

        async def issue(services: IdentityServices) -> str:
            who, lifetime = DEV_IDENTITIES[identity], timedelta(hours=1)
            return await services.tokens.issue(who, name="test", lifetime=lifetime)

        return self._with_services(issue)

    def sign_in_url(self, identity: str) -> str:
        """A one-time address, made by the command that people use."""
        environment = os.environ | {"NSAAS_HOME": str(self.home), "NSAAS_PORT": str(self.port)}
        command = [sys.executable, "-m", "nsaas_app", "dev", "sign-in-url", identity]
        environment |= {"NSAAS_ENV": "dev"}
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    @contextlib.contextmanager
    def client(self, identity: str) -> Iterator[httpx.Client]:
        """A REST client with a token of the identity."""
        headers = {"Authorization": f"Bearer {self.token(identity)}"}
        with httpx.Client(
            base_url=f"{self.url}/api/v1", headers=headers, trust_env=False, timeout=30
        ) as client:
            yield client

    def _with_services(self, use: Callable[[IdentityServices], Coroutine[Any, Any, T]]) -> T:
        async def work() -> T:
            async with identity_services(self.settings) as services:
                return await use(services)

        return _apart(work())


@contextlib.contextmanager
def served_portal(
    home: Path, controlplane: ControlPlane, **variables: str
) -> Iterator[ServedPortal]:
    """Run a portal on the test's control plane for a block; it is ready when the block begins."""
    portal = ServedPortal(home, kubeconfig=controlplane.portal_kubeconfig, web=built_front_end())
    try:
        portal.start(**variables)
        portal.wait_ready()
        yield portal
    finally:
        portal.stop()
