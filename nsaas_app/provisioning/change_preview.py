"""Preview of a change: object by object what is there, what it becomes, and the API server's word.

The namespace exists, so everything is tried in it, exactly as the run would write it. Writes
nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..cluster.client import Cluster
from ..cluster.objects import Metadata
from ..directory.requests import RequestBoard
from ..domain.actors import Actor
from ..domain.environments import POLICIES
from ..domain.errors import FieldIssue, InvalidFieldsError, UnavailableError
from ..domain.namespaces import ManagedNamespace
from ..domain.prices import Cost, monthly_cost
from ..domain.requests import STEPS, RequestKind, StepName
from ..domain.spec import NamespaceSpec
from ..domain.teams import Resources, Team
from ..identity.permissions import Permission
from ..manifests.bundle import Bundle, bundle
from ..manifests.comparison import Drift, differences
from ..manifests.connectivity import Connection, connectivity
from ..manifests.manifest import Manifest
from ..manifests.network_policies import NetworkSettings
from ..teams.teams import BudgetUse, Teams
from .budget import budget_issues
from .dry_run import DryRun, Effect, answered, tried
from .effects import all_of
from .kinds.change import PRUNED
from .ownership import refusal_of
from .plans import NothingChangesError, Plan, Plans
from .verdicts import PolicyVerdict, RefusedPreviewError, spec_verdicts

__all__ = ["ChangePreview", "ChangePreviews", "removal"]


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """All that a change would mean."""

    plan: Plan
    verdicts: tuple[PolicyVerdict, ...]
    objects: tuple[DryRun, ...]
    """Empty while nothing was tried, and where the namespace is not the record's."""
    team: Team
    before: BudgetUse
    """The budget as it is, this namespace included."""
    cost: Cost
    cost_before: Cost
    connectivity: tuple[Connection, ...]
    expected_duration_ms: float | None

    @property
    def is_allowed(self) -> bool:
        """Whether a submit would be accepted and, as far as can be told, carried out."""
        is_denied = any(verdict.result == "deny" for verdict in self.verdicts)
        return not is_denied and all(one.is_accepted for one in self.objects)

    @property
    def is_same(self) -> bool:
        """Whether nothing changes."""
        return self.plan.spec == self.plan.record.spec

    @property
    def after(self) -> Resources:
        """What the team's namespaces take together once it is done."""
        others = self.before.used + self.before.reserved - Resources.of(self.plan.record.spec.size)
        return others + Resources.of(self.plan.spec.size)

    @property
    def renewals(self) -> tuple[int, int | None]:
        """Renewals once it is done, and how many take no lead; None is without limit."""
        plan, record = self.plan, self.plan.record
        allowed = POLICIES[record.spec.environment].renewals
        return record.renewals + plan.spec.renews(record.spec), allowed


class ChangePreviews:
    """Makes previews of changes."""

    def __init__(
        self,
        *,
        plans: Plans,
        teams: Teams,
        board: RequestBoard,
        cluster: Cluster | None,
        network: NetworkSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._plans = plans
        self._teams = teams
        self._board = board
        self._cluster = cluster
        self._network = network
        self._clock = clock

    async def preview(
        self, name: str, patch: Mapping[str, Any], *, actor: Actor, is_tried: bool = True
    ) -> ChangePreview:
        """Say what a merge patch of a namespace's spec would do.

        Args:
            name: of the namespace.
            patch: as a submit takes it.
            actor: who asks.
            is_tried: False leaves the cluster out: everything but its verdicts.

        Raises:
            NotFoundError, ForbiddenError, RefusedPreviewError, WrongStateError, InFlightError:
                what a submit would be refused for.
            UnavailableError: no cluster answers, so nothing can be dry-run.
        """
        plan = await self._plan(name, patch, actor)
        record, spec = plan.record, plan.spec
        team = await self._teams.require(record.team)
        wanted, present = self._bundle(record, spec), self._bundle(record, record.spec)
        refusal, objects = await self._tried(plan, wanted, present) if is_tried else ("", ())
        denied = (PolicyVerdict("cluster", "deny", refusal),) if refusal else ()
        return ChangePreview(
            plan=plan,
            verdicts=(*denied, *spec_verdicts(spec, plan.approval, plan.warnings)),
            objects=objects,
            team=team,
            before=await self._teams.budget_use(record.team),
            cost=monthly_cost(Resources.of(spec.size)),
            cost_before=monthly_cost(Resources.of(record.spec.size)),
            connectivity=connectivity(spec, wanted.network, self._network),
            expected_duration_ms=self._board.median_duration_ms(RequestKind.CHANGE),
        )

    async def _plan(self, name: str, patch: Mapping[str, Any], actor: Actor) -> Plan:
        try:
            plan = await self._plans.change(name, patch, actor=actor)
        except NothingChangesError:
            permission = Permission.NAMESPACE_CHANGE
            record = await self._plans.record(name, actor=actor, permission=permission)
            return Plan(RequestKind.CHANGE, record, record.spec, None)
        except InvalidFieldsError as error:
            raise RefusedPreviewError(error.issues) from error
        await self._plans.ensure_now(plan)
        if issues := await self._budget_issues(plan):
            raise RefusedPreviewError(issues)
        return plan

    async def _budget_issues(self, plan: Plan) -> list[FieldIssue]:
        """Ceilings that it would break; one that keeps its size breaks none."""
        spec = plan.spec
        if spec.size == plan.record.spec.size:
            return []
        team = await self._teams.require(spec.team)
        others = await self._teams.budget_use(spec.team, without=str(spec.name))
        return budget_issues(spec, team=team, use=others)

    def _bundle(self, record: ManagedNamespace, spec: NamespaceSpec) -> Bundle:
        return bundle(
            spec,
            request_id=record.request_id,
            provisioned_at=record.created_at,
            now=self._clock(),
            settings=self._network,
        )

    async def _tried(
        self, plan: Plan, wanted: Bundle, present: Bundle
    ) -> tuple[str, tuple[DryRun, ...]]:
        """Why nothing may be tried, or every object with what would become of it."""
        cluster = self._cluster
        if cluster is None:
            raise UnavailableError("No cluster is configured: nothing can be dry-run.")
        if refusal := await refusal_of(cluster, plan.record):
            return refusal.message, ()
        steps = [
            _step(cluster, step, wanted, present, namespace=str(plan.record.name))
            for step in STEPS[RequestKind.CHANGE]
        ]
        return "", tuple(one for step in await all_of(steps) for one in step)


async def _step(
    cluster: Cluster, step: StepName, wanted: Bundle, present: Bundle, *, namespace: str
) -> list[DryRun]:
    manifests, before = wanted.of_step(step), present.of_step(step)
    if manifests == before:
        # The run passes such a step over: nothing is written.
        return [DryRun(one, is_accepted=True, effect=Effect.UNCHANGED) for one in manifests]
    known = {manifest["metadata"]["name"]: manifest for manifest in before}
    written = await all_of(
        [_written(cluster, one, known.get(one["metadata"]["name"])) for one in manifests]
    )
    if step not in PRUNED:
        return written
    kept = {manifest["metadata"]["name"] for manifest in manifests}
    found = await answered(cluster.list_managed(PRUNED[step], namespace))
    gone = [item.metadata for item in found if item.metadata.name not in kept]
    return [*written, *await all_of([removal(cluster, PRUNED[step], one, known) for one in gone])]


async def _written(cluster: Cluster, manifest: Manifest, before: Manifest | None) -> DryRun:
    observed = await answered(cluster.read(manifest))
    verdict = await tried(cluster.apply(manifest, force=False, is_dry_run=True))
    if observed is None:
        return DryRun(manifest, *verdict, effect=Effect.CREATED)
    found = (*differences(manifest, observed), *_dropped(manifest, before, observed))
    effect = Effect.CHANGED if found else Effect.UNCHANGED
    return DryRun(manifest, *verdict, effect=effect, differences=found)


def _dropped(manifest: Manifest, before: Manifest | None, observed: Manifest) -> Iterable[Drift]:
    """Labels and annotations of ours that an apply without them takes away."""
    for part in ("labels", "annotations"):
        kept = manifest["metadata"].get(part) or {}
        ours = (before or manifest)["metadata"].get(part) or {}
        there = observed["metadata"].get(part) or {}
        for key in ours:
            if key not in kept and key in there:
                yield Drift(f"metadata.{part}.{key}", None, there[key])


async def removal(
    cluster: Cluster, kind: str, metadata: Metadata, known: Mapping[str, Manifest]
) -> DryRun:
    """Try to take one object away.

    Raises:
        UnavailableError: the cluster does not answer.
    """
    name, namespace = metadata.name, metadata.namespace
    bare = {"kind": kind, "metadata": {"name": name, "namespace": namespace}}
    verdict = await tried(cluster.delete(kind, name, namespace, uid=metadata.uid, is_dry_run=True))
    return DryRun(known.get(name, bare), *verdict, effect=Effect.REMOVED)
