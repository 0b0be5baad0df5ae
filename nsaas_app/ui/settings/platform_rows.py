"""How the platform is set, as the settings page shows it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from ...insights.policies import PolicyReport, PolicyState
from ...insights.rights import CheckedRight, Standing
from ...runtime.findings import Platform
from ..figures import iso
from ..integration_views import IntegrationRow
from ..words import Tone, word_of

__all__ = ["PolicyText", "PreflightRow", "platform_vars"]

_POLICY_TONES: Final[Mapping[PolicyState, Tone]] = {
    PolicyState.ACTIVE: Tone.OK,
    PolicyState.ALTERED: Tone.WARN,
    PolicyState.NOT_ENFORCED: Tone.BAD,
    PolicyState.UNBOUND: Tone.BAD,
    PolicyState.MISSING: Tone.BAD,
    PolicyState.UNKNOWN: Tone.NONE,
}
_STANDINGS: Final[Mapping[Standing, tuple[str, Tone]]] = {
    Standing.FAIL: ("Fail", Tone.BAD),
    Standing.UNKNOWN: ("Unknown", Tone.NONE),
    Standing.ABSENT: ("Not served", Tone.NONE),
    Standing.HELD: ("Pass", Tone.OK),
}
"""What needs somebody comes first."""


@dataclass(frozen=True)
class PolicyText:
    """One admission policy in words, with its text."""

    name: str
    state: str
    word: str
    tone: str
    words: str
    reason: str
    fix: str
    manifest: str

    @classmethod
    def of(cls, report: PolicyReport, manifest: str) -> Self:
        """Describe how a policy stands."""
        return cls(
            name=report.name,
            state=report.state.value,
            word=word_of(report.state.value),
            tone=_POLICY_TONES[report.state].value,
            words=report.words,
            reason=report.reason,
            fix=report.fix,
            manifest=manifest,
        )


@dataclass(frozen=True)
class PreflightRow:
    """What the portal needs of one resource, and whether it has it."""

    key: str
    resource: str
    verbs: str
    state: str
    word: str
    tone: str
    lacks: str
    rule: str
    """To add where a right lacks."""

    @classmethod
    def of(
        cls, right: CheckedRight, served: frozenset[tuple[str, str]], *, is_complete: bool
    ) -> Self:
        """Describe one line of the preflight."""
        resource = f"{right.resource}.{right.group}" if right.group else right.resource
        standing = right.standing(served, is_complete=is_complete)
        word, tone = _STANDINGS[standing]
        may_not = "may not" if is_complete else "perhaps may not"
        lacks = [f"{may_not} {', '.join(right.missing.verbs)}"] if right.missing else []
        if right.is_served(served) is False:
            lacks.append(f"API {right.group} does not serve it")
        names = f" of {', '.join(right.names)}" if right.names else ""
        return cls(
            key=resource.replace("/", "-"),
            resource=resource,
            verbs=", ".join(right.verbs) + names,
            state=standing.value,
            word=word,
            tone=tone.value,
            lacks="; ".join(lacks),
            rule=right.missing.rule if right.missing else "",
        )


def platform_vars(found: Platform) -> dict[str, object]:
    """Write it into the vars of the page; what lacks comes first."""
    review = found.review
    checked = review.rights.checked if review.rights else ()
    is_complete = review.rights is not None and review.rights.is_complete
    rows = [PreflightRow.of(one, review.served, is_complete=is_complete) for one in checked]
    order = [standing.value for standing in _STANDINGS]
    rows.sort(key=lambda row: order.index(row.state))
    return {
        "policies": [
            PolicyText.of(one, found.manifests.get(one.name, "")) for one in review.policies
        ],
        "integrations": [IntegrationRow.of(one) for one in review.integrations],
        "preflight": rows,
        "preflight_word": _verdict([row.state for row in rows]),
        "seen_at": iso(review.at),
        "trouble": review.trouble or review.apis_trouble,
    }


def _verdict(states: Sequence[str]) -> str:
    count, failed = len(states), states.count(Standing.FAIL)
    unknown = states.count(Standing.UNKNOWN)
    if not count:
        return ""
    if failed:
        return f"{failed} of {count} resources lack a right."
    if unknown:
        return f"Not known for {unknown} of {count} resources: the cluster lists rights in part."
    return f"The portal has every right on all {count} resources."
