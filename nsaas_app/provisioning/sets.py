"""Namespace sets: one base name in several environments, accepted together or not at all."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from ..domain.actors import Actor
from ..domain.environments import Environment
from ..domain.errors import (
    FieldIssue,
    ForbiddenError,
    InvalidFieldsError,
    NameTakenError,
    PortalError,
)
from ..domain.merge_patch import merge_patch
from ..domain.names import TeamName
from ..domain.namespaces import ManagedNamespace
from ..domain.requests import ProvisioningRequest
from ..domain.spec import NamespaceSpec, SpecDraft
from ..domain.spec_draft import draft_from_document
from ..store.database import StoreConnection
from ..teams.teams import BudgetUse, Teams
from .checks import Checked
from .intake import Intake, Planned, Submission, body_hash
from .provisioner import Provisioner

__all__ = ["CheckedSet", "NamespaceSets", "SetWish"]

_GIVEN: Final = ("name", "team", "environment")
"""What the set itself says of every member."""


@dataclass(frozen=True, slots=True)
class SetWish:
    """A set as somebody wrote it: unchecked."""

    base: str
    team: str
    environments: tuple[str, ...]
    spec: Mapping[str, Any] = field(default_factory=dict)
    """What all members share, in the contract's field names."""
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By environment, what differs there: a merge patch of the shared part."""


@dataclass(frozen=True, slots=True)
class CheckedSet:
    """What a submit of a set would say: every broken rule, and the members that are whole."""

    issues: tuple[FieldIssue, ...]
    """Fields are `<environment>.<field>`."""
    members: tuple[Checked, ...]


class NamespaceSets:
    """Accepts sets of new namespaces."""

    def __init__(self, *, provisioner: Provisioner, intake: Intake, teams: Teams) -> None:
        self._provisioner = provisioner
        self._intake = intake
        self._teams = teams

    async def submit(
        self, wish: SetWish, submission: Submission
    ) -> tuple[ProvisioningRequest, ...]:
        """Accept a provision request for every environment of a set, in one transaction.

        The same idempotency key of the same actor gives the same requests again.

        Raises:
            ForbiddenError: the actor may not request for the team.
            InvalidFieldsError: a rule is broken somewhere; fields are `<environment>.<field>`.
            IdempotencyMismatchError: the key was used for another body.
        """

        async def make() -> list[Planned]:
            checked = await self._look(_drafts(wish), submission.actor)
            if checked.issues:
                raise InvalidFieldsError(list(checked.issues))
            specs = [member.spec for member in checked.members]
            return [self._planned(spec, submission) for spec in specs if spec is not None]

        fingerprint = body_hash("namespace-set", asdict(wish))
        count = len(wish.environments)
        return await self._intake.once_all(
            fingerprint, submission, make, count=count, about=wish.base
        )

    async def check(self, wish: SetWish, *, actor: Actor) -> CheckedSet:
        """Tell what a submit of this set would say. Writes nothing and never raises for it."""
        try:
            drafts = _drafts(wish)
        except InvalidFieldsError as error:
            return CheckedSet(tuple(error.issues), ())
        try:
            return await self._look(drafts, actor)
        except ForbiddenError as error:
            return CheckedSet((FieldIssue("team", error.message, error.code),), ())

    def _planned(self, spec: NamespaceSpec, submission: Submission) -> Planned:
        request = self._provisioner.request_for(spec, submission)

        async def reserve(connection: StoreConnection) -> ManagedNamespace:
            try:
                return await self._provisioner.reserve(connection, request)
            except PortalError as error:
                issue = FieldIssue(error.field, error.message, error.code)
                raise InvalidFieldsError([_placed(spec.environment, issue)]) from error

        return request, reserve

    async def _look(self, drafts: Mapping[Environment, SpecDraft], actor: Actor) -> CheckedSet:
        """Check every member, each beside those before it in the budget."""
        issues: list[FieldIssue] = []
        members: list[Checked] = []
        use: BudgetUse | None = None
        for environment, draft in drafts.items():
            checked = await self._check(draft, actor, use)
            issues += [_placed(environment, issue) for issue in checked.issues]
            if checked.spec is not None:
                members.append(checked)
                booked = use or await self._teams.budget_use(TeamName.parse(draft.team))
                use = booked.plus(checked.spec)
        return CheckedSet(tuple(issues), tuple(members))

    async def _check(self, draft: SpecDraft, actor: Actor, use: BudgetUse | None) -> Checked:
        try:
            return await self._provisioner.acceptable(draft, actor=actor, use=use)
        except NameTakenError as error:
            return Checked(None, (FieldIssue("name", error.message, error.code),))


def _drafts(wish: SetWish) -> dict[Environment, SpecDraft]:
    """Write out every member.

    Raises:
        InvalidFieldsError: the set says too little, too much or the same twice.
    """
    if issues := _wish_issues(wish):
        raise InvalidFieldsError(issues)
    drafts: dict[Environment, SpecDraft] = {}
    for environment in map(Environment, wish.environments):
        try:
            drafts[environment] = _draft(wish, environment)
        except InvalidFieldsError as error:
            issues += [_placed(environment, issue) for issue in error.issues]
    if issues:
        raise InvalidFieldsError(issues)
    return drafts


def _draft(wish: SetWish, environment: Environment) -> SpecDraft:
    given = {
        "name": f"{wish.base}-{environment.short}",
        "team": wish.team,
        "environment": environment.value,
    }
    shared = merge_patch(wish.spec, wish.overrides.get(environment.value, {}))
    return draft_from_document({**shared, **given})


def _wish_issues(wish: SetWish) -> list[FieldIssue]:
    known = ", ".join(Environment)
    issues = [
        FieldIssue(f"environments[{index}]", f"{name!r} is none of {known}.")
        for index, name in enumerate(wish.environments)
        if name not in set(Environment)
    ]
    if not wish.environments:
        issues.append(FieldIssue("environments", f"Name at least one of {known}."))
    if len(set(wish.environments)) < len(wish.environments):
        issues.append(FieldIssue("environments", "Each environment is named once."))
    issues += [
        FieldIssue(f"overrides.{name}", "The set has no such environment.")
        for name in wish.overrides
        if name not in wish.environments
    ]
    documents = {"spec": wish.spec, **{f"overrides.{k}": v for k, v in wish.overrides.items()}}
    issues += [
        FieldIssue(f"{path}.{name}", f"The set says the {name} of every member.")
        for path, document in documents.items()
        for name in _GIVEN
        if name in document
    ]
    return issues


def _placed(environment: Environment, issue: FieldIssue) -> FieldIssue:
    """Name the member that an issue is about."""
    field = f"{environment.value}.{issue.field}" if issue.field else environment.value
    return FieldIssue(field, issue.message, issue.code, issue.hint)
