"""Views of one namespace: its objects, use, access, connectivity and kubeconfig."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from ..identity.permissions import Permission
from ..insights.network_question import HERE, Question
from ..insights.texts import as_yaml
from ..provisioning.archive import packed_kustomization
from .access import CurrentActor, CurrentRuntime, needs
from .network_models import CellOut, ConnectivityOut
from .topology_models import TopologyOut
from .view_models import (
    AccessOut,
    BindingOut,
    BlockerOut,
    BlockersOut,
    GrantOut,
    ObjectOut,
    ObjectsOut,
    ProofOut,
    TrendsOut,
    UsageOut,
    WarningOut,
    WarningsOut,
)

__all__ = ["router"]

router = APIRouter(prefix="/namespaces/{name}", tags=["namespaces"])

Name = Annotated[str, Path(max_length=63)]
YAML = "application/yaml"


class FileFormat(StrEnum):
    """How manifests are written."""

    JSON = "json"
    YAML = "yaml"
    KUSTOMIZE = "kustomize"
    """A directory that `kubectl apply -k` takes, as a gzipped tar."""


def _download(content: str | bytes, file_name: str, media_type: str = YAML) -> Response:
    disposition = f'attachment; filename="{file_name}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


@router.get(
    "/manifests",
    summary="Its objects as asked and as they are; `format=yaml` gives one file to apply, "
    "`format=kustomize` a directory for `kubectl apply -k`",
    response_model=ObjectsOut,
)
@needs(Permission.NAMESPACE_READ)
async def manifests(
    name: Name,
    actor: CurrentActor,
    rt: CurrentRuntime,
    file_format: Annotated[FileFormat, Query(alias="format")] = FileFormat.JSON,
) -> ObjectsOut | Response:
    found = rt.reports.objects.report(name, actor=actor)
    wanted = [one.desired for one in found if one.desired]
    if file_format is FileFormat.YAML:
        return _download(as_yaml(wanted), f"{name}.yaml")
    if file_format is FileFormat.KUSTOMIZE:
        archive = packed_kustomization(name, wanted)
        return _download(archive, f"{name}-kustomize.tar.gz", "application/gzip")
    return ObjectsOut(items=[ObjectOut.of(one) for one in found], total=len(found))


@router.get("/usage", summary="What its quota counts, and what is left")
@needs(Permission.NAMESPACE_READ)
async def usage(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> UsageOut:
    return UsageOut.of(await rt.reports.usage.report(name, actor=actor))


@router.get("/topology", summary="Who leads to whom, from Ingress to pods")
@needs(Permission.NAMESPACE_READ)
async def topology(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> TopologyOut:
    return TopologyOut.of(rt.reports.topology.report(name, actor=actor))


@router.get("/usage/trend", summary="What its quota counted over the last day or week")
@needs(Permission.NAMESPACE_READ)
async def trend(
    name: Name, actor: CurrentActor, rt: CurrentRuntime, window: Literal["24h", "7d"] = "24h"
) -> TrendsOut:
    return TrendsOut.of(await rt.reports.trends.report(name, window=window, actor=actor))


@router.get("/access", summary="Who gets in, proven by the API server")
@needs(Permission.NAMESPACE_READ)
async def access(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> AccessOut:
    bindings = rt.reports.access.bindings(name, actor=actor)
    proofs = await rt.reports.access.prove(name, actor=actor)
    return AccessOut(
        grants=[GrantOut.of(one) for one in rt.reports.access.grants(name, actor=actor)],
        bindings=[BindingOut.of(line) for line in bindings],
        proofs=[ProofOut.of(proof) for proof in proofs],
    )


@router.get("/connectivity", summary="Who can reach whom, and which rule says so")
@needs(Permission.NAMESPACE_READ)
async def connectivity(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> ConnectivityOut:
    return ConnectivityOut.of(rt.reports.network.report(name, actor=actor))


@router.get("/connectivity/check", summary="Whether one connection is let through, and by what")
@needs(Permission.NAMESPACE_READ)
async def connectivity_check(
    name: Name,
    actor: CurrentActor,
    rt: CurrentRuntime,
    *,
    source: Annotated[str, Query(alias="from", max_length=63)] = HERE,
    target: Annotated[str, Query(alias="to", max_length=63)] = "internet",
    port: Annotated[str, Query(max_length=5)] = "443",
    protocol: Annotated[str, Query(max_length=4)] = "TCP",
) -> CellOut:
    question = Question(source, target, protocol, port)
    return CellOut.of(rt.reports.network.ask(name, question, actor=actor))


@router.get("/events", summary="Warnings of the last hour, gathered by cause, each with its fix")
@needs(Permission.NAMESPACE_READ)
async def events(
    name: Name,
    actor: CurrentActor,
    rt: CurrentRuntime,
    kind: Annotated[str, Query(max_length=63)] = "",
    minutes: Annotated[int | None, Query(ge=1, le=60)] = None,
) -> WarningsOut:
    within = timedelta(minutes=minutes) if minutes is not None else None
    found = rt.reports.warnings.report(name, actor=actor, kind=kind, within=within)
    return WarningsOut(items=[WarningOut.of(group) for group in found], total=len(found))


@router.get("/blockers", summary="What holds its deletion up, and the safe ways out")
@needs(Permission.NAMESPACE_READ)
async def blockers(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> BlockersOut:
    found = rt.reports.endings.blockers(name, actor=actor)
    return BlockersOut(items=[BlockerOut.of(one) for one in found], total=len(found))


@router.get(
    "/kubeconfig", summary="Where the cluster is, without any credential", response_class=Response
)
@needs(Permission.NAMESPACE_READ)
async def kubeconfig(name: Name, actor: CurrentActor, rt: CurrentRuntime) -> Response:
    return _download(rt.reports.kubeconfig.write(name, actor=actor), f"{name}.kubeconfig")
