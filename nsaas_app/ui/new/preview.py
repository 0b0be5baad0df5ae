"""The preview as the review step shows it: verdicts, dry runs, connectivity, cost. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

import yaml

from ...provisioning.dry_run import Effect
from ...provisioning.preview import Connection, DryRun, PolicyVerdict, Preview
from ..costs import CostView
from ..words import Tone
from .adopting import AdoptionView
from .meaning import object_counts

__all__ = [
    "ConnectionLine",
    "DryRunLine",
    "MemberRun",
    "VerdictLine",
    "objects_of",
    "preview_vars",
    "unchecked_vars",
]

_TONES: Final = {"pass": Tone.OK, "warn": Tone.WARN, "needs-approval": Tone.WAITING}
_WORDS: Final = {"pass": "Pass", "warn": "Warning", "needs-approval": "Needs approval"}


@dataclass(frozen=True)
class VerdictLine:
    """One rule's word."""

    key: str
    message: str
    result: str
    word: str
    tone: str

    @classmethod
    def all_of(cls, verdicts: Iterable[PolicyVerdict]) -> list[Self]:
        """Describe verdicts; what one rule says twice has two keys."""
        lines: dict[str, Self] = {}
        for verdict in verdicts:
            key = f"{verdict.rule}-{verdict.result}"
            key = key if key not in lines else f"{key}-{len(lines)}"
            lines[key] = cls.from_verdict(verdict, key=key)
        return list(lines.values())

    @classmethod
    def from_verdict(cls, verdict: PolicyVerdict, *, key: str) -> Self:
        """Describe a verdict."""
        return cls(
            key=key,
            message=verdict.message,
            result=verdict.result,
            word=_WORDS.get(verdict.result, "Denied"),
            tone=_TONES.get(verdict.result, Tone.BAD).value,
        )


@dataclass(frozen=True)
class DryRunLine:
    """One object with the API server's answer."""

    identity: str
    yaml: str
    is_accepted: bool
    word: str
    tone: str
    message: str
    is_sample: bool = False
    """Whether it only stands for what people will run: nobody makes it."""

    @classmethod
    def from_dry_run(cls, dry_run: DryRun) -> Self:
        """Describe an object."""
        manifest = dry_run.manifest
        return cls(
            identity=f"{manifest['kind']}/{manifest['metadata']['name']}",
            yaml=_yaml(manifest),
            is_accepted=dry_run.is_accepted,
            word="Accepted" if dry_run.is_accepted else "Refused",
            tone=(Tone.OK if dry_run.is_accepted else Tone.BAD).value,
            message=dry_run.message,
            is_sample=dry_run.effect is Effect.SAMPLE,
        )


@dataclass(frozen=True)
class MemberRun:
    """What the API server says of another member of a set."""

    name: str
    text: str
    word: str
    tone: str
    lines: list[DryRunLine]

    @classmethod
    def of(cls, preview: Preview) -> Self:
        """Describe a member's preview."""
        is_good = preview.is_allowed
        refused = sum(not each.is_accepted for each in preview.objects)
        total = len(preview.objects)
        return cls(
            name=str(preview.spec.name),
            text=f"{total} objects" if is_good else f"{refused} of {total} objects refused",
            word="Accepted" if is_good else "Refused",
            tone=(Tone.OK if is_good else Tone.BAD).value,
            lines=[DryRunLine.from_dry_run(each) for each in preview.objects],
        )


def _yaml(manifest: Any) -> str:
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True).rstrip()


@dataclass(frozen=True)
class ConnectionLine:
    """One question about who reaches whom."""

    key: str
    source: str
    target: str
    port: str
    word: str
    tone: str
    rule: str

    @classmethod
    def from_connection(cls, one: Connection) -> Self:
        """Describe an answer."""
        return cls(
            key=f"{one.source}-{one.target}-{one.port}".replace(" ", "-").replace(",", ""),
            source=one.source,
            target=one.target,
            port=one.port,
            word="Allowed" if one.is_allowed else "Blocked",
            tone=(Tone.OK if one.is_allowed else Tone.BAD).value,
            rule=one.rule,
        )


def objects_of(lines: Iterable[DryRunLine], members: Iterable[MemberRun]) -> str:
    """Give every object that would be made as one YAML text: of all namespaces of a set."""
    others = (line for member in members for line in member.lines)
    return "\n---\n".join(line.yaml for line in (*lines, *others) if not line.is_sample)


def preview_vars(preview: Preview, *, at: str) -> dict[str, object]:
    """Compute all that the review step shows of a preview."""
    refused = sum(not each.is_accepted for each in preview.objects)
    return {
        "verdicts": VerdictLine.all_of(preview.verdicts),
        "dry_runs": [DryRunLine.from_dry_run(each) for each in preview.objects],
        "object_counts": object_counts(one.manifest["kind"] for one in preview.objects),
        "member_runs": [],
        "connections": [ConnectionLine.from_connection(each) for each in preview.connectivity],
        "cost": CostView.of(preview.spec),
        "adoption": AdoptionView(),
        "previewed_at": at,
        "preview_problem": "",
        "blocked": "" if preview.is_allowed else _refused_text(refused, len(preview.objects)),
    }


def _refused_text(refused: int, of: int) -> str:
    return f"The API server refuses {refused} of {of} objects: see the dry run."


def unchecked_vars(*, blocked: str, problem: str = "") -> dict[str, object]:
    """Compute the same while there is no preview: why, and whether that holds a submit back."""
    return {
        "verdicts": [],
        "dry_runs": [],
        "object_counts": "",
        "member_runs": [],
        "connections": [],
        "cost": CostView(),
        "adoption": AdoptionView(),
        "previewed_at": "",
        "preview_problem": problem,
        "blocked": blocked,
    }
