"""The portal of a local run: a child process, its settings, and the wait until it is ready."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from ..localcluster.child import Child
from ..localcluster.commands import run
from ..localcluster.layout import Layout
from ..localcluster.processes import ProcessIdentity, end_process

__all__ = [
    "PORTAL",
    "PortalAddress",
    "SignInRefusedError",
    "portal_environment",
    "sign_in_url",
    "start_portal",
]

PORTAL: Final = "portal"
_ANSWER_SECONDS: Final = 3.0


class SignInRefusedError(Exception):
    """No dev identity may sign in here."""


@dataclass(frozen=True, slots=True)
class PortalAddress:
    """Where a local portal listens: on this machine only."""

    port: int

    @property
    def url(self) -> str:
        """For people."""
        return f"http://localhost:{self.port}"

    async def is_ready(self) -> bool:
        """Ask the portal whether it can serve: database, cluster and caches."""
        async with httpx.AsyncClient(trust_env=False, timeout=_ANSWER_SECONDS) as client:
            try:
                answer = await client.get(f"http://127.0.0.1:{self.port}/readyz")
            except httpx.TransportError:
                return False
        return answer.status_code == httpx.codes.OK


def portal_environment(
    home: Path, port: int, *, web: Path, context: str | None, no_cluster: bool
) -> dict[str, str]:
    """Return the portal's environment: the user's own, and what this run decides."""
    environment = {**os.environ, "NSAAS_HOME": str(home), "NSAAS_PORT": str(port)}
    environment["REFLEX_WEB_WORKDIR"] = str(web)
    # Which cluster it is, this command line says alone.
    for other in ("KUBE_CONTEXT", "NSAAS_NO_CLUSTER"):
        environment.pop(other, None)
    if no_cluster:
        environment["NSAAS_NO_CLUSTER"] = "true"
    elif context is not None:
        environment["KUBE_CONTEXT"] = context
    else:
        environment["KUBECONFIG"] = str(Layout(home).portal_kubeconfig)
        environment.setdefault("NSAAS_ENV", "dev")
    return environment


async def start_portal(home: Path, port: int, environment: Mapping[str, str]) -> Child:
    """Start the portal; what a killed run left of it is ended first."""
    layout = Layout(home)
    if (left := ProcessIdentity.read(layout.record(PORTAL))) is not None:
        await end_process(left, grace=0)
    log = layout.log(PORTAL)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    command = ["-m", "nsaas_app", "serve", "--host", "127.0.0.1", "--port", str(port)]
    return await Child.start(
        PORTAL,
        [sys.executable, *command],
        log=log,
        record=layout.record(PORTAL),
        environment=environment,
    )


async def sign_in_url(identity: str, environment: Mapping[str, str]) -> str:
    """Get a one-time URL that signs a dev identity in.

    Raises:
        SignInRefusedError: There is none in this environment; it says why.
    """
    command = [sys.executable, "-m", "nsaas_app", "dev", "sign-in-url", identity]
    done = await run(command, environment=environment)
    if done.code != 0:
        raise SignInRefusedError(done.errors.strip())
    return done.output.strip()
