"""The use cases of adoption: what it would mean, and asking for it. Platform admins only."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError, Verdict
from ..cluster.objects import Namespace
from ..directory.directory import Directory
from ..domain import keys
from ..domain.actors import Actor
from ..domain.errors import (
    FieldIssue,
    ForbiddenError,
    InvalidFieldsError,
    NameTakenError,
    UnavailableError,
)
from ..domain.names import NamespaceName
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.prices import monthly_cost
from ..domain.requests import ProvisioningRequest, RequestKind
from ..domain.spec import NamespaceSpec, SpecDraft
from ..domain.teams import Resources
from ..identity.permissions import Permission, may_anywhere
from ..manifests.bundle import Bundle, bundle, identity_of
from ..manifests.connectivity import connectivity
from ..manifests.manifest import Manifest
from ..manifests.network_policies import NetworkSettings
from ..store.database import StoreConnection
from ..teams.teams import Teams
from .checks import Checked
from .dry_run import DryRun, Effect
from .effects import repeating
from .explain import explain
from .foreign import OWN_KINDS, Contents, collisions, foreign_objects, read_contents
from .impact import READ, Impact, impact_of
from .intake import Intake, Reserve, Submission, body_hash
from .preview import Preview, Previews
from .provisioner import Provisioner
from .verdicts import (
    PolicyVerdict,
    RefusedPreviewError,
    override_verdicts,
    warning_verdicts,
)

__all__ = ["AdoptionPreview", "Adoptions", "MetadataChange", "obstacles_of", "unmark_command"]

_KIND: Final = RequestKind.ADOPT
_FREE: Final = (Intent.DELETED, Intent.FAILED)

_OTHER_TOOLS: Final = {
    "ManagedByARM": ("MANAGED_BY_ARM", "AKS manages this namespace through ARM."),
    "capsule.clastix.io/tenant": ("FIELD_CONFLICT", "Capsule manages this namespace."),
    "hnc.x-k8s.io/included-namespace": (
        "FIELD_CONFLICT",
        "The hierarchical namespace controller manages this namespace.",
    ),
}
"""Labels by which other tools say that a namespace's quota and access are theirs."""


@dataclass(frozen=True, slots=True)
class MetadataChange:
    """One label or annotation of the namespace that changes; `before` is None for a new one."""

    path: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class AdoptionPreview:
    """All that an adoption would change, and for whom."""

    base: Preview
    uid: str
    changes: tuple[MetadataChange, ...]
    created: tuple[str, ...]
    """Our objects that come to be, as `Kind/name`."""
    collisions: tuple[str, ...]
    """Objects of somebody else that have the name of one of ours."""
    foreign: tuple[str, ...]
    """Objects of somebody else that stay and go on counting beside ours."""
    pod_security: tuple[str, ...]
    """The API server's own words on pods that break the new level."""
    impact: Impact


class Adoptions:
    """Takes over namespaces that exist, with everybody's knowledge."""

    def __init__(
        self,
        *,
        intake: Intake,
        provisioner: Provisioner,
        previews: Previews,
        teams: Teams,
        directory: Directory,
        cluster: Cluster | None,
        network: NetworkSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._intake = intake
        self._provisioner = provisioner
        self._previews = previews
        self._teams = teams
        self._directory = directory
        self._cluster = cluster
        self._network = network
        self._clock = clock

    async def submit(self, draft: SpecDraft, submission: Submission) -> ProvisioningRequest:
        """Accept an adopt request: it waits for a cluster administrator's annotation.

        Raises:
            ForbiddenError: platform admins adopt.
            NameTakenError: the portal manages the namespace already.
            InvalidFieldsError: rules are broken, or the namespace cannot be adopted.
            BudgetExceededError: the team's budget has too little left.
            UnavailableError: no cluster answers.
        """

        async def make() -> tuple[ProvisioningRequest, Reserve]:
            _ensure_may_adopt(submission.actor)
            spec, _, seen = await self._acceptable(draft, submission.actor)
            request = self._provisioner.request_for(spec, submission, _KIND)

            async def reserve(connection: StoreConnection) -> ManagedNamespace:
                record = await self._provisioner.reserve(connection, request)
                return replace(record, uid=seen.metadata.uid)

            return request, reserve

        fingerprint = body_hash(_KIND.value, asdict(draft))
        return await self._intake.once(fingerprint, submission, make, about=draft.name)

    async def preview(self, draft: SpecDraft, *, actor: Actor) -> AdoptionPreview:
        """Say what an adoption would do. Writes nothing and needs no consent.

        Raises:
            ForbiddenError, NameTakenError, RefusedPreviewError: what a submit would be refused for.
            UnavailableError: no cluster answers.
        """
        _ensure_may_adopt(actor)
        try:
            spec, checked, seen = await self._acceptable(draft, actor)
        except InvalidFieldsError as error:
            raise RefusedPreviewError(error.issues) from error
        now = self._clock()
        planned = bundle(
            spec, request_id="preview", provisioned_at=now, now=now, settings=self._network
        )
        contents, (verdict, warnings), inside = await asyncio.gather(
            self._read(str(spec.name)),
            self._try_namespace(planned.namespace),
            self._previews.try_inside(spec, planned),
        )
        colliding = collisions(planned, contents)
        impact = impact_of(spec, contents)
        return AdoptionPreview(
            base=await self._base(
                checked,
                planned,
                (verdict, *(_told(one, colliding) for one in inside)),
                _verdicts(spec, checked, impact, warnings),
            ),
            uid=seen.metadata.uid,
            changes=tuple(_changes(seen, planned.namespace)),
            created=tuple(
                name for one in list(planned)[1:] if (name := identity_of(one)) not in colliding
            ),
            collisions=colliding,
            foreign=foreign_objects(planned, contents),
            pod_security=warnings,
            impact=impact,
        )

    async def _acceptable(
        self, draft: SpecDraft, actor: Actor
    ) -> tuple[NamespaceSpec, Checked, Namespace]:
        checked = await self._provisioner.check_spec(draft, actor=actor, kind=_KIND)
        record = self._directory.record(draft.name)
        if record is not None and record.intent not in _FREE:
            raise NameTakenError(draft.name, owner=str(record.team))
        seen, issues = await self._look(draft.name)
        if issues or checked.issues or checked.spec is None or seen is None:
            raise InvalidFieldsError([*checked.issues, *issues])
        return checked.spec, checked, seen

    async def _look(self, name: str) -> tuple[Namespace | None, list[FieldIssue]]:
        """The namespace as it is now, and why it cannot be adopted."""
        try:
            NamespaceName.parse(name)
        except InvalidFieldsError:
            return None, []
        cluster = self._required_cluster()
        try:
            seen = await repeating(lambda: cluster.get("Namespace", name, model=Namespace))
        except ClusterError as error:
            raise _no_answer(error) from error
        if seen is None:
            message = f"There is no namespace {name} in the cluster: ask for a new one."
            return None, [FieldIssue("name", message, "NOT_FOUND")]
        return seen, [FieldIssue("name", words, code) for code, words in obstacles_of(seen)]

    async def _read(self, name: str) -> Contents:
        try:
            return await read_contents(self._required_cluster(), name, (*OWN_KINDS, *READ))
        except ClusterError as error:
            raise _no_answer(error) from error

    async def _try_namespace(self, manifest: Manifest) -> tuple[DryRun, tuple[str, ...]]:
        """The API server's verdict on the update, and its warnings of pods that break the level."""
        cluster = self._required_cluster()
        try:
            warnings = await repeating(lambda: cluster.try_apply(manifest, force=True))
        except ClusterError as error:
            if error.verdict is not Verdict.PERMANENT:
                raise _no_answer(error) from error
            message = explain(error).message
            return DryRun(manifest, is_accepted=False, message=message, effect=Effect.CHANGED), ()
        return DryRun(manifest, is_accepted=True, effect=Effect.CHANGED), warnings

    async def _base(
        self,
        checked: Checked,
        planned: Bundle,
        objects: tuple[DryRun, ...],
        verdicts: tuple[PolicyVerdict, ...],
    ) -> Preview:
        spec = checked.spec
        assert spec is not None  # noqa: S101 - `_acceptable` has looked
        return Preview(
            spec=spec,
            verdicts=verdicts,
            objects=objects,
            approval=checked.approval,
            team=await self._teams.require(spec.team),
            before=await self._teams.budget_use(spec.team),
            cost=monthly_cost(Resources.of(spec.size)),
            connectivity=connectivity(spec, planned.network, self._network),
            # How long depends on when somebody consents.
            expected_duration_ms=None,
        )

    def _required_cluster(self) -> Cluster:
        if self._cluster is None:
            raise UnavailableError("No cluster is configured: there is nothing to adopt.")
        return self._cluster


def _ensure_may_adopt(actor: Actor) -> None:
    """Whoever may not adopt anything is told so before anything is looked at."""
    if not may_anywhere(actor, Permission.NAMESPACE_ADOPT):
        raise ForbiddenError("Only platform admins adopt namespaces.")


def _no_answer(error: ClusterError) -> UnavailableError:
    return UnavailableError("The cluster does not answer.", raw=error.message)


def unmark_command(name: str) -> str:
    """What a cluster administrator runs so that an orphan can be adopted.

    The policies let nobody else change whose a namespace is, the portal least of all.
    """
    labels = f"kubectl label namespace {name} {keys.MANAGED}- {keys.TEAM}-"
    return f"{labels} && kubectl annotate namespace {name} {keys.REQUEST_ID}-"


def obstacles_of(seen: Namespace) -> Iterator[tuple[str, str]]:
    """Why a namespace cannot be adopted: codes and words."""
    name = seen.metadata.name
    if not seen.is_active:
        yield "NS_TERMINATING", f"Namespace {name} is being deleted."
    if seen.labels.get(keys.MANAGED) == keys.MANAGED_VALUE or keys.REQUEST_ID in seen.annotations:
        # No record speaks of it, so it is an orphan; what it says it was cannot be overwritten.
        marks = (
            f"Namespace {name} carries the marks of a managed namespace that no record speaks of."
        )
        yield (
            "NS_EXISTS",
            f"{marks} A cluster administrator takes them off first: {unmark_command(name)}",
        )
    elif keys.TEAM in seen.labels:
        team = seen.labels[keys.TEAM]
        yield "NS_EXISTS", f"Namespace {name} carries {keys.TEAM}={team}, which never changes."
    for label, (code, words) in _OTHER_TOOLS.items():
        if label in seen.labels:
            yield code, f"{words} (label {label})"


def _verdicts(
    spec: NamespaceSpec, checked: Checked, impact: Impact, pod_security: tuple[str, ...]
) -> tuple[PolicyVerdict, ...]:
    network = f"The {spec.network.preset} network holds for running pods at once."
    consent = f"A cluster administrator annotates the namespace with {keys.ADOPT}=<request id>."
    rows = [
        PolicyVerdict("name", "pass", f"Namespace {spec.name} is there and nobody's.", "name"),
        PolicyVerdict("budget", "pass", f"It fits the budget of {spec.team}.", "tier"),
        PolicyVerdict("network", "warn", network, "network.preset"),
        PolicyVerdict("consent", "needs-approval", consent),
        *override_verdicts(spec),
        *warning_verdicts(checked.warnings),
    ]
    if over := [line.resource for line in impact.quota if line.is_over]:
        words = f"More runs than {spec.tier} allows: {', '.join(over)}. New pods are refused."
        rows.append(PolicyVerdict("quota", "warn", words, "tier"))
    if impact.refused:
        words = f"{len(impact.refused)} containers or claims could not start again as they are."
        rows.append(PolicyVerdict("limits", "warn", words, "tier"))
    rows += [PolicyVerdict("pod-security", "warn", words) for words in pod_security]
    if checked.approval is not None:
        rows.append(PolicyVerdict("approval", "needs-approval", checked.approval.why))
    return tuple(rows)


def _changes(seen: Namespace, manifest: Manifest) -> Iterator[MetadataChange]:
    for part, present in (("labels", seen.labels), ("annotations", seen.annotations)):
        for key, value in manifest["metadata"][part].items():
            if present.get(key) != value:
                yield MetadataChange(f"metadata.{part}[{key}]", present.get(key), value)


def _told(one: DryRun, colliding: tuple[str, ...]) -> DryRun:
    """The scratch namespace cannot know what is in the way in the real one."""
    if identity_of(one.manifest) not in colliding:
        return one
    message = "An object of that name is there and not the portal's: rename or remove it first."
    return replace(one, is_accepted=False, message=message)
