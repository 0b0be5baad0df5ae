"""The preview as the review step shows it: verdicts, dry runs, connectivity, cost. Pure."""

from dataclasses import dataclass
from typing import Any, Final, Self

import yaml

from ...provisioning.preview import Connection, DryRun, PolicyVerdict, Preview
from ..costs import CostView
from ..words import Tone
from .adopting import AdoptionView

__all__ = ["ConnectionLine", "DryRunLine", "VerdictLine", "preview_vars", "unchecked_vars"]

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
    def from_verdict(cls, verdict: PolicyVerdict) -> Self:
        """Describe a verdict."""
        return cls(
            key=f"{verdict.rule}-{verdict.result}",
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


def preview_vars(preview: Preview, *, at: str) -> dict[str, object]:
    """Compute all that the review step shows of a preview."""
    refused = sum(not each.is_accepted for each in preview.objects)
    return {
        "verdicts": [VerdictLine.from_verdict(each) for each in preview.verdicts],
        "dry_runs": [DryRunLine.from_dry_run(each) for each in preview.objects],
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
        "connections": [],
        "cost": CostView(),
        "adoption": AdoptionView(),
        "previewed_at": "",
        "preview_problem": problem,
        "blocked": blocked,
    }
