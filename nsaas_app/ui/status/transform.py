"""The check-up's lines as the status page shows them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from ...insights.policies import PolicyReport, PolicyState
from ...insights.rights import MissingRight
from ...runtime.findings import Finding, Health, KindLine, Report
from ..figures import count, iso
from ..words import Tone, word_of

__all__ = ["CheckRow", "KindRow", "PolicyRow", "RightRow", "report_vars"]

_HEALTH: Final[Mapping[Health, tuple[str, Tone]]] = {
    Health.OK: ("Healthy", Tone.OK),
    Health.UNKNOWN: ("Unknown", Tone.NONE),
    Health.WARN: ("Partly", Tone.WARN),
    Health.BAD: ("Broken", Tone.BAD),
}
_VERDICT: Final[Mapping[Health, str]] = {
    Health.OK: "Everything works.",
    Health.UNKNOWN: "Nothing is known to be wrong.",
    Health.WARN: "It works, and something needs a look.",
    Health.BAD: "Something does not work.",
}
_POLICY_TONES: Final[Mapping[PolicyState, Tone]] = {
    PolicyState.ACTIVE: Tone.OK,
    PolicyState.ALTERED: Tone.WARN,
    PolicyState.NOT_ENFORCED: Tone.BAD,
    PolicyState.UNBOUND: Tone.BAD,
    PolicyState.MISSING: Tone.BAD,
    PolicyState.UNKNOWN: Tone.NONE,
}


@dataclass(frozen=True)
class CheckRow:
    """One part."""

    key: str
    title: str
    state: str
    word: str
    tone: str
    message: str
    fix: str
    since: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Describe what was found."""
        word, tone = _HEALTH[finding.health]
        return cls(
            key=finding.key,
            title=finding.title,
            state=finding.health.value,
            word=word,
            tone=tone.value,
            message=finding.message,
            fix=finding.fix,
            since=iso(finding.since),
        )


@dataclass(frozen=True)
class KindRow:
    """One kind of the mirror."""

    kind: str
    state: str
    word: str
    tone: str
    objects: str
    contact_at: str
    trouble: str

    @classmethod
    def of(cls, line: KindLine) -> Self:
        """Describe how fresh a kind is."""
        word, tone = _freshness(line)
        return cls(
            kind=line.kind,
            state=word.lower(),
            word=word,
            tone=tone.value,
            objects=count(line.objects),
            contact_at=iso(line.contact_at.replace(microsecond=0)) if line.contact_at else "",
            trouble=line.trouble,
        )


def _freshness(line: KindLine) -> tuple[str, Tone]:
    if line.is_synced and not line.trouble:
        return "Watching" if line.is_watching else "Catching up", (
            Tone.OK if line.is_watching else Tone.PROGRESS
        )
    if line.is_synced:
        return "Stale", Tone.BAD
    if line.trouble and not line.is_required:
        return "Not shown", Tone.NONE
    return ("Failing", Tone.BAD) if line.trouble else ("Listing", Tone.PROGRESS)


@dataclass(frozen=True)
class PolicyRow:
    """One admission policy."""

    name: str
    state: str
    word: str
    tone: str
    words: str
    reason: str
    fix: str

    @classmethod
    def of(cls, report: PolicyReport) -> Self:
        """Describe how a policy stands."""
        return cls(
            name=report.name,
            state=report.state.value,
            word=word_of(report.state.value),
            tone=_POLICY_TONES[report.state].value,
            words=report.words,
            reason=report.reason,
            fix=report.fix,
        )


@dataclass(frozen=True)
class RightRow:
    """What the portal may not do, and the rule that allows it."""

    key: str
    text: str
    rule: str

    @classmethod
    def of(cls, right: MissingRight) -> Self:
        """Describe a missing right."""
        where = f"{right.resource}.{right.group}" if right.group else right.resource
        return cls(where, f"{', '.join(right.verbs)} {where}", right.rule)


def report_vars(report: Report) -> dict[str, object]:
    """Write a check-up into the vars of the page."""
    rights = report.rights
    word, tone = _HEALTH[report.health]
    return {
        "state": report.health.value,
        "word": word,
        "tone": tone.value,
        "verdict": _VERDICT[report.health],
        "version": report.version,
        "checks": [CheckRow.of(one) for one in report.findings],
        "kinds": [KindRow.of(one) for one in report.kinds],
        "policies": [PolicyRow.of(one) for one in report.policies],
        "missing": [RightRow.of(one) for one in rights.missing] if rights else [],
        "rights_note": f"{rights.wanted} rights of the shipped role, asked of the cluster"
        if rights
        else "",
    }
