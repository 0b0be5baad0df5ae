"""The ordered manifests of one spec, by the step that applies them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..domain.requests import StepName
from ..domain.spec import NamespaceSpec
from .limit_range import limit_range
from .manifest import Manifest
from .namespace import namespace
from .network_policies import NetworkSettings, network_policies
from .resource_quota import resource_quota
from .role_bindings import role_bindings

__all__ = ["Bundle", "bundle", "identity_of"]


def identity_of(manifest: Manifest) -> str:
    """Say which object a manifest is, as `Kind/name`."""
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """All objects of one namespace."""

    namespace: Manifest
    quota: tuple[Manifest, ...]
    limits: tuple[Manifest, ...]
    network: tuple[Manifest, ...]
    access: tuple[Manifest, ...]

    def of_step(self, step: StepName) -> tuple[Manifest, ...]:
        """The objects that one step applies."""
        return {
            StepName.NAMESPACE: (self.namespace,),
            StepName.QUOTA: self.quota,
            StepName.LIMITS: self.limits,
            StepName.NETWORK: self.network,
            StepName.ACCESS: self.access,
        }.get(step, ())

    def __iter__(self) -> Iterator[Manifest]:
        """Every object, in the order it is applied."""
        yield self.namespace
        yield from (*self.quota, *self.limits, *self.network, *self.access)


def bundle(
    spec: NamespaceSpec,
    *,
    request_id: str,
    provisioned_at: datetime,
    now: datetime,
    settings: NetworkSettings,
) -> Bundle:
    """Build every object of a namespace.

    Args:
        spec: what shall exist.
        request_id: the request that created the namespace, kept for ever.
        provisioned_at: when that was, kept for ever.
        now: decides which time-boxed grants still count.
        settings: the cluster's network.
    """
    return Bundle(
        namespace=namespace(spec, request_id=request_id, provisioned_at=provisioned_at),
        quota=(resource_quota(spec),),
        limits=(limit_range(spec),),
        network=tuple(network_policies(spec, settings)),
        access=tuple(role_bindings(spec, now=now)),
    )
