"""What a checked draft means beyond its own fields: access in words, dates, objects. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from ...domain.access import AccessGrant, AccessRole
from ...domain.approval import Approval
from ...domain.environments import POLICIES
from ...domain.notices import WARNINGS
from ...domain.spec import NamespaceSpec
from ..figures import iso
from ..spec_views import Fact

__all__ = ["AccessLine", "access_lines", "date_facts", "lifetime_note", "object_counts"]

_MAY: Final = {
    AccessRole.VIEWER: "Reads everything but Secrets.",
    AccessRole.DEVELOPER: "Runs workloads; quota, network policies and access stay as they are.",
    AccessRole.LEAD: "Does what developers do, and gives access to others.",
}
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class AccessLine:
    """Who gets in, as what, and until when."""

    key: str
    name: str
    kind: str
    role: str
    may: str
    until: str
    """An instant; empty without an end of its own."""

    @classmethod
    def of(cls, grant: AccessGrant) -> Self:
        """Describe a grant."""
        return cls(
            key=f"{grant.kind.value}-{grant.name}-{grant.role.value}",
            name=grant.name,
            kind=grant.kind.value,
            role=grant.role.value,
            may=_MAY[grant.role],
            until=iso(grant.expires_at),
        )


def access_lines(spec: NamespaceSpec) -> list[AccessLine]:
    """List who gets in, in the order of the spec."""
    return [AccessLine.of(grant) for grant in spec.access]


def date_facts(spec: NamespaceSpec, approval: Approval | None, *, now: datetime) -> list[Fact]:
    """List what happens when: the decision, the end, its warning, what comes after."""
    policy, facts = POLICIES[spec.environment], []
    if approval is not None:
        facts.append(Fact("decide", "Decided until", "", iso(approval.expires_at)))
    if spec.expires_at is None:
        facts.append(Fact("ends", "Ends", "Never by itself"))
    else:
        first = max(now, spec.expires_at - max(WARNINGS))
        facts.append(Fact("ends", "Ends", "", iso(spec.expires_at)))
        facts.append(Fact("warned", "Warned of it from", "", iso(first)))
    if policy.recertify_every is not None:
        due = now + policy.recertify_every
        facts.append(Fact("certify", "A lead confirms it by", "", iso(due)))
    grace = policy.grace // _DAY
    words = f"{grace} {'day' if grace == 1 else 'days'} after a release"
    facts.append(Fact("restorable", "Can be restored for", words))
    ends = [grant.expires_at for grant in spec.access if grant.expires_at is not None]
    if ends:
        facts.append(Fact("access-ends", "First access ends", "", iso(min(ends))))
    return facts


def lifetime_note(environment_days: int | None, renewals: int | None) -> str:
    """Say how long a namespace may last, and how often its end can be put off."""
    most = f"At most {environment_days} days. " if environment_days is not None else ""
    match renewals:
        case None:
            return f"{most}The end can be put off any number of times."
        case 0:
            return f"{most}Each time the end is put off a lead must agree."
        case _:
            return f"{most}The end can be put off {renewals} times; then a lead must agree."


def object_counts(kinds: Iterable[str]) -> str:
    """Count objects by kind, in their order: `1 Namespace, 5 NetworkPolicies`."""
    counts = Counter(kinds)
    return ", ".join(f"{count} {kind if count == 1 else _plural(kind)}" for kind, count in
                     counts.items())  # fmt: skip


def _plural(kind: str) -> str:
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
