"""Discovery: which kinds an API server serves, in one call."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from .client import Cluster
from .faults import ClusterError, Verdict
from .paths import Resource

__all__ = ["ServedKind", "served_kinds"]

_AGGREGATED: Final = "application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList"


class _ResponseKind(msgspec.Struct):
    kind: str = ""


class _Served(msgspec.Struct, rename="camel"):
    resource: str = ""
    response_kind: _ResponseKind | None = None
    scope: str = ""
    verbs: list[str] = []
    categories: list[str] = []


class _Version(msgspec.Struct):
    version: str = ""
    resources: list[_Served] = []


class _Group(msgspec.Struct):
    metadata: dict[str, Any] = {}
    versions: list[_Version] = []


class _Groups(msgspec.Struct):
    kind: str = ""
    items: list[_Group] = []


@dataclass(frozen=True, slots=True)
class ServedKind:
    """One kind of a group, in the version that the API server prefers."""

    group: str
    resource: Resource
    """Its kind is written with its group: two groups may have kinds of one name."""
    categories: frozenset[str]
    can_watch: bool


async def served_kinds(cluster: Cluster) -> list[ServedKind]:
    """Every kind beside the core ones.

    Raises:
        ClusterError: it does not answer, or knows no aggregated discovery (before 1.27).
    """
    body = await cluster.list_page("/apis", (), accept=_AGGREGATED)
    groups = msgspec.json.decode(body, type=_Groups)
    if groups.kind != "APIGroupDiscoveryList":
        message = "The API server knows no aggregated discovery."
        raise ClusterError(message, code="CRD_MISSING", verdict=Verdict.PERMANENT)
    return [kind for group in groups.items for kind in _kinds(group)]


def _kinds(group: _Group) -> list[ServedKind]:
    name = str(group.metadata.get("name", ""))
    found: dict[str, ServedKind] = {}
    for version in group.versions:
        # The first version that has a kind is the preferred one.
        for served in version.resources:
            if served.resource not in found and not version.version.endswith("storage"):
                kind = served.response_kind.kind if served.response_kind else served.resource
                found[served.resource] = ServedKind(
                    group=name,
                    resource=Resource(
                        f"{kind}.{name}",
                        f"/apis/{name}/{version.version}",
                        served.resource,
                        is_namespaced=served.scope == "Namespaced",
                    ),
                    categories=frozenset(served.categories),
                    can_watch={"list", "watch"} <= set(served.verbs),
                )
    return list(found.values())
