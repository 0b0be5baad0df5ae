"""The failure catalogue: one row per stable code, rendered by UI, REST, CLI and the docs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["FAILURES", "Failure", "Retry"]


class Retry(StrEnum):
    """Who repeats: the portal by itself, a person after the fix, or nobody."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Failure:
    """One row: what happened in general, what to do, who can, and whether repeating helps."""

    code: str
    cause: str
    fix: str
    who_can_fix: str
    retry: Retry

    @property
    def retryable(self) -> bool:
        """Whether the same request can succeed later."""
        return self.retry is not Retry.NO


def _rows() -> list[Failure]:
    user, lead, admin, nobody = "you", "team lead", "platform admin", "nobody"
    auto, yes, no = Retry.AUTO, Retry.YES, Retry.NO
    rows: list[tuple[str, str, str, str, Retry]] = [
        ("NS_EXISTS", "A namespace with this name is already there.",
         "Choose another name.", f"{user} (other name); {admin} (adopt)", no),
        ("NS_TERMINATING", "An older namespace of this name is still being deleted.",
         "Wait: the portal tries again until it is gone.", f"{nobody}: wait; then {admin}", auto),
        ("NS_RESERVED", "The name belongs to the platform.",
         "Choose a name outside the platform's own.", user, no),
        ("NS_NAME_INVALID", "The name is no DNS label.",
         "Use lower-case letters, digits and dashes; start and end with a letter or digit.",
         user, no),
        ("TEAM_LIMIT", "The team has its maximum number of namespaces.",
         "Release a namespace or have the limit raised.", f"{lead} (free one); {admin} (raise)",
         yes),
        ("TEAM_POOL", "The team's budget has too little left.",
         "Choose a smaller tier, free something, or have the budget raised.",
         f"{user} (smaller tier); {lead}; {admin}", yes),
        ("POLICY_DENY", "The environment policy forbids the combination.",
         "Choose what the policy allows.", user, no),
        ("APPROVAL_REQUIRED", "Somebody must approve first.",
         "An approver decides on the approvals page.", f"{lead} or {admin}", auto),
        ("APPROVAL_EXPIRED", "Nobody approved in time.", "Submit again.", f"{user}, approver", yes),
        ("APPROVAL_REJECTED", "An approver said no.", "Edit and submit again.", user, no),
        ("K8S_FORBIDDEN", "The portal's own account lacks a right.",
         "Add the named rule to ClusterRole nsaas-portal.", admin, yes),
        ("RBAC_ESCALATION", "The portal may not hand out this role.",
         "Add verb bind on the named ClusterRole to nsaas-portal.", admin, yes),
        ("WEBHOOK_DENIED", "An admission webhook or policy refused the object.",
         "Change what the policy names, or ask its owner.", f"{user}, or {admin} (policy owner)",
         yes),
        ("WEBHOOK_DOWN", "An admission webhook does not answer.",
         "The portal tries again; the webhook's service must come back.", admin, auto),
        ("MANAGED_BY_ARM", "The namespace belongs to AKS managed namespaces.",
         "Edit it there.", admin, no),
        ("FIELD_CONFLICT", "Another manager owns the field.",
         "Take the field over, or leave it to the other manager.",
         f"{lead} or {admin} (take over / leave)", yes),
        ("QUOTA_MUST_SPECIFY", "A container states no requests or limits.",
         "State them, or have the LimitRange repaired.",
         f"{user}; {admin} if the LimitRange is missing", yes),
        ("QUOTA_EXCEEDED", "The quota of the namespace is used up.",
         "Free something or ask for a larger tier.",
         f"{user} (free something); {lead} (larger tier)", yes),
        ("LIMITRANGE", "A container is above or below the LimitRange.",
         "Change the container's requests or limits.", f"{user}; {lead} (override request)", yes),
        ("SIDECAR_QUOTA", "The mesh proxy does not fit the quota.",
         "Set the proxy's limit.", f"{user} (proxy limit); {admin} (mesh-aware tier)", yes),
        ("MESH_NO_INJECT", "The mesh label is not the one this cluster obeys.",
         "Correct the label, then restart.", f"{admin} (label); {user} (restart)", yes),
        ("PSA_VIOLATION", "The pod breaks its Pod Security level.",
         "Set the security context the message names.", user, yes),
        ("DNS_BLOCKED", "The DNS allowance is missing.",
         "The portal repairs the network policy.", f"{admin} (portal repairs)", auto),
        ("NET_GATEWAY", "The ingress gateway may not reach the namespace.",
         "Turn on accept_from_gateway.", user, yes),
        ("NO_CNI", "The cluster does not enforce NetworkPolicy.",
         "Install a network plugin that does.", admin, no),
        ("PVC_PENDING", "No storage class, waits for first consumer, or quota.",
         "Set the storage class.", f"{user}; {admin}", auto),
        ("UNSCHEDULABLE", "The nodes are full, tainted, or have no GPU.",
         "Add nodes.", admin, auto),
        ("CRD_MISSING", "A feature's API is not installed.",
         "Go on without the feature, or have it installed.",
         f"{user} (go on without); {admin} (install)", yes),
        ("SUBJECT_UNKNOWN", "The user or group matches nobody.",
         "Check the spelling and the sign-in prefix.", f"{user} or {lead}", yes),
        ("API_UNREACHABLE", "The API server cannot be reached, or our token expired.",
         "Nothing is lost: work starts when the cluster answers.", admin, auto),
        ("API_THROTTLED", "The API server asks us to slow down.",
         "The portal waits as told.", nobody, auto),
        ("WATCH_GONE", "Our watch position is too old.", "The portal lists again.", nobody, auto),
        ("STUCK_TERMINATING", "The deletion does not finish.",
         "Remove the blocker that the page names.", admin, yes),
        ("ROLLBACK_PARTIAL", "Cleaning up after a failure did not finish.",
         "Retry the clean-up.", admin, yes),
        ("DUPLICATE", "The same idempotency key came twice.",
         "The first result is returned.", nobody, no),
        ("RATE_LIMIT", "Too many requests from this actor or team.", "Wait, then repeat.",
         f"{user} (wait)", yes),
        ("OUTCOME_UNKNOWN", "The answer of the API server was lost.",
         "The portal reads back what happened.", nobody, auto),
        ("STORE_BUSY", "The database did not take the write in time.", "Repeat in a moment.",
         nobody, yes),
        ("STORE_FULL", "The disk of the database is full.", "Free disk space.", admin, yes),
        ("STORE_DOWN", "The database does not answer.", "Bring the database back.", admin, yes),
        ("QUARANTINED", "The work crashed the worker five times and was set aside.",
         "Read the log of this correlation id, then retry.", admin, yes),
        ("SIGN_IN_UNAVAILABLE", "The identity provider does not answer.",
         "Try again in a moment.", admin, yes),
        ("SIGN_IN_REFUSED", "The sign-in was not accepted.",
         "Begin again.", f"{user}; {admin}", yes),
        ("GROUPS_OVERAGE", "The sign-in carries too many groups to be listed.",
         "Use app roles or assign groups to the application.", admin, no),
        ("SIGNED_OUT", "The login session ended or there is none.", "Sign in.", user, yes),
        ("NOT_FOUND", "It does not exist, or it is not yours.", "Check the name.", user, no),
        ("NOT_ALLOWED", "Your role does not include this.",
         "Ask somebody whose role does.", lead, no),
        ("PROTECTED", "The namespace is protected.", "Lift the protection first.", lead, no),
        ("UID_CHANGED", "The namespace was recreated behind the portal's back.",
         "Look at the namespace again before you repeat.", admin, no),
        ("NOT_MANAGED", "The portal does not manage the namespace.", "Adopt it first.", admin, no),
        ("ADOPT_CONSENT", "A cluster administrator has not consented to the adoption yet.",
         "Run the command that the message names; the portal goes on at once.",
         "cluster administrator", auto),
        ("CLOUD_CREDENTIAL_GONE", "The cloud credential is gone.", "Restore it.", admin, yes),
        ("CLOUD_NAME_TAKEN", "The cloud name is taken.", "Choose another.", user, no),
        ("CLOUD_FAILED", "The cloud refused the resource.", "Read the cloud's words.", admin, yes),
        ("FEATURE_NOT_READY", "A feature did not become ready in time.",
         "Read the feature's own reason.", admin, auto),
        ("INVALID_BODY", "The body is no valid document.", "Correct the body.", user, no),
        ("INVALID_FIELD", "A field breaks its rule.", "Correct the field.", user, no),
        ("METHOD_NOT_ALLOWED", "This path does not take this method.",
         "See the API documentation.", user, no),
        ("TOO_LARGE", "The body is too large.", "Send less.", user, no),
        ("IDEMPOTENCY_MISMATCH", "The idempotency key was used with another body.",
         "Use a new key.", user, no),
        ("ALREADY_DECIDED", "Somebody decided already.", "Look at the request again.", nobody, no),
        ("CHANGED_MEANWHILE", "Somebody else changed it while you were editing.",
         "Look at it again, then repeat your change.", user, yes),
        ("REQUEST_IN_FLIGHT", "Another request for this namespace has not ended.",
         "Wait for it, or cancel it.", user, yes),
        ("INTERNAL", "Something in the portal broke.",
         "Give the correlation id to a platform admin.", admin, yes),
    ]  # fmt: skip
    return [Failure(*row) for row in rows]


FAILURES: Final[dict[str, Failure]] = {row.code: row for row in _rows()}
