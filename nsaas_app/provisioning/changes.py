"""The use cases on a namespace that exists: change it, release it, restore it, delete it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.actors import Actor
from ..domain.merge_patch import merge_patch
from ..domain.names import NamespaceName
from ..domain.namespaces import ManagedNamespace
from ..domain.requests import STEPS, Phase, ProvisioningRequest, RequestKind, Step
from ..domain.sleep import Asleep, SleepCause, SleepingWorkload
from ..domain.spec import NamespaceSpec
from ..domain.spec_document import spec_to_document
from ..domain.spec_draft import draft_from_document
from ..identity.permissions import Permission
from ..store.database import StoreConnection
from ..teams.teams import Teams
from .identifiers import new_request_id
from .intake import Intake, Reserve, Submission, body_hash
from .plans import NothingChangesError, Plan, Plans
from .provisioner import Provisioner
from .reserving import WrongStateError, reserve_existing
from .stores import Stores

__all__ = ["Changes", "NothingChangesError", "WrongStateError"]


class Changes:
    """Accepts requests about existing namespaces."""

    def __init__(
        self,
        *,
        stores: Stores,
        intake: Intake,
        plans: Plans,
        provisioner: Provisioner,
        teams: Teams,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._intake = intake
        self._plans = plans
        self._provisioner = provisioner
        self._teams = teams
        self._clock = clock

    async def change(
        self, name: str, patch: Mapping[str, Any], submission: Submission
    ) -> ProvisioningRequest | None:
        """Accept a change written as a JSON merge patch of the spec; None when nothing changes.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to change.
            InvalidFieldsError: rules are broken, what is used does not fit the new quota, or the
                reason for an approver is missing.
            BudgetExceededError: the team's budget has too little left.
            WrongStateError, InFlightError: it is not a moment for changes.
        """

        async def make() -> tuple[ProvisioningRequest, Reserve]:
            plan = await self._plans.change(name, patch, actor=submission.actor)
            request = self._request(plan, submission)
            return request, lambda connection: self._reserve(connection, request)

        fingerprint = body_hash("change", name, patch)
        try:
            return await self._intake.once(fingerprint, submission, make, about=name)
        except NothingChangesError:
            return None

    async def release(
        self, name: str, submission: Submission, *, confirm: str = "", is_held: bool = False
    ) -> ProvisioningRequest:
        """Accept the giving up of a namespace; it can be restored for the grace period.

        Args:
            name: of the namespace.
            submission: who, under which key.
            confirm: the name as it was typed, where that is asked for.
            is_held: a cleanup plan does it: no grace runs, nothing but a plan or a person ends it.

        Raises:
            InvalidFieldsError: production, and the typed name is another one or there is no reason.
            NotFoundError, ForbiddenError: production takes a lead, and a second person's approval.
            PortalError: `PROTECTED`.
            WrongStateError, InFlightError: it is not active, or something runs.
        """
        held = Asleep(self._clock(), SleepCause.CLEANUP) if is_held else None
        return await self._depart(RequestKind.RELEASE, name, submission, confirm, sleep=held)

    async def restore(self, name: str, submission: Submission) -> ProvisioningRequest:
        """Accept the return of a released namespace.

        Raises:
            NotFoundError, ForbiddenError: leads restore.
            WrongStateError, InFlightError: it is not released, or something runs.
        """
        return await self._depart(RequestKind.RESTORE, name, submission, "")

    async def delete(
        self, name: str, submission: Submission, *, confirm: str
    ) -> ProvisioningRequest:
        """Accept the deletion of a namespace for good, before its grace is over.

        Raises:
            InvalidFieldsError: the typed name is another one.
            NotFoundError, ForbiddenError: platform admins delete.
            PortalError: `PROTECTED`.
            WrongStateError, InFlightError: something runs.
        """
        return await self._depart(RequestKind.DELETE, name, submission, confirm)

    async def sleep(
        self,
        name: str,
        submission: Submission,
        *,
        until: datetime | None = None,
        cause: SleepCause = SleepCause.PERSON,
    ) -> ProvisioningRequest | None:
        """Accept that what runs is put to sleep; None when it sleeps already.

        Args:
            name: of the namespace.
            submission: who, under which key.
            until: when it wakes by itself; None until somebody wakes it.
            cause: who sends it to sleep; it decides what wakes it.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to stop.
            InvalidFieldsError: the environment never sleeps, or the moment is over.
            WrongStateError, InFlightError: it is not active, or something runs.
        """

        async def plan() -> Plan:
            wish = Asleep(self._clock(), cause, until)
            return await self._plans.sleep(name, wish, actor=submission.actor)

        return await self._once(("sleep", name, until), name, submission, plan)

    async def wake(self, name: str, submission: Submission) -> ProvisioningRequest | None:
        """Accept that what sleeps is woken; None when it is awake.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to wake.
            WrongStateError, InFlightError: it is not active, or something runs.
        """

        async def plan() -> Plan:
            return await self._plans.wake(name, actor=submission.actor)

        return await self._once(("wake", name), name, submission, plan)

    async def _once(
        self,
        parts: tuple[object, ...],
        name: str,
        submission: Submission,
        plan: Callable[[], Awaitable[Plan]],
    ) -> ProvisioningRequest | None:
        async def make() -> tuple[ProvisioningRequest, Reserve]:
            request = self._request(await plan(), submission)
            return request, lambda connection: self._reserve(connection, request)

        try:
            return await self._intake.once(body_hash(*parts), submission, make, about=name)
        except NothingChangesError:
            return None

    async def certify(self, name: str, submission: Submission) -> ProvisioningRequest | None:
        """Accept the word of a lead that production is still needed; None a moment after another.

        Raises:
            NotFoundError, ForbiddenError: leads and platform admins confirm.
            InvalidFieldsError: the environment asks for no confirmation.
            WrongStateError, InFlightError: it is not active, or something runs.
        """

        async def plan() -> Plan:
            return await self._plans.certify(name, actor=submission.actor)

        return await self._once(("certify", name), name, submission, plan)

    async def delete_after_grace(
        self, name: str, submission: Submission, *, restorable_until: datetime
    ) -> ProvisioningRequest:
        """Accept the end of a released namespace whose grace is over.

        Args:
            name: of the namespace.
            submission: of the portal itself.
            restorable_until: the end of grace this is about; a later release has another.

        Raises:
            WrongStateError, InFlightError: it was restored, or something runs.
        """

        def ensure(record: ManagedNamespace | None) -> None:
            is_it = record is not None and record.restorable_until == restorable_until
            if not is_it or self._clock() < restorable_until:
                raise WrongStateError(f"The grace of {name} is not over.")

        async def make() -> tuple[ProvisioningRequest, Reserve]:
            kind, actor = RequestKind.DELETE, submission.actor
            plan = await self._plans.departure(kind, name, actor=actor, confirm=name)
            ensure(plan.record)
            request = self._request(plan, submission)

            async def reserve(connection: StoreConnection) -> ManagedNamespace:
                # Inside the transaction: somebody may have restored it a moment ago.
                record = await self._stores.namespaces.get(
                    connection, cluster=plan.record.cluster, name=name
                )
                ensure(record)
                return await self._reserve(connection, request)

            return request, reserve

        fingerprint = body_hash("grace", name, restorable_until)
        return await self._intake.once(fingerprint, submission, make, about=name)

    async def sleep_of(
        self, name: str, *, actor: Actor
    ) -> tuple[Asleep | None, tuple[SleepingWorkload, ...]]:
        """How a namespace sleeps, and what is remembered of its workloads.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        record = await self._plans.record(name, actor=actor, permission=Permission.NAMESPACE_READ)
        async with self._stores.database.reading() as connection:
            workloads = await self._stores.sleepers.list(
                connection, cluster=record.cluster, namespace=name
            )
        return record.asleep, workloads

    async def spec_of(self, name: str, *, actor: Actor) -> NamespaceSpec:
        """What was asked of a namespace.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        permission = Permission.NAMESPACE_READ
        return (await self._plans.record(name, actor=actor, permission=permission)).spec

    async def clone(
        self, name: str, new_name: str, patch: Mapping[str, Any], submission: Submission
    ) -> ProvisioningRequest:
        """Accept a new namespace like an existing one, with differences as a merge patch.

        Raises:
            NotFoundError: there is no such namespace, or it is not the actor's.
            PortalError: whatever a provision request may be refused for.
        """
        permission = Permission.NAMESPACE_REQUEST
        record = await self._plans.record(name, actor=submission.actor, permission=permission)
        document = spec_to_document(record.spec)
        # Lifetime, owner and time-boxed grants are the copy's own.
        for field in ("expires_at", "owner", "access", "certified_at"):
            document.pop(field, None)
        if patch.get("environment", document["environment"]) != document["environment"]:
            document.pop("sleep")
        copied = merge_patch(document, {**patch, "name": new_name})
        if "sleep" in patch and patch["sleep"] is None:
            copied["sleep"] = None
        return await self._provisioner.submit(draft_from_document(copied), submission)

    async def _depart(
        self,
        kind: RequestKind,
        name: str,
        submission: Submission,
        confirm: str,
        *,
        sleep: Asleep | None = None,
    ) -> ProvisioningRequest:
        async def make() -> tuple[ProvisioningRequest, Reserve]:
            plan = await self._plans.departure(kind, name, actor=submission.actor, confirm=confirm)
            request = self._request(replace(plan, sleep=sleep), submission)
            return request, lambda connection: self._reserve(connection, request)

        fingerprint = body_hash(kind.value, name)
        return await self._intake.once(fingerprint, submission, make, about=name)

    def _request(self, plan: Plan, submission: Submission) -> ProvisioningRequest:
        now, record = self._clock(), plan.record
        return ProvisioningRequest(
            request_id=new_request_id(now),
            kind=plan.kind,
            namespace=NamespaceName(str(record.name)),
            team=record.team,
            phase=Phase.AWAITING_APPROVAL if plan.approval else Phase.QUEUED,
            spec=plan.spec,
            requested_by=submission.actor.subject,
            correlation_id=submission.correlation_id,
            created_at=now,
            steps=tuple(Step(name) for name in STEPS[plan.kind]),
            justification=submission.justification,
            previous=record.spec,
            approval=plan.approval,
            sleep=plan.sleep,
        )

    async def _reserve(
        self, connection: StoreConnection, request: ProvisioningRequest
    ) -> ManagedNamespace:
        """Look once more inside the transaction: nobody else has begun or done something."""
        return await reserve_existing(connection, request, stores=self._stores, teams=self._teams)
