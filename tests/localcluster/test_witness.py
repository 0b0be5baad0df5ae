"""The API server's audit log shows no write of the portal outside its namespaces.

That is asserted when a test session ends, for everything that any of its tests did. Here is the
control: what the assertion would say of a write elsewhere.
"""

import json
from pathlib import Path

import pytest

from nsaas_app.cluster.client import Cluster
from tests.support.auditlog import PORTAL, portal_writes, writes_outside
from tests.support.controlplane import ControlPlane
from tests.support.managed import ManagedNamespaces
from tests.support.namespaces import create_namespace
from tests.support.waiting import eventually


async def test_what_the_portal_writes_is_seen_and_where(
    controlplane: ControlPlane, managed: ManagedNamespaces, cluster: Cluster, name: str
) -> None:
    log = controlplane.audit_log
    await create_namespace(cluster, name)
    written = {entry["objectRef"]["resource"] for entry in portal_writes(log)}
    assert {"namespaces", "resourcequotas", "networkpolicies", "rolebindings"} <= written

    await eventually(lambda: name in managed.names, what="the namespace is seen as managed")
    assert not [line for line in writes_outside(log, managed.names) if name in line]
    # The control: were it not managed, each of these writes would be told.
    told = writes_outside(log, managed.names - {name})
    assert sum(name in line for line in told) >= 5

    with pytest.raises(AssertionError, match=name):
        Without(managed, name).ensure_nothing_was_written_outside(log)


class Without(ManagedNamespaces):
    """The same knowledge but for one namespace."""

    def __init__(self, known: ManagedNamespaces, name: str) -> None:
        super().__init__([])
        self._names = set(known.names) - {name}
        self.caught_up_within_s = 0.0


def test_a_planted_write_elsewhere_is_told_a_refused_one_is_not(tmp_path: Path) -> None:
    def line(code: int, uri: str, **about: str) -> str:
        entry = {
            "verb": "create", "user": {"username": PORTAL}, "requestURI": uri,
            "objectRef": about, "responseStatus": {"code": code},
        }  # fmt: skip
        return json.dumps(entry, separators=(",", ":"))

    log = tmp_path / "audit.log"
    quotas = "/api/v1/namespaces/kube-system/resourcequotas"
    inside = {"resource": "resourcequotas", "namespace": "kube-system"}
    lines = [
        line(201, quotas, **inside),
        line(403, quotas, **inside),
        line(201, "/apis/rbac/clusterroles", resource="clusterroles", name="mine"),
        line(201, "/api/v1/namespaces", resource="namespaces", name="ours-dev"),
        line(201, "/apis/authentication.k8s.io/v1/tokenreviews", resource="tokenreviews"),
    ]
    log.write_text("\n".join(lines) + "\n")

    assert writes_outside(log, {"ours-dev"}) == [
        f"create {quotas}",
        "create /apis/rbac/clusterroles",
    ]
