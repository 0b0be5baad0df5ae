"""The bundle: whose every object is, what the namespace says of itself, who gets in."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.environments import POLICIES, Environment
from nsaas_app.domain.requests import StepName
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.manifests.bundle import bundle, identity_of
from nsaas_app.manifests.namespace import namespace, namespace_claim
from nsaas_app.manifests.network_policies import NetworkSettings
from nsaas_app.manifests.role_bindings import role_bindings
from nsaas_app.manifests.sample_pod import sample_pod
from tests.manifests.examples import bundle_of, everything, of_environment
from tests.support.specs import NOW, spec_of, specs

OWNERSHIP = {"platform.io/managed", "platform.io/team", "platform.io/environment"}


@given(specs())
def test_every_object_says_whose_it_is(spec: NamespaceSpec) -> None:
    for manifest in (*bundle_of(spec), sample_pod(spec)):
        labels = manifest["metadata"]["labels"]
        assert {key: labels[key] for key in OWNERSHIP} == {
            "platform.io/managed": "true",
            "platform.io/team": str(spec.team),
            "platform.io/environment": spec.environment.value,
        }
        if manifest["kind"] == "Namespace":
            assert manifest["metadata"]["name"] == str(spec.name)
        else:
            assert manifest["metadata"]["namespace"] == str(spec.name)
            assert manifest["metadata"]["name"].startswith("nsaas-")
            assert labels.keys() == OWNERSHIP


@given(specs())
def test_names_are_unique_and_the_namespace_comes_first(spec: NamespaceSpec) -> None:
    made = [identity_of(manifest) for manifest in bundle_of(spec)]
    assert made[0] == f"Namespace/{spec.name}"
    assert len(set(made)) == len(made)


def test_limits_stand_before_anybody_gets_in() -> None:
    made = bundle_of(spec_of())
    kinds = [manifest["kind"] for manifest in made]
    assert kinds == sorted(
        kinds,
        key=["Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding"].index,
    )


def test_each_step_applies_its_part_and_together_they_apply_all() -> None:
    made = bundle_of(spec_of())
    parts = {step: made.of_step(step) for step in StepName}
    assert [manifest for part in parts.values() for manifest in part] == list(made)
    assert {step for step, part in parts.items() if part} == {
        StepName.NAMESPACE,
        StepName.QUOTA,
        StepName.LIMITS,
        StepName.NETWORK,
        StepName.ACCESS,
    }


def test_the_namespace_carries_the_contracts_labels_and_annotations() -> None:
    spec = replace(everything(), expires_at=NOW + timedelta(days=1))
    metadata = namespace(spec, request_id="r-1", provisioned_at=NOW)["metadata"]
    assert metadata["labels"] == {
        "app": "shop",
        "example.com/stage": "1",
        "platform.io/managed": "true",
        "platform.io/team": "frontend",
        "platform.io/environment": "development",
        "platform.io/tier": "small",
        "platform.io/network": "team-shared",
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
    }
    assert metadata["annotations"] == {
        "example.com/wiki": "https://wiki.example.com/shop?a=b",
        "platform.io/provisioned-by": "namespace-as-a-service",
        "platform.io/provisioned-at": "2030-01-02T03:04:05Z",
        "platform.io/request-id": "r-1",
        "platform.io/owner": "frontend-dev",
        "platform.io/cost-center": "CC-42",
        "platform.io/display-name": "Shop",
        "platform.io/description": "Where frontend\ntries the shop.",
        "platform.io/expires-at": "2030-01-03T03:04:05Z",
    }


def test_what_was_not_said_is_not_written() -> None:
    annotations = namespace(spec_of(), request_id="r-1", provisioned_at=NOW)["metadata"][
        "annotations"
    ]
    assert annotations.keys() == {
        "platform.io/provisioned-by",
        "platform.io/provisioned-at",
        "platform.io/request-id",
        "platform.io/owner",
    }


def test_times_are_written_in_utc_to_the_second() -> None:
    elsewhere = timezone(timedelta(hours=5, minutes=30))
    spec = spec_of(expires_at=NOW.astimezone(elsewhere) + timedelta(microseconds=5))
    written = namespace(spec, request_id="r", provisioned_at=NOW)["metadata"]["annotations"]
    assert written["platform.io/expires-at"] == "2030-01-02T03:04:05Z"


def test_a_team_cannot_say_what_the_platform_says() -> None:
    spec = spec_of(
        labels={"platform.io/team": "payments", "pod-security.kubernetes.io/enforce": "privileged"},
        annotations={"platform.io/request-id": "stolen"},
    )
    metadata = namespace(spec, request_id="r-1", provisioned_at=NOW)["metadata"]
    assert metadata["labels"]["platform.io/team"] == "frontend"
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == "baseline"
    assert metadata["annotations"]["platform.io/request-id"] == "r-1"


def test_the_claim_holds_only_what_never_changes() -> None:
    assert namespace_claim(everything(), request_id="r-1")["metadata"] == {
        "name": "frontend-shop-dev",
        "labels": {
            "platform.io/managed": "true",
            "platform.io/team": "frontend",
            "platform.io/environment": "development",
        },
        "annotations": {"platform.io/request-id": "r-1"},
    }


@pytest.mark.parametrize("environment", Environment)
def test_pod_security_follows_the_environment(environment: Environment) -> None:
    labels = bundle_of(of_environment(environment)).namespace["metadata"]["labels"]
    said = {key.rpartition("/")[2]: value for key, value in labels.items() if "pod-security" in key}
    level = POLICIES[environment].pod_security
    assert said == {"enforce": level, "warn": "restricted", "audit": "restricted"}


@pytest.mark.parametrize("tier", Tier)
def test_quota_and_limits_are_the_tiers(tier: Tier) -> None:
    made, size = bundle_of(spec_of(tier=tier)), TIERS[tier]
    assert made.quota[0]["spec"] == {"hard": size.quota}
    container, claim = made.limits[0]["spec"]["limits"]
    assert container["default"]["cpu"] == size.default_cpu
    assert container["defaultRequest"]["cpu"] == size.request_cpu
    assert container["max"] == {"cpu": size.max_cpu, "memory": size.max_memory}
    assert container["maxLimitRequestRatio"] == {"cpu": "10"}
    assert (claim["min"], claim["max"]) == ({"storage": "1Gi"}, {"storage": size.max_pvc})
    assert made.quota[0]["spec"]["hard"] is not size.quota


def grant(role: AccessRole, name: str, seconds: int | None = None) -> AccessGrant:
    until = None if seconds is None else NOW + timedelta(seconds=seconds)
    return AccessGrant(SubjectKind.GROUP, name, role, until)


def test_a_role_is_bound_once_to_everybody_who_has_it() -> None:
    access = (
        grant(AccessRole.VIEWER, "b"),
        grant(AccessRole.LEAD, "c"),
        grant(AccessRole.VIEWER, "a"),
    )
    viewers, leads = role_bindings(spec_of(access=access), now=NOW)
    assert viewers["metadata"]["name"] == "nsaas-viewers"
    assert viewers["roleRef"] == {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "ClusterRole",
        "name": "nsaas-viewer",
    }
    assert [subject["name"] for subject in viewers["subjects"]] == ["a", "b"]
    assert leads["roleRef"]["name"] == "nsaas-lead"


def test_the_order_of_grants_makes_no_difference() -> None:
    access = tuple(grant(AccessRole.VIEWER, name) for name in "cab")
    turned = tuple(reversed(access))
    assert role_bindings(spec_of(access=access), now=NOW) == role_bindings(
        spec_of(access=turned), now=NOW
    )


def test_a_grant_counts_until_its_instant_and_a_role_without_grants_has_no_binding() -> None:
    access = (grant(AccessRole.VIEWER, "guest", 60), grant(AccessRole.LEAD, "boss"))
    spec = spec_of(access=access)
    before, at = NOW + timedelta(seconds=59), NOW + timedelta(seconds=60)
    assert [b["metadata"]["name"] for b in role_bindings(spec, now=before)] == [
        "nsaas-viewers",
        "nsaas-leads",
    ]
    assert [b["metadata"]["name"] for b in role_bindings(spec, now=at)] == ["nsaas-leads"]


def test_a_bundle_leaves_out_what_has_expired_now() -> None:
    spec = spec_of(access=(grant(AccessRole.VIEWER, "guest", 60),))
    later = bundle(
        spec,
        request_id="r",
        provisioned_at=NOW,
        now=NOW + timedelta(hours=1),
        settings=NetworkSettings(),
    )
    assert later.access == ()


def test_a_service_account_is_one_of_the_namespace_itself() -> None:
    access = (AccessGrant(SubjectKind.SERVICE_ACCOUNT, "ci", AccessRole.DEVELOPER),)
    (binding,) = role_bindings(spec_of(access=access), now=NOW)
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "ci", "namespace": "frontend-shop-dev"}
    ]


def test_developers_of_production_are_bound_as_viewers() -> None:
    made = bundle_of(of_environment(Environment.PRODUCTION)).access
    bound = {b["roleRef"]["name"]: [s["name"] for s in b["subjects"]] for b in made}
    assert bound == {
        "nsaas-viewer": ["frontend-devs", "frontend-viewers"],
        "nsaas-lead": ["frontend-leads"],
    }
