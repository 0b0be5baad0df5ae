"""The workloads section's vars, computed from a report. Pure."""

from dataclasses import dataclass
from typing import Final, Self

from ...insights.workload_words import Standing
from ...insights.workloads import NeighbourLine, PodLine, WorkloadLine, WorkloadReport
from ..figures import NOTHING, count
from ..words import Tone

__all__ = ["TONES", "NeighbourRow", "PodRow", "WorkloadRow", "workload_vars"]

TONES: Final = {
    Standing.BAD: Tone.BAD,
    Standing.PARTLY: Tone.WARN,
    Standing.STARTING: Tone.PROGRESS,
    Standing.RUNNING: Tone.OK,
    Standing.DONE: Tone.NONE,
    Standing.ASLEEP: Tone.ASLEEP,
}


@dataclass(frozen=True)
class WorkloadRow:
    """One workload."""

    key: str
    kind: str
    name: str
    replicas: str
    raw: str
    word: str
    tone: str
    reason: str

    @classmethod
    def of(cls, line: WorkloadLine) -> Self:
        """Describe how many replicas are there."""
        standing = line.standing
        return cls(
            key=f"{line.kind}-{line.name}",
            kind=line.kind,
            name=line.name,
            replicas=line.about or f"{line.there} of {line.wanted} available",
            raw=str(line.there),
            word=standing.word,
            tone=TONES[standing.standing].value,
            reason=standing.reason,
        )


@dataclass(frozen=True)
class PodRow:
    """One pod."""

    name: str
    ready: str
    raw: str
    restarts: str
    node: str
    started_at: str
    word: str
    tone: str
    reason: str

    @classmethod
    def of(cls, line: PodLine) -> Self:
        """Describe a pod."""
        standing = line.standing
        return cls(
            name=line.name,
            ready=f"{line.ready} of {line.containers}" if line.containers else NOTHING,
            raw=str(line.ready),
            restarts=count(line.restarts),
            node=line.node or NOTHING,
            started_at=line.started_at,
            word=standing.word,
            tone=TONES[standing.standing].value,
            reason=standing.reason,
        )


@dataclass(frozen=True)
class NeighbourRow:
    """A Service, Ingress or volume claim."""

    key: str
    kind: str
    name: str
    about: str
    word: str
    tone: str
    reason: str

    @classmethod
    def of(cls, line: NeighbourLine) -> Self:
        """Describe an object beside the workloads."""
        standing = line.standing
        return cls(
            key=f"{line.kind}-{line.name}",
            kind=line.kind,
            name=line.name,
            about=line.about,
            word=standing.word,
            tone=TONES[standing.standing].value,
            reason=standing.reason,
        )


def _note(shown: int, total: int) -> str:
    return f"Showing {shown} of {count(total)}, problems first" if total > shown else ""


def workload_vars(report: WorkloadReport) -> dict[str, object]:
    """Compute what the section shows."""
    return {
        "workloads": [WorkloadRow.of(line) for line in report.workloads],
        "workloads_note": _note(len(report.workloads), report.workloads_total),
        "pods": [PodRow.of(line) for line in report.pods],
        "pods_note": _note(len(report.pods), report.pods_total),
        "neighbours": [NeighbourRow.of(line) for line in report.neighbours],
        "neighbours_note": _note(len(report.neighbours), report.neighbours_total),
    }
