"""What an adoption would mean, as the review shows it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...provisioning.adoption import AdoptionPreview
from ...provisioning.impact import ContainerNote, QuotaLine
from ..figures import NOTHING
from ..words import Tone

__all__ = ["AdoptionView", "ChangeLine", "NoteLine"]


@dataclass(frozen=True)
class ChangeLine:
    """One label or annotation that changes."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class NoteLine:
    """One thing to know before somebody adopts."""

    key: str
    tone: str
    title: str
    text: str


@dataclass(frozen=True)
class AdoptionView:
    """All of it; empty for a new namespace."""

    uid: str = ""
    changes: list[ChangeLine] = field(default_factory=list)
    breaks: list[NoteLine] = field(default_factory=list)
    """What runs now and would not be admitted again, or stands in the way."""
    stays: list[NoteLine] = field(default_factory=list)
    """What is somebody else's and goes on beside ours."""

    @classmethod
    def of(cls, preview: AdoptionPreview) -> "AdoptionView":
        """Describe a preview."""
        return cls(
            uid=preview.uid,
            changes=[
                ChangeLine(one.path, one.before or NOTHING, one.after) for one in preview.changes
            ],
            breaks=list(_breaks(preview)),
            stays=[
                *(
                    NoteLine(
                        f"foreign-{name}", Tone.NONE.value, name, "Stays, and goes on as it is."
                    )
                    for name in preview.foreign
                ),
                *(
                    _container("defaulted", Tone.WARN, one, "Gets at its next start ")
                    for one in preview.impact.defaulted
                ),
            ],
        )


def _breaks(preview: AdoptionPreview) -> Iterator[NoteLine]:
    for name in preview.collisions:
        words = "Bears the name of an object of the portal: rename or remove it first."
        yield NoteLine(f"collision-{name}", Tone.BAD.value, name, words)
    for line in preview.impact.quota:
        if line.is_over:
            yield NoteLine(f"quota-{line.resource}", Tone.BAD.value, line.resource, _over(line))
    for note in preview.impact.refused:
        yield _container("refused", Tone.BAD, note)
    for number, words in enumerate(preview.pod_security):
        yield NoteLine(f"pod-security-{number}", Tone.WARN.value, "Pod Security", words)


def _over(line: QuotaLine) -> str:
    after = "" if line.after_restart == line.used else f", {line.after_restart} after a restart"
    return f"{line.used} used{after}; the tier allows {line.hard}. New pods are refused."


def _container(word: str, tone: Tone, note: ContainerNote, begin: str = "") -> NoteLine:
    pods = f"{note.pods} pods" if note.pods > 1 else "1 pod"
    title = f"{note.owner} · {note.container}" if note.container else note.owner
    return NoteLine(
        f"{word}-{note.owner}-{note.container}",
        tone.value,
        title,
        f"{begin}{note.message} ({pods})",
    )
