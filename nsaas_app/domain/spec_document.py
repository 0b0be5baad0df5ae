"""A spec as a plain document in the contract's field names, and back: for storage and exchange."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .access import AccessGrant, AccessRole, SubjectKind
from .environments import Environment
from .names import NamespaceName, TeamName
from .network import Egress, NetworkPreset, NetworkSpec
from .sleep import SleepSchedule
from .spec import NamespaceSpec
from .tiers import Tier

__all__ = ["spec_from_document", "spec_to_document"]


def _grant_to_document(grant: AccessGrant) -> dict[str, Any]:
    document = {"kind": grant.kind.value, "name": grant.name, "role": grant.role.value}
    if grant.expires_at is not None:
        document["expires_at"] = grant.expires_at.isoformat()
    return document


def _grant_from_document(document: Mapping[str, Any]) -> AccessGrant:
    until = document.get("expires_at")
    return AccessGrant(
        SubjectKind(document["kind"]),
        document["name"],
        AccessRole(document["role"]),
        datetime.fromisoformat(until) if until else None,
    )


def spec_to_document(spec: NamespaceSpec) -> dict[str, Any]:
    """Write a spec in the contract's field names; only JSON types."""
    document = {
        "name": str(spec.name),
        "team": str(spec.team),
        "environment": spec.environment.value,
        "tier": spec.tier.value,
        "overrides": dict(spec.overrides),
        "network": {
            "preset": spec.network.preset.value,
            "egress": spec.network.egress.value,
            "accept_from_gateway": spec.network.accept_from_gateway,
            "cidrs": list(spec.network.cidrs),
        },
        "features": [],
        "display_name": spec.display_name,
        "description": spec.description,
        "cost_center": spec.cost_center,
        "owner": spec.owner,
        "labels": dict(spec.labels),
        "annotations": dict(spec.annotations),
        "access": [_grant_to_document(grant) for grant in spec.access],
        "expires_at": spec.expires_at.isoformat() if spec.expires_at else None,
        "sleep": spec.sleep.to_document() if spec.sleep else None,
        "cluster": spec.cluster,
    }
    if spec.certified_at is not None:
        document["certified_at"] = spec.certified_at.isoformat()
    return document


def spec_from_document(document: Mapping[str, Any]) -> NamespaceSpec:
    """Read a document that `spec_to_document` wrote.

    Raises:
        KeyError, ValueError, InvalidFieldsError: it was not.
    """
    network = document["network"]
    expires_at, sleep = document.get("expires_at"), document.get("sleep")
    certified_at = document.get("certified_at")
    return NamespaceSpec(
        name=NamespaceName.parse(document["name"]),
        team=TeamName.parse(document["team"]),
        environment=Environment(document["environment"]),
        tier=Tier(document["tier"]),
        network=NetworkSpec(
            preset=NetworkPreset(network["preset"]),
            egress=Egress(network["egress"]),
            accept_from_gateway=network["accept_from_gateway"],
            cidrs=tuple(network["cidrs"]),
        ),
        owner=document["owner"],
        cluster=document["cluster"],
        access=tuple(_grant_from_document(grant) for grant in document["access"]),
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        display_name=document["display_name"],
        description=document["description"],
        cost_center=document["cost_center"],
        labels=dict(document["labels"]),
        annotations=dict(document["annotations"]),
        sleep=SleepSchedule.from_document(sleep) if sleep else None,
        overrides=dict(document.get("overrides") or {}),
        certified_at=datetime.fromisoformat(certified_at) if certified_at else None,
    )
