"""Objects of a namespace: what each should be, what the cluster has, and where they differ."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..cluster.mirror import Mirror
from ..cluster.paths import RESOURCES
from ..directory.directory import Directory
from ..domain import keys
from ..domain.actors import Actor
from ..domain.namespaces import Intent, ManagedNamespace
from ..manifests.bundle import identity_of
from ..manifests.comparison import Drift, differences
from ..manifests.manifest import Manifest
from ..manifests.network_policies import NetworkSettings
from ..provisioning.drift import desired_bundle
from ..provisioning.observation import observed_objects
from .lookup import readable

__all__ = ["ObjectReport", "Objects"]


@dataclass(frozen=True, slots=True)
class ObjectReport:
    """One object. `desired` is None for one the portal did not ask for."""

    identity: str
    """`Kind/name`."""
    desired: dict[str, Any] | None
    observed: dict[str, Any] | None
    """As the watch shows it: the fields the portal reads."""
    differences: tuple[Drift, ...]
    is_ours: bool


class Objects:
    """Tells of the objects of namespaces, from memory. Secrets are never among them."""

    def __init__(
        self,
        *,
        directory: Directory,
        mirror: Mirror | None,
        settings: NetworkSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._directory = directory
        self._mirror = mirror
        self._settings = settings
        self._clock = clock

    def report(self, name: str, *, actor: Actor) -> tuple[ObjectReport, ...]:
        """Every object a namespace is made of, in the order it is applied; others after them.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        record = readable(self._directory, name, actor=actor)
        wanted = self._desired(record)
        observed = observed_objects(self._mirror, name) if self._mirror is not None else {}
        planned = {identity_of(manifest) for manifest in wanted}
        is_known = self._directory.has_synced
        reports = [
            _report(manifest, observed.get(identity_of(manifest)), is_known=is_known)
            for manifest in wanted
        ]
        reports += [
            ObjectReport(identity, None, _whole(identity, seen), (), is_ours=_is_ours(seen))
            for identity, seen in sorted(observed.items())
            if identity not in planned
        ]
        return tuple(reports)

    def _desired(self, record: ManagedNamespace) -> list[Manifest]:
        planned = desired_bundle(record, network=self._settings, now=self._clock())
        # A release takes the access away first of all.
        without = planned.access if record.intent is Intent.RELEASED else ()
        return [manifest for manifest in planned if manifest not in without]


def _report(manifest: Manifest, seen: Manifest | None, *, is_known: bool) -> ObjectReport:
    identity = identity_of(manifest)
    return ObjectReport(
        identity=identity,
        desired=manifest,
        observed=_whole(identity, seen) if seen is not None else None,
        differences=tuple(differences(manifest, seen)) if is_known else (),
        is_ours=True,
    )


def _is_ours(manifest: Manifest) -> bool:
    return (manifest["metadata"].get("labels") or {}).get(keys.MANAGED) == keys.MANAGED_VALUE


def _whole(identity: str, seen: Manifest) -> dict[str, Any]:
    """Write what the watch shows as a manifest: kind and version belong to it."""
    kind = identity.partition("/")[0]
    version = RESOURCES[kind].prefix.removeprefix("/apis/").removeprefix("/api/")
    return {"apiVersion": version, "kind": kind, **seen}
