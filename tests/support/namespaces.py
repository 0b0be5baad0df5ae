"""Namespaces on the real control plane, made by the portal's client without a request."""

import asyncio
import json
from dataclasses import replace
from typing import Any

from nsaas_app.cluster.client import Cluster
from nsaas_app.domain import keys
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.manifests.bundle import bundle
from nsaas_app.manifests.namespace import namespace_claim
from nsaas_app.manifests.network_policies import NetworkSettings
from tests.support.controlplane import ControlPlane
from tests.support.specs import NOW, spec_of

__all__ = ["apply_as_admin", "create_namespace", "delete_namespace", "deployment_manifest"]


async def create_namespace(cluster: Cluster, name: str, **fields: Any) -> ManagedNamespace:
    """Create a namespace with its whole bundle; give the record that belongs to it."""
    spec: NamespaceSpec = spec_of(name, **fields)
    created = await cluster.create(namespace_claim(spec, request_id=f"r-{name}"))
    made = bundle(
        spec, request_id=f"r-{name}", provisioned_at=NOW, now=NOW, settings=NetworkSettings()
    )
    await cluster.apply(made.namespace, force=False)
    rest = [each for each in made if each is not made.namespace]
    await asyncio.gather(*(cluster.apply(each, force=False) for each in rest))
    record = ManagedNamespace(
        name=spec.name,
        team=spec.team,
        cluster=spec.cluster,
        intent=Intent.ACTIVE,
        spec=spec,
        request_id=f"r-{name}",
        created_at=NOW,
    )
    return replace(record, uid=created.metadata.uid)


async def delete_namespace(cluster: Cluster, record: ManagedNamespace) -> None:
    """Begin its deletion, past the policy that guards it."""
    name = str(record.name)
    confirmed = {"metadata": {"annotations": {keys.CONFIRM_DELETION: name}}}
    await cluster.merge("Namespace", name, confirmed)
    await cluster.delete("Namespace", name, uid=record.uid)


async def apply_as_admin(controlplane: ControlPlane, *manifests: dict[str, Any]) -> None:
    """What somebody else does with kubectl."""
    for manifest in manifests:
        await asyncio.to_thread(
            controlplane.kubectl, "apply", "-f", "-", stdin=json.dumps(manifest)
        )


def deployment_manifest(
    name: str, namespace: str, *, replicas: int = 1, **pod: Any
) -> dict[str, Any]:
    """A Deployment of one container that asks for nothing."""
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "c", "image": "x"} | pod]},
            },
        },
    }
