"""Preview of a release, restore or delete: what goes, what comes back, what would be lost.

Writes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..cluster.client import Cluster
from ..directory.directory import Directory
from ..directory.requests import RequestBoard
from ..directory.rows import NamespaceRow
from ..domain import keys
from ..domain.actors import Actor
from ..domain.environments import POLICIES
from ..domain.errors import InvalidFieldsError, UnavailableError
from ..domain.requests import RequestKind
from ..domain.teams import Resources, Team
from ..manifests.bundle import Bundle, bundle
from ..manifests.manifest import Manifest
from ..manifests.network_policies import NetworkSettings
from ..teams.teams import BudgetUse, Teams
from .change_preview import removal
from .dry_run import DryRun, Effect, answered, tried
from .effects import all_of
from .ownership import refusal_of
from .plans import Plan, Plans, needs_typing
from .verdicts import PolicyVerdict, RefusedPreviewError

__all__ = ["DeparturePreview", "DeparturePreviews", "Inside"]


@dataclass(frozen=True, slots=True)
class Inside:
    """What stands in a namespace; None where the cluster has not counted."""

    deployments: int
    pods: int | None
    services: int | None
    volumes: int | None
    """PersistentVolumeClaims."""

    @classmethod
    def of(cls, row: NamespaceRow) -> "Inside":
        """Read the counts of the API server's own quota."""

        def count(resource: str) -> int | None:
            return int(row.quota[resource].used) if resource in row.quota else None

        return cls(
            row.deployments, count("pods"), count("services"), count("persistentvolumeclaims")
        )


@dataclass(frozen=True, slots=True)
class DeparturePreview:
    """All that the end of a namespace, or the end of that end, would mean."""

    plan: Plan
    verdicts: tuple[PolicyVerdict, ...]
    objects: tuple[DryRun, ...]
    inside: Inside
    restorable_until: datetime | None
    """End of the grace period; None when it is over with the deletion."""
    team: Team
    before: BudgetUse
    expected_duration_ms: float | None

    @property
    def is_allowed(self) -> bool:
        """Whether a submit would be accepted and, as far as can be told, carried out."""
        is_denied = any(verdict.result == "deny" for verdict in self.verdicts)
        return not is_denied and all(one.is_accepted for one in self.objects)

    @property
    def needs_typing(self) -> bool:
        """Whether the name must be typed to submit it."""
        return needs_typing(self.plan.kind, self.plan.record)

    @property
    def frees(self) -> Resources:
        """What the budget gets back: only a deletion gives anything back."""
        is_freed = self.plan.kind is RequestKind.DELETE
        return Resources.of(self.plan.spec.size) if is_freed else Resources()


class DeparturePreviews:
    """Makes previews of releases, restores and deletions."""

    def __init__(
        self,
        *,
        plans: Plans,
        teams: Teams,
        directory: Directory,
        board: RequestBoard,
        cluster: Cluster | None,
        network: NetworkSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._plans = plans
        self._teams = teams
        self._directory = directory
        self._board = board
        self._cluster = cluster
        self._network = network
        self._clock = clock

    async def preview(
        self,
        kind: RequestKind,
        name: str,
        *,
        actor: Actor,
        confirm: str | None = None,
        is_tried: bool = True,
    ) -> DeparturePreview:
        """Say what it would mean.

        Args:
            kind: release, restore or delete.
            name: of the namespace.
            actor: who asks.
            confirm: the name as it was typed, if it was.
            is_tried: False leaves the cluster out: everything but its verdicts.

        Raises:
            NotFoundError, ForbiddenError, RefusedPreviewError, WrongStateError, InFlightError,
            PortalError: what a submit would be refused for.
            UnavailableError: no cluster answers, so nothing can be dry-run.
        """
        try:
            plan = await self._plans.departure(kind, name, actor=actor, confirm=confirm)
        except InvalidFieldsError as error:
            raise RefusedPreviewError(error.issues) from error
        await self._plans.ensure_now(plan)
        refusal, objects = await self._tried(plan) if is_tried else ("", ())
        return DeparturePreview(
            plan=plan,
            verdicts=_verdicts(plan, refusal),
            objects=objects,
            inside=Inside.of(self._directory.row(name, actor=actor)),
            restorable_until=self._restorable_until(plan),
            team=await self._teams.require(plan.record.team),
            before=await self._teams.budget_use(plan.record.team),
            expected_duration_ms=self._board.median_duration_ms(kind),
        )

    def _restorable_until(self, plan: Plan) -> datetime | None:
        match plan.kind:
            case RequestKind.RELEASE:
                return self._clock() + POLICIES[plan.spec.environment].grace
            case RequestKind.RESTORE:
                return plan.record.restorable_until
            case _:
                return None

    async def _tried(self, plan: Plan) -> tuple[str, tuple[DryRun, ...]]:
        cluster = self._cluster
        if cluster is None:
            raise UnavailableError("No cluster is configured: nothing can be dry-run.")
        if refusal := await refusal_of(cluster, plan.record):
            # What is gone already can be deleted all the same: there is nothing left to try.
            is_gone = refusal.code in ("NOT_FOUND", "NS_TERMINATING")
            return ("" if plan.kind is RequestKind.DELETE and is_gone else refusal.message), ()
        made = self._bundle(plan)
        match plan.kind:
            case RequestKind.RELEASE:
                return "", await _access_gone(cluster, made)
            case RequestKind.RESTORE:
                return "", await _access_back(cluster, made.access)
            case _:
                return "", (await _namespace_gone(cluster, made.namespace),)

    def _bundle(self, plan: Plan) -> Bundle:
        record = plan.record
        return bundle(
            record.spec,
            request_id=record.request_id,
            provisioned_at=record.created_at,
            now=self._clock(),
            settings=self._network,
        )


def _verdicts(plan: Plan, refusal: str) -> tuple[PolicyVerdict, ...]:
    rows = [PolicyVerdict("protection", "pass", f"{plan.record.name} is not protected.")]
    if refusal:
        rows.insert(0, PolicyVerdict("cluster", "deny", refusal))
    if plan.approval is not None:
        rows.append(PolicyVerdict("approval", "needs-approval", plan.approval.why))
    return tuple(rows)


async def _access_gone(cluster: Cluster, made: Bundle) -> tuple[DryRun, ...]:
    namespace = made.namespace["metadata"]["name"]
    known = {manifest["metadata"]["name"]: manifest for manifest in made.access}
    found = await answered(cluster.list_managed("RoleBinding", namespace))
    calls = [removal(cluster, "RoleBinding", item.metadata, known) for item in found]
    return tuple(await all_of(calls))


async def _access_back(cluster: Cluster, access: tuple[Manifest, ...]) -> tuple[DryRun, ...]:
    async def back(manifest: Manifest) -> DryRun:
        return DryRun(manifest, *await tried(cluster.apply(manifest, force=True, is_dry_run=True)))

    return tuple(await all_of([back(manifest) for manifest in access]))


async def _namespace_gone(cluster: Cluster, namespace: Manifest) -> DryRun:
    """The guard refuses a deletion that is not confirmed yet, so the confirmation is tried."""
    name = namespace["metadata"]["name"]
    confirmation = {"metadata": {"annotations": {keys.CONFIRM_DELETION: name}}}
    verdict = await tried(cluster.merge("Namespace", name, confirmation, is_dry_run=True))
    return DryRun(namespace, *verdict, effect=Effect.REMOVED)
