"""Kinds that an operator brings, on the real API server for a while."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from tests.support.controlplane import ControlPlane

__all__ = ["defined", "definition"]


def definition(group: str, kind: str, *categories: str) -> dict[str, Any]:
    """A CustomResourceDefinition as an operator brings it, with a schema that takes anything."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {
        "name": "v20250601", "served": True, "storage": True,
        "schema": {"openAPIV3Schema": schema},
    }  # fmt: skip
    names = {"kind": kind, "plural": f"{kind.lower()}s", "singular": kind.lower()}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{names['plural']}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": names | {"categories": list(categories)},
            "versions": [version],
        },
    }


@contextlib.contextmanager
def defined(controlplane: ControlPlane, *definitions: dict[str, Any]) -> Iterator[None]:
    """Have kinds for a while; they go, and with them their objects."""
    names = [f"crd/{each['metadata']['name']}" for each in definitions]
    for each in definitions:
        controlplane.kubectl("apply", "-f", "-", stdin=json.dumps(each))
    try:
        controlplane.kubectl("wait", "--for=condition=Established", "--timeout=60s", *names)
        yield
    finally:
        controlplane.kubectl("delete", "--ignore-not-found", *names)
