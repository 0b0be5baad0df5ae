"""The shipped rights and policies, both ways: what must pass passes, what must not is refused."""

import itertools
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from nsaas_app.localcluster import LocalClusterError
from tests.support.controlplane import ControlPlane

RBAC = "rbac.authorization.k8s.io"
SCRATCH = "nsaas-dryrun-development"
ENVIRONMENTS = {
    "development": "baseline",
    "testing": "baseline",
    "staging": "restricted",
    "production": "restricted",
}
numbers = itertools.count()

Body = dict[str, Any]


def client_of(controlplane: ControlPlane, token: str | None = None) -> httpx.Client:
    config = yaml.safe_load(controlplane.portal_kubeconfig.read_text())
    authority = controlplane.cluster.layout.pki / "ca.crt"
    if token is None:
        token = Path(config["users"][0]["user"]["tokenFile"]).read_text()
    return httpx.Client(
        base_url=config["clusters"][0]["cluster"]["server"],
        headers={"Authorization": f"Bearer {token}"},
        verify=ssl.create_default_context(cafile=str(authority)),
    )


@pytest.fixture
def portal(controlplane: ControlPlane) -> Iterator[httpx.Client]:
    with client_of(controlplane) as client:
        yield client


@pytest.fixture
def canary(controlplane: ControlPlane, portal: httpx.Client) -> Iterator[httpx.Client]:
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    path = "/api/v1/namespaces/platform-system/serviceaccounts/nsaas-canary/token"
    answer = portal.post(path, json=request)
    assert answer.status_code == 201, answer.text
    with client_of(controlplane, answer.json()["status"]["token"]) as client:
        yield client


@pytest.fixture
def namespace(portal: httpx.Client) -> str:
    body = namespace_body(f"confined-{next(numbers)}")
    assert portal.post("/api/v1/namespaces", json=body).status_code == 201
    return str(body["metadata"]["name"])


def namespace_body(name: str, **labels: str) -> Body:
    ours = {
        "platform.io/managed": "true",
        "platform.io/team": "payments",
        "platform.io/environment": "development",
    }
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {key: value for key, value in (ours | labels).items() if value},
            "annotations": {"platform.io/request-id": "req-1"},
        },
    }


def object_body(kind: str, *, managed: bool = True, group: str = "", **fields: Any) -> Body:
    labels = {"platform.io/managed": "true"} if managed else {}
    version = f"{group}/v1" if group else "v1"
    metadata = {"name": f"nsaas-{kind.lower()}-{next(numbers)}", "labels": labels}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}


def binding_body(role: str, *subjects: Body) -> Body:
    reference = {"apiGroup": RBAC, "kind": "ClusterRole", "name": role}
    return object_body("RoleBinding", group=RBAC, roleRef=reference, subjects=list(subjects))


def group(name: str) -> Body:
    return {"apiGroup": RBAC, "kind": "Group", "name": name}


def assert_refused(answer: httpx.Response, policy: str) -> None:
    assert answer.status_code == 403, answer.text
    assert policy in answer.json()["message"]


def test_managed_namespaces_only(portal: httpx.Client) -> None:
    policy = "nsaas-confine-portal-namespaces"

    def create(body: Body) -> httpx.Response:
        return portal.post("/api/v1/namespaces?dryRun=All", json=body)

    assert create(namespace_body("fine")).status_code == 201
    assert_refused(create(namespace_body("fine", **{"platform.io/managed": ""})), policy)
    assert_refused(create(namespace_body("fine", **{"platform.io/team": ""})), policy)
    assert_refused(create(namespace_body("kube-extra")), policy)
    privileged = {"pod-security.kubernetes.io/enforce": "privileged"}
    assert_refused(create(namespace_body("fine", **privileged)), policy)


def test_a_namespace_of_somebody_else_is_left_alone(portal: httpx.Client, namespace: str) -> None:
    def patch(name: str, metadata: Body) -> httpx.Response:
        headers = {"Content-Type": "application/merge-patch+json"}
        path = f"/api/v1/namespaces/{name}?dryRun=All"
        return portal.patch(path, json={"metadata": metadata}, headers=headers)

    policy = "nsaas-confine-portal-namespaces"
    assert patch(namespace, {"labels": {"platform.io/tier": "small"}}).status_code == 200
    assert_refused(patch(namespace, {"labels": {"platform.io/team": "other"}}), policy)
    assert_refused(patch(namespace, {"labels": {"platform.io/managed": None}}), policy)
    assert_refused(patch("default", {"labels": {"platform.io/managed": "true"}}), policy)


MARKS = ("managed", "team", "environment")
MERGE = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture
def unmanaged(controlplane: ControlPlane) -> str:
    name = f"by-hand-{next(numbers)}"
    controlplane.kubectl("create", "namespace", name)
    return name


def adopting(request: str = "req-1") -> Body:
    labels: Body = namespace_body("any")["metadata"]["labels"]
    return {"labels": labels, "annotations": {"platform.io/request-id": request}}


def returning(*marks: str) -> Body:
    labels = {f"platform.io/{mark}": None for mark in marks}
    used_up = {"platform.io/request-id": None, "platform.io/adopt": None}
    return {"labels": labels, "annotations": used_up}


def patch_namespace(
    portal: httpx.Client, name: str, metadata: Body, *, dry_run: bool = False
) -> httpx.Response:
    path = f"/api/v1/namespaces/{name}{'?dryRun=All' if dry_run else ''}"
    return portal.patch(path, json={"metadata": metadata}, headers=MERGE)


def test_adoption_is_tried_freely_and_done_only_with_consent_to_that_request(
    controlplane: ControlPlane, portal: httpx.Client, unmanaged: str
) -> None:
    policy = "nsaas-confine-portal-namespaces"
    wanted = adopting()
    assert patch_namespace(portal, unmanaged, wanted, dry_run=True).status_code == 200
    assert_refused(patch_namespace(portal, unmanaged, wanted), policy)
    assert_refused(patch_namespace(portal, "kube-public", wanted, dry_run=True), policy)
    unmarked = {"labels": {"mine": "yes"}}
    assert_refused(patch_namespace(portal, unmanaged, unmarked, dry_run=True), policy)

    controlplane.kubectl("annotate", "namespace", unmanaged, "platform.io/adopt=req-2")
    assert_refused(patch_namespace(portal, unmanaged, wanted), policy)
    wanted = adopting("req-2")
    privileged = {"labels": wanted["labels"] | {"pod-security.kubernetes.io/enforce": "privileged"}}
    assert_refused(patch_namespace(portal, unmanaged, wanted | privileged), policy)
    assert patch_namespace(portal, unmanaged, wanted).status_code == 200


def test_an_adopted_namespace_is_given_back_whole_and_only_while_the_consent_stands(
    controlplane: ControlPlane, portal: httpx.Client, unmanaged: str
) -> None:
    policy = "nsaas-confine-portal-namespaces"
    controlplane.kubectl("annotate", "namespace", unmanaged, "platform.io/adopt=req-1")
    assert patch_namespace(portal, unmanaged, adopting()).status_code == 200

    whole = returning(*MARKS)
    kept = whole | {"annotations": {"platform.io/request-id": None}}
    for half in ({"labels": whole["labels"]}, kept, returning("managed"), returning("team")):
        assert_refused(patch_namespace(portal, unmanaged, half), policy)
    assert patch_namespace(portal, unmanaged, whole, dry_run=True).status_code == 200
    consumed = {"annotations": {"platform.io/adopt": None}}
    assert patch_namespace(portal, unmanaged, consumed).status_code == 200
    assert_refused(patch_namespace(portal, unmanaged, whole), policy)

    controlplane.kubectl("annotate", "namespace", unmanaged, "platform.io/adopt=req-9")
    assert_refused(patch_namespace(portal, unmanaged, whole), policy)
    controlplane.kubectl(
        "annotate", "namespace", unmanaged, "--overwrite", "platform.io/adopt=req-1"
    )
    assert patch_namespace(portal, unmanaged, whole).status_code == 200
    assert_refused(patch_namespace(portal, unmanaged, adopting()), policy)


def test_the_portal_cannot_write_the_consent_itself(
    portal: httpx.Client, namespace: str, unmanaged: str
) -> None:
    policy = "nsaas-confine-portal-namespaces"
    forged = {"annotations": {"platform.io/adopt": "req-1"}}
    assert_refused(patch_namespace(portal, namespace, forged), policy)
    assert_refused(patch_namespace(portal, namespace, returning(*MARKS)), policy)
    assert_refused(patch_namespace(portal, unmanaged, forged), policy)
    body = namespace_body("fine")
    body["metadata"]["annotations"] |= forged["annotations"]
    assert_refused(portal.post("/api/v1/namespaces?dryRun=All", json=body), policy)


def test_objects_only_inside_managed_namespaces(portal: httpx.Client, namespace: str) -> None:
    def create(where: str, body: Body) -> httpx.Response:
        return portal.post(f"/api/v1/namespaces/{where}/resourcequotas", json=body)

    policy = "nsaas-confine-portal-objects"
    assert create(namespace, object_body("ResourceQuota")).status_code == 201
    assert_refused(create("default", object_body("ResourceQuota")), policy)
    assert_refused(create(namespace, object_body("ResourceQuota", managed=False)), policy)


def test_three_roles_for_people_and_accounts_of_the_namespace(
    portal: httpx.Client, namespace: str
) -> None:
    def bind(role: str, *subjects: Body) -> httpx.Response:
        path = f"/apis/{RBAC}/v1/namespaces/{namespace}/rolebindings"
        return portal.post(path, json=binding_body(role, *subjects))

    def account(where: str) -> Body:
        return {"kind": "ServiceAccount", "name": "ci", "namespace": where}

    policy = "nsaas-confine-portal-bindings"
    for role in ("nsaas-viewer", "nsaas-developer", "nsaas-lead"):
        assert bind(role, group("payments-devs"), account(namespace)).status_code == 201
    assert_refused(bind("cluster-admin", group("payments-devs")), "forbidden")
    assert_refused(bind("nsaas-portal", group("payments-devs")), policy)
    assert_refused(bind("nsaas-viewer", group("system:authenticated")), policy)
    assert_refused(bind("nsaas-viewer", account("default")), policy)


@pytest.mark.parametrize(
    ("path", "spec"),
    [
        ("/api/v1/namespaces/{}/pods", None),
        ("/apis/apps/v1/namespaces/{}/deployments", {"matchLabels": {"app": "sample"}}),
    ],
    ids=["pod", "deployment"],
)
def test_workloads_only_as_a_dry_run(portal: httpx.Client, path: str, spec: Body | None) -> None:
    pod: Body = {
        "containers": [{"name": "sample", "image": "example.test/sample:1"}],
        "securityContext": {"runAsNonRoot": True},
    }
    if spec is None:
        body = object_body("Pod", spec=pod)
    else:
        template = {"metadata": {"labels": {"app": "sample"}}, "spec": pod}
        body = object_body(
            "Deployment", group="apps", spec={"selector": spec, "template": template}
        )
    target = path.format(SCRATCH)

    assert portal.post(f"{target}?dryRun=All", json=body).status_code == 201
    assert_refused(portal.post(target, json=body), "nsaas-portal-dryrun-only")


def test_a_managed_namespace_is_deleted_in_two_steps_by_everybody(
    controlplane: ControlPlane, portal: httpx.Client, namespace: str
) -> None:
    path = f"/api/v1/namespaces/{namespace}"
    assert_refused(portal.delete(path), "nsaas-guard-deletion")
    with pytest.raises(LocalClusterError, match="nsaas-guard-deletion"):
        controlplane.kubectl("delete", "namespace", namespace)

    annotation = {"metadata": {"annotations": {"platform.io/confirm-deletion": namespace}}}
    headers = {"Content-Type": "application/merge-patch+json"}
    assert portal.patch(path, json=annotation, headers=headers).status_code == 200
    assert portal.delete(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/secrets",
        f"/apis/{RBAC}/v1/clusterroles",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    ],
)
def test_what_the_portal_may_not_read(portal: httpx.Client, path: str) -> None:
    assert portal.get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/namespaces",
        "/api/v1/resourcequotas",
        "/api/v1/limitranges",
        "/api/v1/pods",
        "/api/v1/services",
        "/api/v1/persistentvolumeclaims",
        "/api/v1/nodes",
        "/api/v1/events",
        "/apis/apps/v1/deployments",
        "/apis/apps/v1/statefulsets",
        "/apis/apps/v1/daemonsets",
        "/apis/apps/v1/replicasets",
        "/apis/batch/v1/cronjobs",
        "/apis/networking.k8s.io/v1/networkpolicies",
        "/apis/networking.k8s.io/v1/ingresses",
        f"/apis/{RBAC}/v1/rolebindings",
        "/apis/storage.k8s.io/v1/storageclasses",
    ],
)
def test_what_pages_need_can_be_listed_and_watched(portal: httpx.Client, path: str) -> None:
    assert portal.get(path).status_code == 200
    with portal.stream("GET", path, params={"watch": "true", "timeoutSeconds": "1"}) as answer:
        assert answer.status_code == 200


def test_only_the_canarys_token_can_be_requested(
    portal: httpx.Client, canary: httpx.Client
) -> None:
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    path = "/api/v1/namespaces/platform-system/serviceaccounts/nsaas-portal/token"

    assert portal.post(path, json=request).status_code == 403
    assert canary.get("/api/v1/namespaces").status_code == 403


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_in_the_scratch_namespaces_the_canary_meets_the_policies(
    canary: httpx.Client, environment: str
) -> None:
    name = f"nsaas-dryrun-{environment}"
    headers = {"Content-Type": "application/merge-patch+json"}

    def label(key: str, value: str = "changed") -> httpx.Response:
        body = {"metadata": {"labels": {key: value}}}
        return canary.patch(f"/api/v1/namespaces/{name}?dryRun=All", json=body, headers=headers)

    assert label("harmless").status_code == 200
    assert_refused(label("platform.io/team"), "nsaas-protect-metadata")
    assert_refused(
        label("pod-security.kubernetes.io/enforce", "privileged"), "nsaas-protect-metadata"
    )
    policies = f"/apis/networking.k8s.io/v1/namespaces/{name}/networkpolicies"
    answer = canary.delete(f"{policies}/nsaas-canary?dryRun=All")
    assert_refused(answer, "nsaas-protect-objects")


@pytest.mark.parametrize(("environment", "level"), ENVIRONMENTS.items())
def test_scratch_namespaces_look_like_real_ones(
    portal: httpx.Client, environment: str, level: str
) -> None:
    metadata = portal.get(f"/api/v1/namespaces/nsaas-dryrun-{environment}").json()["metadata"]

    labels = metadata["labels"]
    assert labels["platform.io/managed"] == "true"
    assert labels["platform.io/team"] == "nsaas-platform"
    assert labels["platform.io/environment"] == environment
    assert labels["pod-security.kubernetes.io/enforce"] == level
    assert labels["pod-security.kubernetes.io/warn"] == "restricted"
    assert metadata["annotations"]["platform.io/request-id"] == "scratch"


def test_every_policy_is_in_force(portal: httpx.Client) -> None:
    root = "/apis/admissionregistration.k8s.io/v1"
    names = [
        "nsaas-confine-portal-namespaces",
        "nsaas-confine-portal-objects",
        "nsaas-confine-portal-bindings",
        "nsaas-portal-dryrun-only",
        "nsaas-protect-metadata",
        "nsaas-protect-objects",
        "nsaas-guard-deletion",
        "nsaas-tenant-rbac",
        "nsaas-tenant-secrets",
        "nsaas-confine-portal-workloads",
        "nsaas-tenant-pods",
    ]
    for name in names:
        policy = portal.get(f"{root}/validatingadmissionpolicies/{name}").json()
        binding = portal.get(f"{root}/validatingadmissionpolicybindings/{name}").json()
        assert policy["spec"]["failurePolicy"] == "Fail"
        assert "expressionWarnings" not in policy["status"].get("typeChecking", {}), name
        assert binding["spec"]["validationActions"] == ["Deny"]
