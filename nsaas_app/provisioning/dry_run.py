"""Trying an object on the API server without writing it: what it says, and what would become."""

from collections.abc import Awaitable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError
from ..domain.errors import UnavailableError
from ..manifests.comparison import Drift
from ..manifests.manifest import Manifest
from .explain import explain

__all__ = ["DryRun", "Effect", "answered", "tried", "try_manifest"]


class Effect(StrEnum):
    """What would become of an object."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    SAMPLE = "sample"
    """Only tried, to show that such an object is let in; never written."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """One object, what would become of it, and what the API server says."""

    manifest: Manifest
    is_accepted: bool
    message: str = ""
    effect: Effect = Effect.CREATED
    differences: tuple[Drift, ...] = ()
    """Of a changed one: desired is what it becomes, observed what it is."""


async def answered(call: Awaitable[Any]) -> Any:
    """Await a call to the cluster.

    Raises:
        UnavailableError: the cluster does not answer. ClusterError: it answers no.
    """
    try:
        return await call
    except ClusterError as error:
        if error.code in ("API_UNREACHABLE", "OUTCOME_UNKNOWN"):
            raise UnavailableError("The cluster does not answer.", raw=error.message) from error
        raise


async def tried(call: Awaitable[Any]) -> tuple[bool, str]:
    """Await a dry run: whether the API server accepts it, and its words when not.

    Raises:
        UnavailableError: the cluster does not answer.
    """
    try:
        await answered(call)
    except ClusterError as error:
        return False, explain(error).message
    return True, ""


async def try_manifest(
    cluster: Cluster,
    manifest: Manifest,
    *,
    stand_in: Manifest | None = None,
    effect: Effect = Effect.CREATED,
) -> DryRun:
    """Try a new object, perhaps by another one like it where that can be tried.

    Raises:
        UnavailableError: the cluster does not answer.
    """
    wanted = stand_in or manifest
    if wanted["kind"] in ("Namespace", "Pod"):
        verdict = await tried(cluster.create(wanted, is_dry_run=True))
    else:
        verdict = await tried(cluster.apply(wanted, force=False, is_dry_run=True))
    return DryRun(manifest, *verdict, effect=effect)
