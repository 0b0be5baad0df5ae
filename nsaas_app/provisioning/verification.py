"""Proof that a namespace is ready: read back, admitted, counted, and open to the right people."""

from typing import Final

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError, Verdict
from ..cluster.mirror import Mirror
from ..domain.access import AccessGrant, AccessRole, SubjectKind
from ..domain.spec import NamespaceSpec
from ..manifests.bundle import Bundle, identity_of
from ..manifests.comparison import differences
from ..manifests.resource_quota import QUOTA_NAME
from ..manifests.sample_pod import sample_pod
from .effects import all_of, holds_in_time, repeating
from .observation import observed_objects

__all__ = ["Verification", "prove_nobody_enters"]

SETTLE_S: Final = 10.0
WATCH_LAG_S: Final = 2.0
ACCESS_LAG_S: Final = 3.0
"""The API server's own authorizer learns of a RoleBinding from a watch, some milliseconds later."""

_KINDS: Final = ("Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding")
Objects = tuple[str, ...]

_PROBES: Final = {
    AccessRole.VIEWER: ("get", "", "pods"),
    AccessRole.DEVELOPER: ("create", "apps", "deployments"),
    AccessRole.LEAD: ("create", "", "serviceaccounts"),
}
"""For each role, one thing that it may do and the weaker role may not."""


class Verification:
    """Checks one namespace against its bundle."""

    def __init__(
        self, *, cluster: Cluster, mirror: Mirror, spec: NamespaceSpec, bundle: Bundle, uid: str
    ) -> None:
        self._cluster = cluster
        self._mirror = mirror
        self._spec = spec
        self._bundle = bundle
        self._uid = uid
        self._name = str(spec.name)

    async def prove(self) -> tuple[str, ...]:
        """Prove everything; give the checks that were made.

        Raises:
            ClusterError: what does not hold, with the verdict whether waiting can help.
        """
        await self._settled()
        checks = [self._read_back(), self._sample_pod_is_admitted(), self._stranger_is_refused()]
        checks += [self._may_enter(grant) for grant in self._spec.access]
        return tuple(name for names in await all_of(checks) for name in names)

    async def _settled(self) -> None:
        """Wait for what controllers add: the default ServiceAccount, the counted quota."""

        def holds() -> bool:
            seen = self._mirror.namespaces.get(self._name)
            quota = self._mirror.quotas.get(QUOTA_NAME, self._name)
            return (
                seen is not None
                and seen.metadata.uid == self._uid
                and seen.is_active
                and self._mirror.accounts.get("default", self._name) is not None
                and quota is not None
                and bool(quota.status.used)
                and quota.status.hard == self._spec.size.quota
            )

        if not await self._mirror.until(self._name, holds, timeout_s=SETTLE_S):
            raise ClusterError(
                "The cluster's controllers have not made the namespace ready yet: "
                "no default ServiceAccount, or the quota is not counted.",
                code="API_UNREACHABLE",
                verdict=Verdict.RETRY,
            )

    async def _read_back(self) -> Objects:
        """Prove that the cluster holds every object as it was written.

        The watch tells of it by itself. What it does not show in time is asked for, which also
        gives the exact words for what differs.
        """
        if await self._mirror.until(self._name, self._is_as_written, timeout_s=WATCH_LAG_S):
            return tuple(identity_of(manifest) for manifest in self._bundle)
        read = await all_of([self._read_kind(kind) for kind in _KINDS])
        return tuple(name for names in read for name in names)

    def _is_as_written(self) -> bool:
        seen = self._mirror.namespaces.get(self._name)
        if seen is None:
            return False
        contents = (
            *self._mirror.quotas.in_namespace(self._name),
            *self._mirror.limit_ranges.in_namespace(self._name),
            *self._mirror.policies.in_namespace(self._name),
            *self._mirror.bindings.in_namespace(self._name),
        )
        # What is older than the namespace was in one of the same name, and its end is not told yet.
        born = seen.metadata.creation_timestamp
        if any(item.metadata.creation_timestamp < born for item in contents):
            return False
        observed = observed_objects(self._mirror, self._name)
        return not any(
            differences(manifest, observed.get(identity_of(manifest))) for manifest in self._bundle
        )

    async def _read_kind(self, kind: str) -> Objects:
        """Compare every object of a kind with what was written: one call, however many."""
        if kind == "Namespace":
            seen = await repeating(lambda: self._cluster.read(self._bundle.namespace))
            found = {self._name: seen} if seen is not None else {}
        else:
            listed = await repeating(lambda: self._cluster.read_managed(kind, self._name))
            found = {item["metadata"]["name"]: item for item in listed}
        wanted = [manifest for manifest in self._bundle if manifest["kind"] == kind]
        for manifest in wanted:
            drift = differences(manifest, found.get(manifest["metadata"]["name"]))
            if drift:
                paths = ", ".join(item.path or "the whole object" for item in drift[:5])
                message = f"{identity_of(manifest)} is not as it was written: {paths}."
                raise ClusterError(message, code="FIELD_CONFLICT", verdict=Verdict.PERMANENT)
        return tuple(identity_of(manifest) for manifest in wanted)

    async def _sample_pod_is_admitted(self) -> Objects:
        pod = sample_pod(self._spec)
        try:
            await repeating(lambda: self._cluster.create(pod, is_dry_run=True))
        except ClusterError as error:
            # A quota that refuses one more pod beside those that run does what it is there for.
            if error.code != "QUOTA_EXCEEDED" or self._is_empty():
                raise
            return ("Pod/sample (dry run: the quota is used up)",)
        return ("Pod/sample (dry run)",)

    def _is_empty(self) -> bool:
        quota = self._mirror.quotas.get(QUOTA_NAME, self._name)
        return quota is None or (quota.status.used or {}).get("pods", "0") == "0"

    async def _may_enter(self, grant: AccessGrant) -> Objects:
        user, groups = _subject(grant, self._name)
        verb, api_group, resource = _PROBES[grant.role]

        async def may() -> bool:
            return await self._is_allowed(user, groups, verb, api_group, resource)

        if not await holds_in_time(may, within_s=ACCESS_LAG_S):
            message = f"{grant.kind} {grant.name} cannot {verb} {resource} as {grant.role}."
            raise ClusterError(message, code="SUBJECT_UNKNOWN", verdict=Verdict.PERMANENT)
        return (f"{grant.kind}/{grant.name} as {grant.role}",)

    async def _stranger_is_refused(self) -> Objects:
        stranger, everybody = "nsaas:stranger", ("system:authenticated",)
        if await self._is_allowed(stranger, everybody, "get", "", "pods"):
            message = (
                "Anybody known to the cluster may read this namespace: "
                "a ClusterRoleBinding outside the portal grants it."
            )
            raise ClusterError(message, code="POLICY_DENY", verdict=Verdict.PERMANENT)
        return ("stranger refused",)

    async def _is_allowed(
        self, user: str, groups: tuple[str, ...], verb: str, api_group: str, resource: str
    ) -> bool:
        return await repeating(
            lambda: self._cluster.review_access(
                user=user,
                groups=groups,
                verb=verb,
                resource=resource,
                namespace=self._name,
                api_group=api_group,
            )
        )


async def prove_nobody_enters(cluster: Cluster, spec: NamespaceSpec) -> tuple[str, ...]:
    """Prove that every grant of a spec is gone.

    Raises:
        ClusterError: somebody still gets in; waiting helps while the authorizer lags behind.
    """

    async def is_out(grant: AccessGrant) -> str:
        user, groups = _subject(grant, str(spec.name))
        verb, api_group, resource = _PROBES[grant.role]

        async def may_not() -> bool:
            return not await cluster.review_access(
                user=user,
                groups=groups,
                verb=verb,
                resource=resource,
                namespace=str(spec.name),
                api_group=api_group,
            )

        if not await holds_in_time(may_not, within_s=ACCESS_LAG_S):
            message = f"{grant.kind} {grant.name} can still {verb} {resource}."
            raise ClusterError(message, code="POLICY_DENY", verdict=Verdict.RETRY)
        return f"{grant.kind}/{grant.name} out"

    return tuple(await all_of([is_out(grant) for grant in spec.access]))


def _subject(grant: AccessGrant, namespace: str) -> tuple[str, tuple[str, ...]]:
    """User and groups that the API server would see for a grant's subject."""
    match grant.kind:
        case SubjectKind.GROUP:
            return "nsaas:member", (grant.name, "system:authenticated")
        case SubjectKind.USER:
            return grant.name, ("system:authenticated",)
        case SubjectKind.SERVICE_ACCOUNT:
            groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}")
            return f"system:serviceaccount:{namespace}:{grant.name}", groups
