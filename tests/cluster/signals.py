"""What the tests of this folder send to provoke an answer, and how they look at it."""

from collections.abc import Awaitable
from typing import Any

import pytest

from nsaas_app.cluster.faults import ClusterError, Verdict

__all__ = ["PERMANENT", "RETRY", "UNKNOWN", "Seen", "manifest", "pod", "quota", "refused"]

PERMANENT, RETRY, UNKNOWN = Verdict.PERMANENT, Verdict.RETRY, Verdict.UNKNOWN

Seen = tuple[int, str, Verdict]
"""Status, code of the catalogue, verdict."""


async def refused(call: Awaitable[object], words: str = "") -> Seen:
    """Make a call that must fail, with these words in the message."""
    with pytest.raises(ClusterError) as caught:
        await call
    error = caught.value
    assert words in error.message, error.message
    return error.status, error.code, error.verdict


def manifest(kind: str, name: str, namespace: str = "", **parts: Any) -> dict[str, Any]:
    """An object of a kind; the API version follows from the kind."""
    group = {"NetworkPolicy": "networking.k8s.io/v1", "RoleBinding": "rbac.authorization.k8s.io/v1"}
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    metadata |= parts.pop("metadata", {})
    return {"apiVersion": group.get(kind, "v1"), "kind": kind, "metadata": metadata, **parts}


def quota(name: str, namespace: str, **hard: str) -> dict[str, Any]:
    return manifest("ResourceQuota", name, namespace, spec={"hard": hard})


def pod(namespace: str, *, requests: dict[str, str] | None = None, **limits: str) -> dict[str, Any]:
    """A pod of one container; without any amount it asks for nothing."""
    resources = {"limits": limits, "requests": requests or {}} if limits or requests else {}
    container = {"name": "c", "image": "x", "resources": resources}
    return manifest("Pod", "p", namespace, spec={"containers": [container]})
