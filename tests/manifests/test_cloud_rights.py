"""What the portal may read of cloud resources: enough to name them, and no credential."""

import json
from typing import Any

import pytest
import yaml

from tests.support.controlplane import MANIFESTS, ControlPlane
from tests.support.waiting import eventually

AZURE, AWS, GOOGLE = "azure.com", "services.k8s.aws", "cnrm.cloud.google.com"
CREDENTIALS = (
    f"secretmanagersecretversions.secretmanager.{GOOGLE}",
    f"sqlusers.sql.{GOOGLE}",
    f"sqlinstances.sql.{GOOGLE}",
    f"sqlsslcerts.sql.{GOOGLE}",
    f"alloydbusers.alloydb.{GOOGLE}",
    f"alloydbclusters.alloydb.{GOOGLE}",
    f"iamserviceaccountkeys.iam.{GOOGLE}",
    f"kmssecretciphertexts.kms.{GOOGLE}",
    f"computesslcertificates.compute.{GOOGLE}",
    f"computevpntunnels.compute.{GOOGLE}",
    f"computebackendservices.compute.{GOOGLE}",
    f"computedisks.compute.{GOOGLE}",
    f"computeinstances.compute.{GOOGLE}",
    f"storagehmackeys.storage.{GOOGLE}",
    f"redisinstances.redis.{GOOGLE}",
    f"sites.web.{AZURE}",
    f"keyvalues.appconfiguration.{AZURE}",
    f"backends.apimanagement.{AZURE}",
    f"namedvalues.apimanagement.{AZURE}",
    f"components.insights.{AZURE}",
    f"containergroups.containerinstance.{AZURE}",
    f"virtualmachines.compute.{AZURE}",
    f"virtualnetworkgateways.network.{AZURE}",
    f"platformapplications.sns.{AWS}",
    f"functions.lambda.{AWS}",
    f"launchtemplates.ec2.{AWS}",
    f"vpnconnections.ec2.{AWS}",
)
"""Kinds in which a password, key or token can stand in plain text."""
INSTALLER = "nsaas-installer"
SEEN = (
    f"storagebuckets.storage.{GOOGLE}",
    f"spannerinstances.spanner.{GOOGLE}",
    f"disks.compute.{AZURE}",
    f"storageaccounts.storage.{AZURE}",
    f"buckets.s3.{AWS}",
    f"dbinstances.rds.{AWS}",
)


def roles() -> list[dict[str, Any]]:
    """The ClusterRoles as they are shipped."""
    found = yaml.safe_load_all((MANIFESTS / "cloud.yaml").read_text())
    return [one for one in found if one["kind"] == "ClusterRole"]


RULES = [rule for role in roles() for rule in role.get("rules", ())]


def may_read(kind: str) -> bool:
    """Whether a rule lets the portal list a kind."""
    resource, _, group = kind.partition(".")
    return any(
        group in rule["apiGroups"] and not {"*", resource}.isdisjoint(rule["resources"])
        for rule in RULES
    )


@pytest.mark.parametrize("kind", CREDENTIALS)
def test_no_kind_with_credentials_may_be_read(kind: str) -> None:
    assert not may_read(kind)


@pytest.mark.parametrize("kind", SEEN)
def test_what_holds_data_may_be_read(kind: str) -> None:
    assert may_read(kind)


def test_nothing_is_asked_for_but_to_list_and_watch() -> None:
    assert {verb for rule in RULES for verb in rule["verbs"]} == {"list", "watch"}
    groups = [group for rule in RULES for group in rule["apiGroups"]]
    assert len(groups) == len(set(groups)), "a star elsewhere would undo a list"
    assert "*" not in groups


def test_rules_that_the_cluster_fills_in_are_not_ours() -> None:
    aggregated = [one for one in roles() if "aggregationRule" in one]
    assert aggregated
    assert not [one["metadata"]["name"] for one in aggregated if "rules" in one]


async def test_the_manifests_are_applied_again_without_force(controlplane: ControlPlane) -> None:
    def is_aggregated() -> bool:
        found = controlplane.kubectl("get", "clusterrole", "nsaas-portal-cloud", "-o", "json")
        return bool(json.loads(found).get("rules"))

    await eventually(is_aggregated, within_s=60, what="the cluster filled in the rules")
    for _ in range(2):
        controlplane.kubectl(
            "apply", "-k", str(MANIFESTS), "--server-side", f"--field-manager={INSTALLER}"
        )
