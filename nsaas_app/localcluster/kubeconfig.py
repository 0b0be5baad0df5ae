"""Kubeconfig files: how components, people and the portal reach the API server."""

import base64
import os
from pathlib import Path
from typing import Any, Final

import yaml

from .certificates import Pair

__all__ = ["CONTEXT", "client_kubeconfig", "token_kubeconfig", "write_private"]

CONTEXT: Final = "nsaas-local"


def client_kubeconfig(server: str, authority: Path, client: Pair) -> str:
    """Describe access by a client certificate, everything inline so that the file can travel."""
    return _render(
        server,
        authority,
        {
            "client-certificate-data": _inline(client.certificate),
            "client-key-data": _inline(client.key),
        },
    )


def token_kubeconfig(server: str, authority: Path, token_file: Path) -> str:
    """Describe access by a token that is read from a file, because it is renewed there."""
    return _render(server, authority, {"tokenFile": str(token_file)})


def write_private(path: Path, content: str) -> None:
    """Replace a file in one step; nobody but its owner may read it at any moment."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)


def _inline(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _render(server: str, authority: Path, user: dict[str, Any]) -> str:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": CONTEXT,
                "cluster": {"server": server, "certificate-authority-data": _inline(authority)},
            }
        ],
        "users": [{"name": CONTEXT, "user": user}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
        "current-context": CONTEXT,
    }
    return yaml.safe_dump(config, sort_keys=False)
