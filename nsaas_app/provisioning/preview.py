"""Preview of a new namespace: all that a submit would mean, with the API server's own verdicts.

Writes nothing.
"""

import copy
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..cluster.client import Cluster
from ..directory.requests import RequestBoard
from ..domain import keys
from ..domain.actors import Actor
from ..domain.approval import Approval
from ..domain.errors import UnavailableError
from ..domain.prices import Cost, monthly_cost
from ..domain.requests import RequestKind
from ..domain.spec import NamespaceSpec, SpecDraft
from ..domain.teams import Resources, Team
from ..manifests.bundle import Bundle, bundle
from ..manifests.connectivity import Connection, connectivity
from ..manifests.manifest import Manifest
from ..manifests.network_policies import NetworkSettings
from ..manifests.sample_pod import sample_pod
from ..teams.teams import BudgetUse, Teams
from .dry_run import DryRun, Effect, try_manifest
from .effects import all_of
from .provisioner import Provisioner
from .verdicts import PolicyVerdict, RefusedPreviewError, spec_verdicts

__all__ = ["Connection", "DryRun", "PolicyVerdict", "Preview", "Previews"]


@dataclass(frozen=True, slots=True)
class Preview:
    """All that the review step shows."""

    spec: NamespaceSpec
    verdicts: tuple[PolicyVerdict, ...]
    objects: tuple[DryRun, ...]
    approval: Approval | None
    team: Team
    before: BudgetUse
    cost: Cost
    connectivity: tuple[Connection, ...]
    expected_duration_ms: float | None

    @property
    def is_allowed(self) -> bool:
        """Whether a submit would be accepted and, as far as can be told, carried out."""
        return all(one.is_accepted for one in self.objects)

    @property
    def takes(self) -> Resources:
        """What it takes out of the budget."""
        return Resources.of(self.spec.size)


class Previews:
    """Makes previews of new namespaces."""

    def __init__(
        self,
        *,
        provisioner: Provisioner,
        teams: Teams,
        board: RequestBoard,
        cluster: Cluster | None,
        network: NetworkSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._provisioner = provisioner
        self._teams = teams
        self._board = board
        self._cluster = cluster
        self._network = network
        self._clock = clock

    async def preview(self, draft: SpecDraft, *, actor: Actor) -> Preview:
        """Say what a submit of this draft would do.

        Raises:
            ForbiddenError, NameTakenError, RefusedPreviewError: what a submit would be refused for.
            UnavailableError: no cluster answers, so nothing can be dry-run.
        """
        checked = await self._provisioner.acceptable(draft, actor=actor)
        spec = checked.spec
        if spec is None or checked.issues:
            raise RefusedPreviewError(checked.issues)
        team = await self._teams.require(spec.team)
        policies, objects = await self._dry_run(spec)
        free = PolicyVerdict("name", "pass", f"{spec.name} is free and not reserved.")
        return Preview(
            spec=spec,
            verdicts=(free, *spec_verdicts(spec, checked.approval, checked.warnings)),
            objects=objects,
            approval=checked.approval,
            team=team,
            before=await self._teams.budget_use(spec.team),
            cost=monthly_cost(Resources.of(spec.size)),
            connectivity=connectivity(spec, policies, self._network),
            expected_duration_ms=self._board.median_duration_ms(RequestKind.PROVISION),
        )

    async def _dry_run(
        self, spec: NamespaceSpec
    ) -> tuple[tuple[Manifest, ...], tuple[DryRun, ...]]:
        now, cluster = self._clock(), self._cluster
        planned = bundle(
            spec, request_id="preview", provisioned_at=now, now=now, settings=self._network
        )
        if cluster is None:
            raise UnavailableError("No cluster is configured: nothing can be dry-run.")
        verdicts = await all_of(
            [try_manifest(cluster, planned.namespace), *_inside(cluster, spec, planned)]
        )
        return planned.network, tuple(verdicts)

    async def try_inside(self, spec: NamespaceSpec, planned: Bundle) -> tuple[DryRun, ...]:
        """Dry-run everything but the namespace itself, a sample pod included.

        Raises:
            UnavailableError: the cluster does not answer.
        """
        if self._cluster is None:
            raise UnavailableError("No cluster is configured: nothing can be dry-run.")
        return tuple(await all_of(_inside(self._cluster, spec, planned)))


def _inside(
    cluster: Cluster, spec: NamespaceSpec, planned: Bundle
) -> list[Coroutine[Any, Any, DryRun]]:
    pod = sample_pod(spec)
    return [
        *(
            try_manifest(cluster, manifest, stand_in=_next_door(spec, manifest))
            for manifest in list(planned)[1:]
        ),
        try_manifest(cluster, pod, stand_in=_next_door(spec, pod), effect=Effect.SAMPLE),
    ]


def _next_door(spec: NamespaceSpec, manifest: Manifest) -> Manifest:
    """A namespaced dry run answers 404 while its namespace is not there: try it in another."""
    stand_in = copy.deepcopy(manifest)
    stand_in["metadata"]["namespace"] = f"{keys.SCRATCH_PREFIX}{spec.environment.value}"
    return stand_in
