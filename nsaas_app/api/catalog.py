"""GET /catalog: tiers, environments and presets, from the very tables the rules read."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel

from ..domain.environments import POLICIES
from ..domain.network import DEFAULT_EGRESS, Egress, NetworkPreset
from ..domain.templates import TEMPLATES, Parameter, ParameterType, Template
from ..domain.tiers import TIERS
from ..identity.permissions import Permission
from ..insights.features import FeatureOffer, feature_offers
from .access import CurrentActor, CurrentRuntime, needs

__all__ = ["router"]

router = APIRouter(tags=["catalog"])

Word = Annotated[str, Path(max_length=63)]


class Catalog(BaseModel):
    """What can be asked for."""

    tiers: dict[str, dict[str, Any]]
    environments: dict[str, dict[str, Any]]
    presets: dict[str, dict[str, Any]]
    features: list[dict[str, Any]]
    templates: list[dict[str, Any]]


def _template(template: Template) -> dict[str, Any]:
    return {
        "id": template.id,
        "title": template.title,
        "description": template.description,
        "environments": template.environments,
        "tier": template.tier,
        "network": {"preset": template.preset, "egress": template.egress},
        "labels": dict(template.labels),
        "parameters": [_parameter(parameter) for parameter in template.parameters],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    is_number = parameter.type is ParameterType.INTEGER
    return {
        "name": parameter.name,
        "label": parameter.label,
        "type": parameter.type,
        "help": parameter.help,
        "required": parameter.default is None,
        "default": parameter.default,
        "choices": parameter.choices,
        "minimum": parameter.minimum if is_number else None,
        "maximum": parameter.maximum if is_number else None,
    }


def _feature(offer: FeatureOffer) -> dict[str, Any]:
    return {
        "id": offer.feature.id,
        "title": offer.feature.title,
        "creates": offer.feature.creates,
        "api": offer.api,
        "available": False,
        "cluster": offer.cluster,
        "reason": offer.reason,
        "seen_at": offer.seen_at,
    }


class ObjectOut(BaseModel):
    """One object that a choice makes."""

    object: str
    manifest: str


class OfferedOut(BaseModel):
    """What a choice makes, by the example of one namespace."""

    title: str
    note: str
    objects: list[ObjectOut]


@router.get("/catalog/{kind}/{item}", summary="The objects that a choice makes, as YAML")
@needs(Permission.CATALOG_READ)
async def offered(kind: Word, item: Word, rt: CurrentRuntime) -> OfferedOut:
    found = rt.reports.offerings.of(kind, item)
    objects = [ObjectOut(object=one.identity, manifest=one.manifest) for one in found.objects]
    return OfferedOut(title=found.title, note=found.note, objects=objects)


@router.get("/catalog", summary="Tiers, environments, presets, features, templates")
@needs(Permission.CATALOG_READ)
async def catalog(actor: CurrentActor, rt: CurrentRuntime) -> Catalog:
    return Catalog(
        tiers={
            tier.value: {
                "quota": size.quota,
                "container_default": {"cpu": size.default_cpu, "memory": size.default_memory},
                "container_request": {"cpu": size.request_cpu, "memory": size.request_memory},
                "container_max": {"cpu": size.max_cpu, "memory": size.max_memory},
            }
            for tier, size in TIERS.items()
        },
        environments={
            environment.value: {
                "default_tier": policy.default_tier,
                "tiers": policy.tiers,
                "default_network": policy.default_network,
                "networks": policy.networks,
                "pod_security": policy.pod_security,
                "default_days": policy.default_ttl.days if policy.default_ttl else None,
                "max_days": policy.max_ttl.days if policy.max_ttl else None,
                "cost_center_required": policy.cost_center_required,
                "renewals": policy.renewals,
                "grace_hours": int(policy.grace.total_seconds() // 3600),
                "max_per_team": policy.max_per_team,
            }
            for environment, policy in POLICIES.items()
        },
        presets={
            preset.value: {"default_egress": DEFAULT_EGRESS[preset], "egress": list(Egress)}
            for preset in NetworkPreset
        },
        features=[
            _feature(one) for one in feature_offers(await rt.checkup.integrations(actor=actor))
        ],
        templates=[_template(template) for template in TEMPLATES],
    )
