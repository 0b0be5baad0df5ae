"""What a reader can do about a failed request, as links of its error card. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ...domain.actors import Actor, Role
from ...domain.requests import ProvisioningRequest, RequestFailure, RequestKind
from ...identity.permissions import Permission, may, may_anywhere
from ..figures import iso
from ..problems import FixAction

__all__ = ["HelpView", "fix_actions", "who_can_fix"]

_EDIT: Final = {
    "NS_EXISTS": "Choose another name",
    "NS_RESERVED": "Choose another name",
    "NS_NAME_INVALID": "Choose another name",
    "TEAM_POOL": "Choose a smaller tier",
    "POLICY_DENY": "Correct the request",
    "INVALID_FIELD": "Correct the request",
    "CRD_MISSING": "Go on without it",
    "SUBJECT_UNKNOWN": "Correct the access",
    "APPROVAL_REJECTED": "Edit and resubmit",
    "APPROVAL_EXPIRED": "Submit again",
}
"""By code: what editing the request is called there."""
_YOU: Final = re.compile(r"\byou\b")
_BUDGET: Final = frozenset({"TEAM_LIMIT", "TEAM_POOL"})
_RIGHTS: Final = frozenset({"K8S_FORBIDDEN", "RBAC_ESCALATION"})
_STATUS: Final = frozenset({"API_UNREACHABLE", "OUTCOME_UNKNOWN", "WEBHOOK_DOWN", "NO_CNI"})
_QUOTA: Final = frozenset({"QUOTA_EXCEEDED", "QUOTA_MUST_SPECIFY", "LIMITRANGE", "SIDECAR_QUOTA"})
_DRIFT: Final = frozenset({"FIELD_CONFLICT", "UID_CHANGED", "NOT_MANAGED", "STUCK_TERMINATING"})


def fix_actions(
    failure: RequestFailure, request: ProvisioningRequest, actor: Actor
) -> tuple[FixAction, ...]:
    """List the ways on that this reader may go; none where only waiting helps."""
    return tuple(_actions(failure.code, request, actor))


def who_can_fix(failure: RequestFailure, request: ProvisioningRequest, actor: Actor) -> str:
    """Name who can: the catalogue's "you" is the requester, whoever reads it."""
    who = failure.catalogued.who_can_fix
    return (
        who
        if actor.subject == request.requested_by
        else _YOU.sub(lambda _: request.requested_by, who)
    )


@dataclass(frozen=True)
class HelpView:
    """Asking those who can mend it."""

    may_ask: bool = False
    asked_at: str = ""

    @classmethod
    def of(
        cls, request: ProvisioningRequest, actor: Actor, *, asked_at: datetime | None
    ) -> "HelpView":
        """Describe it for one reader: who can mend it, or only reads, asks nobody."""
        failure = request.trouble
        if failure is None or asked_at is not None:
            return cls(asked_at=iso(asked_at))
        who = failure.catalogued.who_can_fix
        is_lead = actor.teams.get(request.team) is Role.LEAD
        is_theirs = actor.is_admin or ("lead" in who and is_lead)
        is_others = "admin" in who or "lead" in who
        may_steer = may(actor, Permission.REQUEST_STEER, request.team)
        return cls(may_ask=may_steer and is_others and not is_theirs)


def _actions(code: str, request: ProvisioningRequest, actor: Actor) -> Iterator[FixAction]:
    name, is_new = str(request.namespace), request.kind is RequestKind.PROVISION
    may_ask = may(actor, Permission.NAMESPACE_REQUEST, request.team)
    if code in _EDIT and is_new and may_ask and request.is_terminal:
        yield FixAction("edit", _EDIT[code], f"/new?from=request:{request.request_id}")
    if code == "NS_EXISTS" and may(actor, Permission.NAMESPACE_ADOPT, request.team):
        yield FixAction("adopt", "Adopt it", f"/new?from=adopt:{name}")
    if code in _BUDGET:
        yield FixAction("budget", "See the team's budget", f"/teams/{request.team}")
    if code in _RIGHTS and may_anywhere(actor, Permission.PLATFORM_READ):
        yield FixAction("rights", "Check the rights", "/settings?tab=preflight")
    if code in _STATUS:
        yield FixAction("status", "See the status", "/status")
    if code in _QUOTA and not is_new:
        yield FixAction("quota", "See its quota", f"/namespaces/{name}?tab=quota")
    if code in _DRIFT and not is_new:
        yield FixAction("namespace", "Open the namespace", f"/namespaces/{name}")
