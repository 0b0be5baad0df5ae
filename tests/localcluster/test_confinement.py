"""Neither the portal nor a team gets further than it should, and it is our lock that stops them.

Every refusal has a control: the same call, from somebody who may, or without the policy, passes.
"""

import base64
import itertools
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from tests.support.controlplane import ControlPlane
from tests.support.waiting import eventually_sync

RBAC: Final = "rbac.authorization.k8s.io"
ADMISSION: Final = "/apis/admissionregistration.k8s.io/v1"
POLICIES: Final = Path(__file__).parents[2] / "apps" / "portal" / "policies"
DRY_RUN: Final = {"dryRun": "All"}
MERGE: Final = "application/merge-patch+json"
PORTAL: Final = "system:serviceaccount:platform-system:nsaas-portal"

Body = dict[str, Any]
numbers = itertools.count()


def thing(kind: str, version: str = "v1", **fields: Any) -> Body:
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": f"tried-{kind.lower()}", **fields.pop("metadata", {})},
        **fields,
    }


POD: Final = {"containers": [{"name": "c", "image": "example.test/c:1"}]}
RULES: Final = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
TO_ADMIN: Final = {"apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin"}


def group(name: str) -> Body:
    return {"apiGroup": RBAC, "kind": "Group", "name": name}


@dataclass(frozen=True)
class Call:
    """One call of the API server; `{}` in its path stands for the team's namespace."""

    method: str
    path: str
    body: Body | None = None
    policy: str = ""
    """The policy that refuses it; empty where RBAC does."""

    def by(self, client: httpx.Client, namespace: str) -> httpx.Response:
        headers = {"Content-Type": MERGE} if self.method == "PATCH" else {}
        path = self.path.replace("{}", namespace)
        query = {} if self.method == "GET" or "/proxy" in path else DRY_RUN
        return client.request(self.method, path, params=query, headers=headers, json=self.body)


NAMESPACED: Final = "/api/v1/namespaces/{}"
NETWORK: Final = "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies"
BINDINGS: Final = f"/apis/{RBAC}/v1/namespaces/{{}}/rolebindings"

BEYOND_THE_PORTAL: Final = [
    Call("GET", "/api/v1/secrets"),
    Call("GET", f"{NAMESPACED}/secrets"),
    Call("POST", f"{NAMESPACED}/secrets", thing("Secret")),
    Call("GET", "/api/v1/namespaces/kube-system/podtemplates"),
    Call("POST", f"{NAMESPACED}/configmaps", thing("ConfigMap")),
    Call("PUT", NAMESPACED, thing("Namespace")),
    Call("PUT", f"{NAMESPACED}/finalize", thing("Namespace")),
    Call("PATCH", f"{NAMESPACED}/status", {"status": {"phase": "Active"}}),
    Call("DELETE", f"{NAMESPACED}/resourcequotas"),
    Call("DELETE", NETWORK),
    Call("DELETE", BINDINGS),
    Call("DELETE", f"{NAMESPACED}/pods"),
    Call("DELETE", f"{NAMESPACED}/pods/any"),
    Call("PATCH", f"{NAMESPACED}/pods/any", {"metadata": {"labels": {"a": "b"}}}),
    Call("POST", f"{NAMESPACED}/pods/any/exec?command=id"),
    Call("GET", f"{NAMESPACED}/pods/any/log"),
    Call("GET", f"{NAMESPACED}/services/any/proxy/"),
    Call("GET", "/api/v1/nodes/any/proxy/configz"),
    Call("PATCH", "/api/v1/nodes/any", {"spec": {"unschedulable": True}}),
    Call("DELETE", "/api/v1/nodes/any"),
    Call("POST", "/apis/apps/v1/namespaces/{}/daemonsets", thing("DaemonSet", "apps/v1")),
    Call("DELETE", "/apis/apps/v1/namespaces/{}/deployments/any"),
    Call("POST", "/apis/batch/v1/namespaces/{}/jobs", thing("Job", "batch/v1")),
    Call("DELETE", "/apis/batch/v1/namespaces/{}/cronjobs/any"),
    Call("POST", f"/apis/{RBAC}/v1/clusterroles", thing("ClusterRole", f"{RBAC}/v1", rules=RULES)),
    Call("PATCH", f"/apis/{RBAC}/v1/clusterroles/nsaas-lead", {"rules": RULES}),
    Call(
        "POST",
        f"/apis/{RBAC}/v1/clusterrolebindings",
        thing("ClusterRoleBinding", f"{RBAC}/v1", roleRef=TO_ADMIN, subjects=[group("g")]),
    ),
    Call(
        "POST",
        f"/apis/{RBAC}/v1/namespaces/{{}}/roles",
        thing("Role", f"{RBAC}/v1", rules=RULES),
    ),
    Call("DELETE", f"{ADMISSION}/validatingadmissionpolicies/nsaas-protect-objects"),
    Call("DELETE", f"{ADMISSION}/validatingadmissionpolicybindings/nsaas-protect-objects"),
    Call("GET", f"{ADMISSION}/validatingwebhookconfigurations"),
    Call("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"),
    Call("GET", "/apis/certificates.k8s.io/v1/certificatesigningrequests"),
    Call("DELETE", "/api/v1/persistentvolumes/any"),
    Call("GET", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/any"),
]
"""What the portal's account has no right to: RBAC answers 403."""

ALLOW_ALL: Final = thing(
    "NetworkPolicy", "networking.k8s.io/v1", spec={"podSelector": {}, "ingress": [{}]}
)

BEYOND_A_DEVELOPER: Final = [
    Call("DELETE", f"{NETWORK}/ours"),
    Call("PATCH", f"{NETWORK}/ours", {"spec": {"ingress": [{}]}}),
    Call("DELETE", NETWORK),
    Call("POST", NETWORK, ALLOW_ALL),
    Call("DELETE", f"{NAMESPACED}/resourcequotas/ours"),
    Call("PATCH", f"{NAMESPACED}/resourcequotas/ours", {"spec": {"hard": {"pods": "999"}}}),
    Call("DELETE", f"{NAMESPACED}/limitranges/ours"),
    Call("PATCH", NAMESPACED, {"metadata": {"labels": {"platform.io/team": "other"}}}),
    Call(
        "PATCH",
        NAMESPACED,
        {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}},
    ),
    Call("DELETE", NAMESPACED),
    Call("DELETE", f"{BINDINGS}/ours"),
    Call(
        "POST",
        f"{NAMESPACED}/serviceaccounts/default/token",
        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}},
    ),
]
"""What a developer's or lead's role leaves out."""

LABELS: Final = {"metadata": {"labels": {"platform.io/managed": None}}}

REFUSED_BY_POLICY: Final = [
    Call("DELETE", f"{NETWORK}/ours", policy="nsaas-protect-objects"),
    Call("PATCH", f"{NETWORK}/ours", LABELS, policy="nsaas-protect-objects"),
    Call("PATCH", f"{NETWORK}/ours", {"spec": {"ingress": [{}]}}, policy="nsaas-protect-objects"),
    Call("DELETE", f"{BINDINGS}/ours", policy="nsaas-protect-objects"),
    Call("DELETE", f"{NAMESPACED}/resourcequotas/ours", policy="nsaas-protect-objects"),
    Call("DELETE", f"{NAMESPACED}/limitranges/ours", policy="nsaas-protect-objects"),
    Call(
        "PATCH",
        NAMESPACED,
        {"metadata": {"labels": {"platform.io/team": "other"}}},
        policy="nsaas-protect-metadata",
    ),
    Call("PATCH", NAMESPACED, LABELS, policy="nsaas-protect-metadata"),
    Call(
        "PATCH",
        NAMESPACED,
        {"metadata": {"annotations": {"platform.io/confirm-deletion": "yes"}}},
        policy="nsaas-protect-metadata",
    ),
    Call(
        "PATCH",
        NAMESPACED,
        {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}},
        policy="nsaas-protect-metadata",
    ),
    Call("DELETE", NAMESPACED, policy="nsaas-guard-deletion"),
    Call(
        "POST",
        BINDINGS,
        thing(
            "RoleBinding",
            f"{RBAC}/v1",
            roleRef={"apiGroup": RBAC, "kind": "ClusterRole", "name": "nsaas-viewer"},
            subjects=[group("strangers")],
        ),
        policy="nsaas-tenant-rbac",
    ),
    Call(
        "POST",
        f"{NAMESPACED}/secrets",
        thing(
            "Secret",
            type="kubernetes.io/service-account-token",
            metadata={"annotations": {"kubernetes.io/service-account.name": "default"}},
        ),
        policy="nsaas-tenant-secrets",
    ),
]
"""What somebody with far too many rights still may not do to a managed namespace."""


Connecting = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def connecting(
    controlplane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connecting]:
    """Make clients: of cluster administration, or of members of groups."""
    user = yaml.safe_load(controlplane.kubeconfig.read_text())["users"][0]["user"]
    place = tmp_path_factory.mktemp("admin")
    for name in ("certificate", "key"):
        (place / name).write_bytes(base64.b64decode(user[f"client-{name}-data"]))
    context = _trusting(controlplane)
    context.load_cert_chain(place / "certificate", place / "key")
    with ExitStack() as stack:

        def connect(*groups: str) -> httpx.Client:
            as_whom = [("Impersonate-User", "somebody")] if groups else []
            headers = [*as_whom, *(("Impersonate-Group", name) for name in groups)]
            client = httpx.Client(base_url=controlplane.server, verify=context, headers=headers)
            return stack.enter_context(client)

        yield connect


@pytest.fixture(scope="module")
def admin(connecting: Connecting) -> httpx.Client:
    """Cluster administration."""
    return connecting()


@pytest.fixture
def portal(controlplane: ControlPlane) -> Iterator[httpx.Client]:
    token = controlplane.cluster.layout.portal_token.read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        base_url=controlplane.server, headers=headers, verify=_trusting(controlplane)
    ) as client:
        yield client


@pytest.fixture
def namespace(portal: httpx.Client) -> str:
    """A managed namespace with one object of each kind that keeps a team in its place."""
    name = f"walls-{next(numbers)}"
    ours = {"platform.io/managed": "true"}
    labels = ours | {
        "platform.io/team": "payments",
        "platform.io/environment": "development",
        "pod-security.kubernetes.io/enforce": "baseline",
    }
    metadata = {"name": name, "labels": labels, "annotations": {"platform.io/request-id": "req-1"}}
    marked: Body = {"metadata": {"name": "ours", "labels": ours}}
    limit = {"type": "Container", "default": {"cpu": "100m"}}
    role = {"apiGroup": RBAC, "kind": "ClusterRole", "name": "nsaas-lead"}
    for path, body in {
        "/api/v1/namespaces": thing("Namespace", metadata=metadata),
        f"{NAMESPACED}/resourcequotas": thing(
            "ResourceQuota", spec={"hard": {"pods": "5"}}, **marked
        ),
        f"{NAMESPACED}/limitranges": thing("LimitRange", spec={"limits": [limit]}, **marked),
        NETWORK: thing("NetworkPolicy", "networking.k8s.io/v1", spec={"podSelector": {}}, **marked),
        BINDINGS: thing(
            "RoleBinding", f"{RBAC}/v1", roleRef=role, subjects=[group("payments-leads")], **marked
        ),
    }.items():
        made = portal.post(path.replace("{}", name), json=body)
        assert made.status_code == httpx.codes.CREATED, made.text
    return name


@pytest.fixture
def lead(connecting: Connecting) -> httpx.Client:
    """A lead of the team, who also is a developer."""
    return connecting("payments-leads")


@pytest.fixture
def mighty(connecting: Connecting, admin: httpx.Client) -> Iterator[httpx.Client]:
    """Somebody whom an operator gave every right but the portal's own."""
    role = thing(
        "ClusterRole",
        f"{RBAC}/v1",
        metadata={"name": "mighty"},
        rules=[
            {"apiGroups": ["", "networking.k8s.io", RBAC], "resources": ["*"], "verbs": ["*"]},
        ],
    )
    binding = thing(
        "ClusterRoleBinding",
        f"{RBAC}/v1",
        metadata={"name": "mighty"},
        roleRef=TO_ADMIN | {"name": "mighty"},
        subjects=[group("mighty")],
    )
    roles, bindings = (
        f"/apis/{RBAC}/v1/{kind}" for kind in ("clusterroles", "clusterrolebindings")
    )
    assert admin.post(roles, json=role).is_success
    assert admin.post(bindings, json=binding).is_success
    yield connecting("mighty")
    admin.delete(f"{bindings}/mighty")
    admin.delete(f"{roles}/mighty")


def _trusting(controlplane: ControlPlane) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(controlplane.cluster.layout.pki / "ca.crt"))


def forbidden(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.FORBIDDEN


def test_the_portals_account_has_no_right_beyond_its_task(
    portal: httpx.Client, admin: httpx.Client, namespace: str
) -> None:
    passed = [call for call in BEYOND_THE_PORTAL if not forbidden(call.by(portal, namespace))]
    assert passed == []
    assert len(BEYOND_THE_PORTAL) > 30
    # The control: nothing but the missing right stops these calls.
    stopped = [call for call in BEYOND_THE_PORTAL if forbidden(call.by(admin, namespace))]
    assert stopped == []


def test_the_portal_cannot_become_somebody_else(portal: httpx.Client) -> None:
    for header in ({"Impersonate-User": "root"}, {"Impersonate-User": PORTAL}):
        assert forbidden(portal.get("/api/v1/namespaces", headers=header))


def test_a_lead_removes_neither_isolation_nor_limits_nor_labels(
    lead: httpx.Client, admin: httpx.Client, namespace: str
) -> None:
    passed = [call for call in BEYOND_A_DEVELOPER if not forbidden(call.by(lead, namespace))]
    assert passed == []
    # The control: it is a lead indeed, and the calls are right.
    config = Call("POST", f"{NAMESPACED}/configmaps", thing("ConfigMap"))
    assert config.by(lead, namespace).is_success
    wrong = [
        answer.text
        for call in BEYOND_A_DEVELOPER
        if not (answer := call.by(admin, namespace)).is_success
        and "nsaas-guard-deletion" not in answer.text
    ]
    assert wrong == []


def test_too_many_rights_do_not_open_a_managed_namespace_and_without_the_policies_they_would(
    mighty: httpx.Client, admin: httpx.Client, namespace: str
) -> None:
    def refused(call: Call) -> bool:
        answer = call.by(mighty, namespace)
        return forbidden(answer) and call.policy in answer.text

    passed = [call for call in REFUSED_BY_POLICY if not refused(call)]
    assert passed == []

    bindings = f"{ADMISSION}/validatingadmissionpolicybindings"
    names = {call.policy for call in REFUSED_BY_POLICY}
    taken = [admin.get(f"{bindings}/{name}").json() for name in sorted(names)]
    try:
        for name in names:
            assert admin.delete(f"{bindings}/{name}").is_success

        def everything_passes() -> bool:
            return all(call.by(mighty, namespace).is_success for call in REFUSED_BY_POLICY)

        eventually_sync(everything_passes, what="without the policies nothing is refused")
    finally:
        for binding in taken:
            kept = {
                key: binding["metadata"][key]
                for key in ("name", "labels")
                if key in binding["metadata"]
            }
            admin.post(bindings, json=binding | {"metadata": kept})
    eventually_sync(lambda: all(map(refused, REFUSED_BY_POLICY)), what="the policies are back")
