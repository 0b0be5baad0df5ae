"""Specs whose manifests are kept as golden files, and where the files lie."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.environments import POLICIES, Environment
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.manifests.bundle import Bundle, bundle
from nsaas_app.manifests.manifest import Manifest
from nsaas_app.manifests.network_policies import NetworkSettings
from tests.support.specs import FRONTEND, NOW, spec_of

__all__ = [
    "GOLDEN",
    "NETWORKS",
    "Golden",
    "bundle_of",
    "everything",
    "golden_files",
    "of_environment",
    "overriding",
]

Golden = Callable[[str, Iterable[Manifest]], None]
GOLDEN = Path(__file__).parent / "golden"

_ISOLATED, _SHARED = NetworkPreset.ISOLATED, NetworkPreset.TEAM_SHARED

NETWORKS = {
    "isolated": NetworkSpec(_ISOLATED, Egress.NONE),
    "isolated-gateway": NetworkSpec(_ISOLATED, Egress.NONE, accept_from_gateway=True),
    "isolated-internet-https": NetworkSpec(_ISOLATED, Egress.INTERNET_HTTPS),
    "isolated-cluster-only": NetworkSpec(_ISOLATED, Egress.CLUSTER_ONLY),
    "isolated-cidrs": NetworkSpec(
        _ISOLATED, Egress.CIDRS, cidrs=("198.51.100.0/24", "2001:db8::/32")
    ),
    "team-shared": NetworkSpec(_SHARED, Egress.INTERNET_HTTPS),
    "open": NetworkSpec(NetworkPreset.OPEN, Egress.INTERNET_HTTPS),
}


def bundle_of(spec: NamespaceSpec) -> Bundle:
    """The bundle of a spec at a fixed time."""
    return bundle(
        spec, request_id="req-0001", provisioned_at=NOW, now=NOW, settings=NetworkSettings()
    )


def of_environment(environment: Environment, **fields: Any) -> NamespaceSpec:
    """A namespace as its environment gives it by default."""
    policy = POLICIES[environment]
    plain: dict[str, Any] = {
        "name": f"frontend-shop-{environment.short}",
        "environment": environment,
        "tier": policy.default_tier,
        "network": NetworkSpec(policy.default_network, Egress.NONE),
        "expires_at": NOW + policy.default_ttl if policy.default_ttl else None,
    }
    return spec_of(**plain | fields)


def everything() -> NamespaceSpec:
    """A namespace whose spec leaves nothing out."""
    return spec_of(
        display_name="Shop",
        description="Where frontend\ntries the shop.",
        cost_center="CC-42",
        labels={"app": "shop", "example.com/stage": "1"},
        annotations={"example.com/wiki": "https://wiki.example.com/shop?a=b"},
        access=(
            *FRONTEND.default_access(Environment.DEVELOPMENT),
            AccessGrant(SubjectKind.USER, "ada@example.com", AccessRole.DEVELOPER),
            AccessGrant(SubjectKind.SERVICE_ACCOUNT, "deployer", AccessRole.LEAD),
            AccessGrant(SubjectKind.USER, "guest", AccessRole.VIEWER, NOW + timedelta(hours=1)),
        ),
    )


def overriding() -> NamespaceSpec:
    """A namespace with every number that may stand in place of the tier's own."""
    return spec_of(
        overrides={
            "requests.cpu": "1500m",
            "limits.cpu": "3",
            "requests.memory": "3Gi",
            "limits.memory": "5Gi",
            "requests.storage": "30Gi",
            "pods": "12",
        }
    )


def golden_files() -> dict[str, list[Manifest]]:
    """Every golden file by name, as it lies there."""
    return {path.stem: list(yaml.safe_load_all(path.read_text())) for path in GOLDEN.iterdir()}
