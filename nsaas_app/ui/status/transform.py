"""The check-up's lines as the status page shows them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from ...runtime.findings import Finding, Health, KindLine, Report
from ..figures import count, iso
from ..words import Tone

__all__ = ["CheckRow", "KindRow", "report_vars"]

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
_LINKS: Final[Mapping[str, tuple[str, str]]] = {
    "policies": ("Open policies", "/settings?tab=policies"),
    "rights": ("Open preflight", "/settings?tab=preflight"),
}
"""Where platform admins and auditors see more of a part."""


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
    link: str = ""
    href: str = ""
    """Where more of it can be seen."""

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Describe what was found."""
        word, tone = _HEALTH[finding.health]
        link, href = _LINKS.get(finding.key, ("", ""))
        return cls(
            link=link,
            href=href,
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


def report_vars(report: Report) -> dict[str, object]:
    """Write a check-up into the vars of the page."""
    word, tone = _HEALTH[report.health]
    return {
        "state": report.health.value,
        "word": word,
        "tone": tone.value,
        "verdict": _VERDICT[report.health],
        "version": report.version,
        "checks": [CheckRow.of(one) for one in report.findings],
        "kinds": [KindRow.of(one) for one in report.kinds],
    }
