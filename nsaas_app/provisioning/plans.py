"""What a request about an existing namespace would be: looked up, permitted, checked, unwritten.

Accepting a request and previewing it begin with the same plan, so they are refused alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.approval import Approval
from ..domain.environments import POLICIES, Environment
from ..domain.errors import Fault, FieldIssue, InvalidFieldsError, NotFoundError, PortalError
from ..domain.house_rules import HouseRules
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.requests import RequestKind
from ..domain.sleep import Asleep
from ..domain.spec import NamespaceSpec
from ..domain.spec_document import spec_to_document
from ..identity.permissions import Permission, ensure_may, ensure_may_see
from ..teams.teams import Teams
from .approvals import Asked, approval_for
from .checks import Checked, check_draft
from .intake import InFlightError
from .merging import Merged, ensure_use_fits
from .reserving import ensure_state, ensure_unprotected
from .stores import Stores

__all__ = [
    "NothingChangesError",
    "Plan",
    "Plans",
    "needs_typing",
]

CERTIFIED_FOR: Final = timedelta(minutes=1)
"""So soon after a confirmation another one says nothing new: it is a second click."""
_FIXED: Final = ("name", "team", "environment", "cluster")

_PERMISSIONS: Final = {
    RequestKind.CHANGE: Permission.NAMESPACE_CHANGE,
    RequestKind.SLEEP: Permission.NAMESPACE_SLEEP,
    RequestKind.WAKE: Permission.NAMESPACE_SLEEP,
    RequestKind.RELEASE: Permission.NAMESPACE_RELEASE,
    RequestKind.RESTORE: Permission.NAMESPACE_RESTORE,
    RequestKind.DELETE: Permission.NAMESPACE_DELETE,
}


class NothingChangesError(PortalError):
    """The namespace is as asked already."""

    code = "DUPLICATE"
    fault = Fault.CONFLICT


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that could be handed in, but for budget and what runs at the moment."""

    kind: RequestKind
    record: ManagedNamespace
    spec: NamespaceSpec
    approval: Approval | None
    warnings: tuple[FieldIssue, ...] = ()
    sleep: Asleep | None = None
    """Why and until when, where it is a sleep."""


class Plans:
    """Plans requests about existing namespaces. Reads only."""

    def __init__(
        self,
        *,
        stores: Stores,
        teams: Teams,
        directory: Directory,
        cluster_name: str,
        house: HouseRules,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._teams = teams
        self._directory = directory
        self._cluster_name = cluster_name
        self._house = house
        self._clock = clock

    async def change(self, name: str, patch: Mapping[str, Any], *, actor: Actor) -> Plan:
        """Plan a change written as a JSON merge patch of the spec.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to change.
            InvalidFieldsError: rules are broken, or what is used does not fit the new quota.
            NothingChangesError: it is as asked already.
        """
        record = await self._permitted(RequestKind.CHANGE, name, actor)
        checked, spec = await self._changed(record, patch, actor)
        plan = self._plan(RequestKind.CHANGE, record, spec, actor)
        return replace(plan, warnings=checked.warnings)

    async def departure(
        self, kind: RequestKind, name: str, *, actor: Actor, confirm: str | None
    ) -> Plan:
        """Plan a release, restore or delete.

        Args:
            kind: one of the three.
            name: of the namespace.
            actor: who asks.
            confirm: the name as it was typed; None while nobody was asked to type it yet.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to end.
            InvalidFieldsError: the typed name is another one, where one is asked for.
            PortalError: `PROTECTED`.
        """
        record = await self._permitted(kind, name, actor)
        if confirm is not None and needs_typing(kind, record):
            _ensure_typed(name, confirm)
        if kind is not RequestKind.RESTORE:
            ensure_unprotected(record)
        return self._plan(kind, record, record.spec, actor)

    async def sleep(self, name: str, wish: Asleep, *, actor: Actor) -> Plan:
        """Plan to put what runs to sleep.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to stop.
            InvalidFieldsError: the environment never sleeps, or the moment is over.
            NothingChangesError: it sleeps already, until that very moment.
        """
        record = await self._permitted(RequestKind.SLEEP, name, actor)
        environment = record.spec.environment
        if not POLICIES[environment].may_sleep:
            message = f"What runs in {environment} never sleeps."
            raise InvalidFieldsError([FieldIssue("environment", message, "POLICY_DENY")])
        if wish.until is not None and wish.until <= self._clock():
            raise InvalidFieldsError([FieldIssue("until", "The time must be in the future.")])
        asleep = record.asleep
        if asleep is not None and (asleep.cause, asleep.until) == (wish.cause, wish.until):
            raise NothingChangesError(f"{name} is asleep already.")
        return replace(self._plan(RequestKind.SLEEP, record, record.spec, actor), sleep=wish)

    async def wake(self, name: str, *, actor: Actor) -> Plan:
        """Plan to wake what sleeps.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to wake.
            NothingChangesError: it is awake already.
        """
        record = await self._permitted(RequestKind.WAKE, name, actor)
        if record.asleep is None and record.intent is Intent.ACTIVE:
            raise NothingChangesError(f"{name} is awake already.")
        return self._plan(RequestKind.WAKE, record, record.spec, actor)

    async def certify(self, name: str, *, actor: Actor) -> Plan:
        """Plan to confirm that a namespace is still needed.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to confirm.
            InvalidFieldsError: the environment asks for no confirmation: its namespaces end.
            NothingChangesError: it was confirmed a moment ago.
        """
        permission, now = Permission.NAMESPACE_CERTIFY, self._clock()
        record = await self.record(name, actor=actor, permission=permission)
        environment = record.spec.environment
        if POLICIES[environment].recertify_every is None:
            message = f"What is in {environment} has an end: renew it instead."
            raise InvalidFieldsError([FieldIssue("environment", message, "POLICY_DENY")])
        before = record.spec.certified_at
        if before is not None and now - before < CERTIFIED_FOR:
            raise NothingChangesError(f"{name} was confirmed a moment ago.")
        return self._plan(RequestKind.CHANGE, record, replace(record.spec, certified_at=now), actor)

    async def ensure_now(self, plan: Plan) -> None:
        """Look whether it could begin at this moment.

        Raises:
            InFlightError: another request runs. WrongStateError: the namespace stands elsewhere.
        """
        name = str(plan.record.name)
        async with self._stores.database.reading() as connection:
            in_flight = await self._stores.requests.open_for(
                connection, cluster=plan.record.cluster, namespace=name
            )
        if in_flight is not None:
            raise InFlightError(name, in_flight)
        ensure_state(plan.record, plan.kind)

    async def record(self, name: str, *, actor: Actor, permission: Permission) -> ManagedNamespace:
        """The record of a namespace on which the actor may do something.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
            ForbiddenError: it is, but not for this.
        """
        record = await self._record(name)
        ensure_may_see(actor, record.team, kind="namespace", name=name)
        ensure_may(actor, permission, record.team, kind="namespace", name=name)
        return record

    async def _record(self, name: str) -> ManagedNamespace:
        async with self._stores.database.reading() as connection:
            record = await self._stores.namespaces.get(
                connection, cluster=self._cluster_name, name=name
            )
        if record is None or record.intent is Intent.DELETED:
            raise NotFoundError("namespace", name)
        return record

    async def _permitted(self, kind: RequestKind, name: str, actor: Actor) -> ManagedNamespace:
        permission = _PERMISSIONS[kind]
        record = await self._record(name)
        if kind is RequestKind.RELEASE and record.spec.environment is Environment.PRODUCTION:
            permission = Permission.NAMESPACE_RELEASE_PRODUCTION
        ensure_may_see(actor, record.team, kind="namespace", name=name)
        ensure_may(actor, permission, record.team, kind="namespace", name=name)
        return record

    def _plan(
        self, kind: RequestKind, record: ManagedNamespace, spec: NamespaceSpec, actor: Actor
    ) -> Plan:
        asked = Asked(
            kind,
            spec,
            before=record.spec,
            renewals=record.renewals,
            is_live=record.intent is Intent.ACTIVE,
        )
        return Plan(kind, record, spec, approval_for(asked, actor=actor, now=self._clock()))

    async def _changed(
        self, record: ManagedNamespace, patch: Mapping[str, Any], actor: Actor
    ) -> tuple[Checked, NamespaceSpec]:
        current = spec_to_document(record.spec)
        fixed = [field for field in _FIXED if patch.get(field, current[field]) != current[field]]
        if fixed:
            raise InvalidFieldsError(
                [FieldIssue(field, f"The {field} of a namespace never changes.") for field in fixed]
            )
        if patch.get("certified_at", current.get("certified_at")) != current.get("certified_at"):
            message = "Nobody writes it: confirm the namespace instead."
            raise InvalidFieldsError([FieldIssue("certified_at", message)])
        checked = await self._check(record, current, patch, actor)
        if checked.spec is None:
            raise InvalidFieldsError(list(checked.issues))
        if checked.spec == record.spec:
            raise NothingChangesError(f"{record.name} is as asked already.")
        ensure_use_fits(checked.spec, self._directory.quota_of(str(record.name)))
        return checked, checked.spec

    async def _check(
        self,
        record: ManagedNamespace,
        current: dict[str, Any],
        patch: Mapping[str, Any],
        actor: Actor,
    ) -> Checked:
        now = self._clock()
        merged = Merged.of(record.spec, current, patch, now=now)
        teams = await self._teams.all()
        checked = check_draft(
            merged.draft,
            teams={record.team: teams[record.team]},
            actor=actor,
            cluster=self._cluster_name,
            now=now,
            house=self._house,
            settled=merged.settled,
        )
        if checked.spec is None:
            return checked
        return replace(checked, spec=merged.completed(checked.spec))


def needs_typing(kind: RequestKind, record: ManagedNamespace) -> bool:
    """Whether the name must be typed: before a deletion, and to give up production."""
    is_production = record.spec.environment is Environment.PRODUCTION
    return kind is RequestKind.DELETE or (kind is RequestKind.RELEASE and is_production)


def _ensure_typed(name: str, confirm: str) -> None:
    if confirm != name:
        raise InvalidFieldsError([FieldIssue("confirm", f"Type {name} to confirm.")])
