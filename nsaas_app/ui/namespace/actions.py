"""What can be done with a namespace as it stands, and why something cannot. Pure."""

from dataclasses import dataclass, fields
from typing import Any, Final, Self

from ...directory.rows import NamespaceRow
from ...domain.actors import Actor, Role
from ...domain.drift import Remedy
from ...domain.environments import POLICIES, Environment
from ...domain.namespaces import NamespaceState
from ...identity.permissions import Permission, may
from ..figures import NOTHING
from ..spec_views import Fact

__all__ = ["Actions", "impact_of", "reasons_of"]

_NOT_NOW: Final[dict[NamespaceState, str]] = {
    NamespaceState.PROVISIONING: "It is being created.",
    NamespaceState.CHANGING: "A request for it is running.",
    NamespaceState.WAKING: "It is waking.",
    NamespaceState.RELEASED: "It is released: restore it first.",
    NamespaceState.TERMINATING: "It is going away.",
    NamespaceState.STUCK: "It is going away.",
    NamespaceState.MISSING: "The cluster does not have it.",
    NamespaceState.FAILED: "It was never ready.",
}
"""States in which nothing can be asked; with a silent cluster a request waits for it."""

_UNTIL_APPROVED: Final[dict[NamespaceState, str]] = _NOT_NOW | {
    NamespaceState.PROVISIONING: "Its request waits for approval.",
    NamespaceState.CHANGING: "A request for it waits for approval.",
}
"""The same while nothing runs, because somebody must agree first."""

_COUNTED: Final = {
    "pods": "Pods",
    "services": "Services",
    "persistentvolumeclaims": "Volume claims",
}


@dataclass(frozen=True)
class Actions:
    """Per action, why it cannot be used now by this reader; empty when it can."""

    renew: str = ""
    certify: str = ""
    resize: str = ""
    describe: str = ""
    access: str = ""
    protect: str = ""
    release: str = ""
    restore: str = ""
    clone: str = ""
    delete: str = ""
    repair: str = ""
    sleep: str = ""
    wake: str = ""
    schedule: str = ""
    export: str = ""
    is_asleep: bool = False
    """Whether waking is the action at hand, not sending to sleep."""
    is_certified: bool = False
    """Whether somebody confirms it now and then, instead of an end that is put off."""
    is_protected: bool = False
    """Whether lifting the protection is the action at hand."""
    is_released: bool = False
    """Whether restoring and deleting are the actions at hand."""

    @classmethod
    def none(cls, reason: str) -> Self:
        """Close every action for one reason."""
        closed: dict[str, Any] = {each.name: reason for each in fields(cls) if each.type is str}
        return cls(**closed)

    @classmethod
    def of(cls, row: NamespaceRow, actor: Actor, *, is_awaiting: bool = False) -> Self:
        """Decide for one reader.

        Args:
            row: how the namespace stands.
            actor: the reader.
            is_awaiting: whether a request for it waits for approval.
        """
        reads_only = (
            "Auditors read only."
            if actor.role_in(row.team) is Role.AUDITOR
            else f"Your role in team {row.team} reads only."
        )
        change = _refusal(row, actor, Permission.NAMESPACE_CHANGE, reads_only)
        not_now = (_UNTIL_APPROVED if is_awaiting else _NOT_NOW).get(row.state, "")
        is_production = row.environment is Environment.PRODUCTION
        release = (
            _refusal(
                row,
                actor,
                Permission.NAMESPACE_RELEASE_PRODUCTION,
                f"Leads of team {row.team} release production namespaces.",
            )
            if is_production
            else _refusal(row, actor, Permission.NAMESPACE_RELEASE, reads_only)
        )
        endless = "" if POLICIES[row.environment].max_ttl else "It has no end to put off."
        is_released = row.state is NamespaceState.RELEASED
        is_asleep = row.asleep is not None
        rest = _refusal(row, actor, Permission.NAMESPACE_SLEEP, reads_only)
        return cls(
            renew=change or not_now or endless,
            certify=_refusal(
                row, actor, Permission.NAMESPACE_CERTIFY, f"Leads of team {row.team} confirm."
            )
            or not_now,
            is_certified=row.certify_by is not None,
            resize=change or not_now,
            describe=change or not_now,
            access=change or not_now,
            protect=_refusal(
                row, actor, Permission.NAMESPACE_PROTECT, f"Leads of team {row.team} protect."
            )
            or not_now,
            release=release or not_now or _protection(row),
            restore=_refusal(
                row, actor, Permission.NAMESPACE_RESTORE, f"Leads of team {row.team} restore."
            ),
            clone=_refusal(row, actor, Permission.NAMESPACE_REQUEST, reads_only),
            delete=_refusal(
                row, actor, Permission.NAMESPACE_DELETE, "Platform admins delete for good."
            )
            or _protection(row),
            repair=_beyond_repair(row)
            or _refusal(
                row, actor, Permission.NAMESPACE_REPAIR, f"Leads of team {row.team} repair."
            ),
            sleep=rest
            or not_now
            or ("It sleeps already." if is_asleep else "")
            or ("" if POLICIES[row.environment].may_sleep else "Production never sleeps."),
            wake=rest or not_now or ("" if is_asleep else "It is awake."),
            schedule=change
            or not_now
            or ("" if POLICIES[row.environment].may_sleep else "Production never sleeps."),
            export=_refusal(row, actor, Permission.NAMESPACE_EXPORT, reads_only),
            is_asleep=is_asleep,
            is_protected=row.is_protected,
            is_released=is_released,
        )


def _refusal(row: NamespaceRow, actor: Actor, permission: Permission, reason: str) -> str:
    return "" if may(actor, permission, row.team) else reason


def _beyond_repair(row: NamespaceRow) -> str:
    """Say why no repair changes anything; empty where one does, or nothing differs."""
    is_foreign = row.drift and all(item.remedy is Remedy.FOREIGN for item in row.drift)
    return "The portal repairs what it wrote: this is not its own." if is_foreign else ""


def _protection(row: NamespaceRow) -> str:
    return "It is protected." if row.is_protected else ""


def reasons_of(actions: Actions) -> list[str]:
    """Say once, beside the buttons, why some of those shown cannot be used."""
    living = (
        ("Confirm", actions.certify) if actions.is_certified else ("Renew", actions.renew),
        ("Change size", actions.resize),
        ("Wake", actions.wake) if actions.is_asleep else ("Sleep", actions.sleep),
        ("Clone", actions.clone),
        ("Release", actions.release),
    )  # fmt: skip
    released = (("Restore", actions.restore), ("Clone", actions.clone))
    labels: dict[str, list[str]] = {}
    for label, reason in released if actions.is_released else living:
        if reason:
            labels.setdefault(reason, []).append(label)
    return [f"{', '.join(closed)}: {reason}" for reason, closed in labels.items()]


def impact_of(row: NamespaceRow) -> list[Fact]:
    """Count what stands in the namespace: what its end concerns."""
    counts = [
        Fact(resource, term, row.quota[resource].used if resource in row.quota else NOTHING)
        for resource, term in _COUNTED.items()
    ]
    running = f"{row.active_deployments} of {row.deployments} running"
    return [Fact("deployments", "Deployments", running), *counts]
