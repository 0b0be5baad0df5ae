"""The use cases of new namespaces: check a draft, submit it. Nothing here touches the cluster."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.approval import Approval
from ..domain.errors import FieldIssue, InvalidFieldsError, NameTakenError
from ..domain.house_rules import HouseRules
from ..domain.names import NamespaceName, TeamName, suggestions_for
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.requests import STEPS, Phase, ProvisioningRequest, RequestKind, Step
from ..domain.spec import NamespaceSpec, SpecDraft
from ..identity.permissions import Permission, ensure_may
from ..store.database import StoreConnection
from ..teams.members import Members
from ..teams.teams import BudgetUse, Teams
from .approvals import Asked, approval_for
from .budget import budget_issues, ensure_fits
from .checks import Checked, check_draft
from .identifiers import new_request_id
from .intake import Intake, Reserve, Submission, body_hash
from .stores import Stores

__all__ = ["Provisioner", "Submission"]


class Provisioner:
    """Accepts requests for new namespaces."""

    def __init__(
        self,
        *,
        stores: Stores,
        intake: Intake,
        teams: Teams,
        directory: Directory,
        members: Members,
        cluster_name: str,
        sleep_timezone: str,
        house: HouseRules,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._intake = intake
        self._teams = teams
        self._directory = directory
        self._members = members
        self._cluster_name = cluster_name
        self._sleep_timezone = sleep_timezone
        self._house = house
        self._clock = clock

    async def check(
        self, draft: SpecDraft, *, actor: Actor, use: BudgetUse | None = None
    ) -> Checked:
        """Tell what a submit of this draft would say. Writes nothing and never raises for it.

        Args:
            draft: what somebody wrote.
            actor: who asks.
            use: of the team's budget, where it is not as it is booked now.
        """
        checked = await self.check_spec(draft, actor=actor, use=use)
        if (taken := self._taken(draft.name, actor=actor)) is None:
            return checked
        issue = FieldIssue("name", str(taken), taken.code)
        return replace(checked, issues=(*checked.issues, issue), suggestions=taken.suggestions)

    async def check_spec(
        self,
        draft: SpecDraft,
        *,
        actor: Actor,
        kind: RequestKind = RequestKind.PROVISION,
        use: BudgetUse | None = None,
    ) -> Checked:
        """Check rules and budget, whether the name is taken or not."""
        checked = await self.check_rules(draft, actor=actor, kind=kind)
        if checked.spec is None:
            return checked
        team = await self._teams.require(checked.spec.team)
        use = use or await self._teams.budget_use(checked.spec.team)
        return replace(
            checked,
            issues=(*checked.issues, *budget_issues(checked.spec, team=team, use=use)),
            warnings=(*checked.warnings, *await self._owner_warnings(checked.spec, actor)),
            approval=self._approval(checked.spec, actor, kind),
        )

    async def _owner_warnings(self, spec: NamespaceSpec, actor: Actor) -> list[FieldIssue]:
        """Say that an owner was not seen in the team.

        It is no refusal: who never signed in is in no team yet, and platform admins own too.
        """
        if spec.owner == actor.subject:
            return []
        found = await self._members.of(str(spec.team), actor=actor)
        if any(member.subject == spec.owner for member in found.members):
            return []
        message = f"{spec.owner} was not seen in team {spec.team}: notices may reach nobody."
        return [FieldIssue("owner", message)]

    async def acceptable(
        self, draft: SpecDraft, *, actor: Actor, use: BudgetUse | None = None
    ) -> Checked:
        """Like `check`, but for what is refused without a look at the fields.

        Raises:
            ForbiddenError: the actor may not request for the team.
            NameTakenError: the name is held.
        """
        self._ensure_may_request(draft, actor)
        if (taken := self._taken(draft.name, actor=actor)) is not None:
            raise taken
        return await self.check(draft, actor=actor, use=use)

    @property
    def house(self) -> HouseRules:
        """What the administrators set of the rules that drafts are checked by."""
        return self._house

    async def submit(self, draft: SpecDraft, submission: Submission) -> ProvisioningRequest:
        """Accept a provision request.

        The same idempotency key of the same actor gives the same request again.

        Raises:
            ForbiddenError: the actor may not request for the team.
            InvalidFieldsError: rules of the spec are broken, or an approver is told no reason.
            NameTakenError: the name is held.
            BudgetExceededError: the team's budget has too little left.
            IdempotencyMismatchError: the key was used for another body.
        """

        async def make() -> tuple[ProvisioningRequest, Reserve]:
            spec = await self._acceptable(draft, submission.actor)
            request = self.request_for(spec, submission)
            return request, lambda connection: self.reserve(connection, request)

        fingerprint = body_hash("provision", asdict(draft))
        return await self._intake.once(fingerprint, submission, make, about=draft.name)

    async def _acceptable(self, draft: SpecDraft, actor: Actor) -> NamespaceSpec:
        self._ensure_may_request(draft, actor)
        checked = await self.check_rules(draft, actor=actor)
        if (taken := self._taken(draft.name, actor=actor)) is not None:
            raise taken
        if checked.spec is None:
            raise InvalidFieldsError(list(checked.issues))
        return checked.spec

    async def check_rules(
        self, draft: SpecDraft, *, actor: Actor, kind: RequestKind = RequestKind.PROVISION
    ) -> Checked:
        """Check what needs no look at the cluster or the budget."""
        allowed = {team.name: team for team in await self._teams.of(actor)}
        # What ran before it was adopted runs at night: nobody is surprised.
        timezone = self._sleep_timezone if kind is RequestKind.PROVISION else ""
        return check_draft(
            draft,
            teams=allowed,
            actor=actor,
            cluster=self._cluster_name,
            now=self._clock(),
            timezone=timezone,
            house=self._house,
        )

    def _ensure_may_request(self, draft: SpecDraft, actor: Actor) -> None:
        """A viewer of the team is told no; another team's name is just a wrong field."""
        try:
            team = TeamName.parse(draft.team)
        except InvalidFieldsError:
            return
        if actor.role_in(team) is not None:
            ensure_may(actor, Permission.NAMESPACE_REQUEST, team, kind="namespace", name=draft.name)

    def _taken(self, name: str, *, actor: Actor) -> NameTakenError | None:
        try:
            NamespaceName.parse(name)
        except InvalidFieldsError:
            return None
        holder = self._directory.is_taken(name)
        if holder is None:
            return None
        is_visible = holder and actor.role_in(TeamName(holder)) is not None
        free = suggestions_for(name, is_taken=lambda n: self._directory.is_taken(n) is not None)
        return NameTakenError(name, owner=holder if is_visible else "", suggestions=free)

    def _approval(self, spec: NamespaceSpec, actor: Actor, kind: RequestKind) -> Approval | None:
        return approval_for(Asked(kind, spec), actor=actor, now=self._clock())

    def request_for(
        self,
        spec: NamespaceSpec,
        submission: Submission,
        kind: RequestKind = RequestKind.PROVISION,
    ) -> ProvisioningRequest:
        """A new request about a spec, with the approval it needs."""
        now = self._clock()
        approval = self._approval(spec, submission.actor, kind)
        return ProvisioningRequest(
            request_id=new_request_id(now),
            kind=kind,
            namespace=spec.name,
            team=spec.team,
            phase=Phase.AWAITING_APPROVAL if approval else Phase.QUEUED,
            spec=spec,
            requested_by=submission.actor.subject,
            correlation_id=submission.correlation_id,
            created_at=now,
            steps=tuple(Step(name) for name in STEPS[kind]),
            justification=submission.justification,
            approval=approval,
        )

    async def reserve(
        self, connection: StoreConnection, request: ProvisioningRequest
    ) -> ManagedNamespace:
        """Take name and budget. The team's row is locked: nobody counts at the same time.

        Raises:
            NameTakenError, BudgetExceededError: one of them is not to be had.
        """
        spec = request.spec
        held = await self._stores.namespaces.get(
            connection, cluster=spec.cluster, name=str(spec.name)
        )
        _ensure_name_is_free(held, spec)
        team = await self._teams.require(spec.team)
        shares = await self._stores.ledger.shares(connection, str(spec.team))
        ensure_fits(spec, team=team, use=BudgetUse.of(shares))
        await self._stores.ledger.book(connection, spec, request_id=request.request_id)
        return ManagedNamespace(
            name=request.namespace,
            team=request.team,
            cluster=spec.cluster,
            intent=Intent.PROVISIONING,
            spec=spec,
            request_id=request.request_id,
            created_at=request.created_at,
        )


def _ensure_name_is_free(held: ManagedNamespace | None, spec: NamespaceSpec) -> None:
    """A failed record may be replaced; a tombstone only by the team it is kept for."""
    if held is None or held.intent is Intent.FAILED:
        return
    if held.intent is Intent.DELETED and held.team == spec.team:
        return
    raise NameTakenError(str(spec.name))
