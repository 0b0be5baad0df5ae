"""How to reach a cluster: kubeconfig or the ServiceAccount of the pod, credentials kept fresh."""

import asyncio
import base64
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from kubernetes.aio import config
from kubernetes.aio.client.configuration import Configuration

from .calls import ObservedApi
from .client import Cluster, Endpoint

__all__ = ["ClusterAddress", "connect"]

POOL_SIZE = 48
"""Connections to one API server. More than about 32 in flight only makes each call slower."""


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a cluster is and as whom the portal comes."""

    name: str = "local"
    kubeconfig: Path | None = None
    """One file, or several as `KUBECONFIG` lists them. None: the pod's ServiceAccount, else the
    usual kubeconfig."""
    context: str | None = None


def _user_of(kubeconfig: Path, context: str | None) -> tuple[Path, dict[str, Any]]:
    """Find the context's user, and the file that describes it: relative paths start there."""
    files = [Path(part).expanduser() for part in str(kubeconfig).split(os.pathsep) if part]
    documents = [(file, yaml.safe_load(file.read_text()) or {}) for file in files if file.exists()]
    contexts: dict[str, dict[str, str]] = {}
    users: dict[str, tuple[Path, dict[str, Any]]] = {}
    wanted = context
    for file, document in documents:
        for entry in document.get("contexts") or []:
            contexts.setdefault(entry["name"], entry["context"])
        for entry in document.get("users") or []:
            users.setdefault(entry["name"], (file, entry["user"] or {}))
        wanted = context or document.get("current-context") or wanted
    name = contexts.get(wanted or "", {}).get("user", "")
    return users.get(name, (kubeconfig, {}))


def _from_token_file(path: Path) -> Callable[[Configuration], None]:
    """Read the file again whenever it was replaced: the client itself reads it only once."""
    seen = 0

    def refresh(configuration: Configuration) -> None:
        nonlocal seen
        written = path.stat().st_mtime_ns
        if written != seen:
            configuration.api_key["BearerToken"] = "Bearer " + path.read_text().strip()
            seen = written

    return refresh


def _from_exec_plugin(loader: Any) -> Callable[[Configuration], Awaitable[None]]:
    """Run the plugin again when its token expired; the client would keep sending the old one."""
    one_at_a_time = asyncio.Lock()

    async def refresh(configuration: Configuration) -> None:
        async with one_at_a_time:
            await loader.load_from_exec_plugin()
        configuration.api_key["BearerToken"] = loader.token

    return refresh


async def _configure(address: ClusterAddress, configuration: Configuration) -> None:
    if address.kubeconfig is None:
        try:
            config.load_incluster_config(client_configuration=configuration)
        except config.ConfigException:
            pass
        else:
            return
    kubeconfig = address.kubeconfig or Path("~/.kube/config")
    loader = await config.load_kube_config(
        config_file=str(kubeconfig),
        context=address.context,
        client_configuration=configuration,
        persist_config=False,
    )
    file, user = await asyncio.to_thread(_user_of, kubeconfig, address.context)
    if "tokenFile" in user:
        token = file.parent / user["tokenFile"]
        configuration.refresh_api_key_hook = _from_token_file(token)
    elif "exec" in user:
        # A plugin that fails is only logged by the library, and we would come as nobody.
        if not (getattr(loader, "token", None) or getattr(loader, "cert_file", None)):
            command = user["exec"].get("command")
            raise config.ConfigException(f"The credential plugin {command} gave no credential.")
        if hasattr(loader, "exec_plugin_expiry"):
            configuration.refresh_api_key_hook = _from_exec_plugin(loader)


async def connect(address: ClusterAddress) -> Cluster:
    """Open a client for the cluster. Nothing is called yet.

    Raises:
        kubernetes.aio.config.ConfigException: no usable configuration was found.
    """
    configuration = Configuration()
    await _configure(address, configuration)
    configuration.connection_pool_maxsize = POOL_SIZE
    api = ObservedApi(configuration)
    endpoint = Endpoint(configuration.host, await asyncio.to_thread(_authority, configuration))
    return Cluster(api, name=address.name, endpoint=endpoint)


def _authority(configuration: Configuration) -> str:
    file = configuration.ssl_ca_cert
    return base64.b64encode(Path(file).read_bytes()).decode() if file else ""
