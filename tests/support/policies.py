"""A cluster whose administrators say no: real ValidatingAdmissionPolicies for a while."""

import contextlib
import json
from collections.abc import Iterator

from nsaas_app.localcluster import LocalClusterError
from tests.support.controlplane import ControlPlane
from tests.support.waiting import eventually_sync

__all__ = ["denying", "denying_network_policies"]

_WORDS = "no policies today"


@contextlib.contextmanager
def denying(
    controlplane: ControlPlane,
    *,
    namespace: str,
    resource: str,
    operation: str = "CREATE",
    words: str = _WORDS,
) -> Iterator[None]:
    """Refuse an operation on a resource of one namespace, or on that namespace itself.

    The resource may name a part, such as `deployments/scale`.
    """
    plural, _, part = resource.partition("/")
    name = f"deny-{operation.lower()}-{plural}{part}-{namespace}"
    # The policy also matches a probe in `default`, by which we see that it is enforced.
    probe = f"probe-{operation.lower()}-{plural}{part}-{namespace}"
    here = (
        f"request.namespace == '{namespace}' && request.resource.resource == '{plural}'"
        f" && request.operation == '{operation}'"
    )
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "resourceRules": [
                    {
                        "apiGroups": ["*"],
                        "apiVersions": ["*"],
                        "operations": ["CREATE", "UPDATE", "DELETE"],
                        "resources": [resource, "networkpolicies"],
                    }
                ]
            },
            "matchConditions": [
                {"name": "here", "expression": f"({here}) || request.name == '{probe}'"}
            ],
            "validations": [{"expression": "false", "message": words, "reason": "Forbidden"}],
        },
    }
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": name},
        "spec": {"policyName": name, "validationActions": ["Deny"]},
    }
    for document in (policy, binding):
        controlplane.kubectl("apply", "-f", "-", stdin=json.dumps(document))
    try:
        eventually_sync(
            lambda: _is_denied(controlplane, probe, words), what="the policy is enforced"
        )
        yield
    finally:
        controlplane.kubectl("delete", "validatingadmissionpolicybinding", name)
        controlplane.kubectl("delete", "validatingadmissionpolicy", name)
        eventually_sync(
            lambda: not _is_denied(controlplane, probe, words), what="the policy is gone"
        )


def denying_network_policies(
    controlplane: ControlPlane, *, namespace: str
) -> contextlib.AbstractContextManager[None]:
    """Refuse every new NetworkPolicy of one namespace."""
    return denying(controlplane, namespace=namespace, resource="networkpolicies")


def _is_denied(controlplane: ControlPlane, probe: str, words: str) -> bool:
    document = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": probe, "namespace": "default"},
        "spec": {"podSelector": {}},
    }
    try:
        controlplane.kubectl("create", "--dry-run=server", "-f", "-", stdin=json.dumps(document))
    except LocalClusterError as error:
        return words in str(error)
    return False
