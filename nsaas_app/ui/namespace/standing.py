"""What stands at the top of a namespace's page when not all is well, and each drift. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from ...directory.rows import NamespaceRow
from ...domain.drift import DriftItem, Remedy, Repaired
from ...domain.namespaces import NamespaceState
from ...domain.sleep import Asleep, SleepCause
from ...domain.stuck import Blocker, BlockerKind
from ...insights.endings import Ending
from ..figures import iso
from ..words import Tone

__all__ = ["Banner", "DriftLine", "banners_of", "deleted_banner", "drift_lines"]

_LONGEST: Final = 240
"""More of a value tells less."""
_MOST: Final = 30

_REMEDIES: Final[dict[Remedy, tuple[Tone, str, str]]] = {
    Remedy.AUTOMATIC: (Tone.PROGRESS, "Repairs itself", "The portal is putting it back now."),
    Remedy.OFFERED: (
        Tone.WARN,
        "Waits for a person",
        "It is not repaired unasked: a lead or a platform admin decides.",
    ),
    Remedy.STOPPED: (Tone.BAD, "Repair stopped", "Another controller keeps undoing the repair."),
    Remedy.FOREIGN: (
        Tone.WARN,
        "Not from the portal",
        "The portal does not touch it. Who made it takes it away.",
    ),
}

_STATES: Final[dict[NamespaceState, tuple[Tone, str, str]]] = {
    NamespaceState.RELEASED: (
        Tone.ENDING,
        "Released.",
        "Nobody has access and nothing runs any more; all is kept for now. Restorable until ",
    ),
    NamespaceState.TERMINATING: (Tone.ENDING, "Terminating.", "The cluster is removing it."),
    NamespaceState.STUCK: (
        Tone.BAD,
        "Stuck while terminating.",
        "It goes on by itself as soon as what holds it is out of the way.",
    ),
    NamespaceState.MISSING: (
        Tone.BAD,
        "Missing in the cluster.",
        "It was deleted or replaced by other hands. A platform admin decides what becomes of it.",
    ),
    NamespaceState.FAILED: (
        Tone.BAD,
        "It was never ready.",
        "Its request failed: it stands under the latest requests, with the reason.",
    ),
}

_WORST: Final = (Remedy.STOPPED, Remedy.FOREIGN, Remedy.OFFERED, Remedy.AUTOMATIC)


@dataclass(frozen=True)
class Banner:
    """One thing to know before all others. `until` is set where a moment ends the sentence."""

    key: str
    tone: str
    title: str
    text: str
    until: str = ""
    lines: tuple[str, ...] = ()
    """What is behind it, one thing a line."""
    commands: tuple[str, ...] = ()
    """What shows more of it."""


@dataclass(frozen=True)
class DriftLine:
    """One difference between what was asked and what the cluster has."""

    key: str
    object: str
    path: str
    desired: str
    observed: str
    remedy: str
    word: str
    tone: str
    text: str

    @classmethod
    def from_item(cls, item: DriftItem) -> Self:
        """Describe a difference."""
        tone, word, text = _REMEDIES[item.remedy]
        return cls(
            key=f"{item.object}{item.path}",
            object=item.object,
            path=item.path,
            desired=_written(item.desired, absent="Nothing"),
            observed=_written(item.observed, absent="It is not there"),
            remedy=item.remedy.value,
            word=word,
            tone=tone.value,
            text=f"{item.note} {text}"
            if item.note and item.remedy is Remedy.FOREIGN
            else item.note or text,
        )


def _written(value: Any, *, absent: str) -> str:
    if value is None:
        return absent
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def drift_lines(row: NamespaceRow) -> list[DriftLine]:
    """Describe every difference, the worst first."""
    ranked = sorted(row.drift, key=lambda item: (_WORST.index(item.remedy), item.object, item.path))
    return [DriftLine.from_item(item) for item in ranked[:_MOST]]


_SENT_BY: Final = {
    SleepCause.PERSON: "Somebody sent it to sleep",
    SleepCause.SCHEDULE: "It sleeps by its schedule",
    SleepCause.IDLE: "Nobody used it for as long as its schedule says",
    SleepCause.RELEASE: "It sleeps since its release",
    SleepCause.CLEANUP: "A cleanup plan sent it to sleep",
}


def _asleep_banner(asleep: Asleep) -> Banner:
    text = f"{_SENT_BY[asleep.cause]}: nothing runs, everything comes back as it was. "
    end = "It wakes " if asleep.until else "It sleeps until somebody wakes it."
    return Banner("asleep", Tone.ASLEEP.value, "Asleep.", text + end, iso(asleep.until))


def deleted_banner(ending: Ending) -> Banner:
    """Say that it is gone, since when and by whom."""
    whom = f" {ending.by} asked for it." if ending.by else ""
    text = (
        f"Nothing of it is left in the cluster.{whom} Here stands what was last seen; its "
        "manifests are kept under Exports."
    )
    since = f"{text} It was gone " if ending.at else text
    return Banner("deleted", Tone.ENDING.value, "Deleted.", since, iso(ending.at))


def _blocker_line(blocker: Blocker) -> str:
    what = f"{blocker.kind.value.replace('-', ' ').capitalize()} {blocker.what}"
    if blocker.objects:
        what += f" on {', '.join(blocker.objects)}"
    elif blocker.kind is BlockerKind.CONTENT or blocker.count > 1:
        what += f": {blocker.count} left"
    return f"{what}. {' '.join(blocker.way_out)}"


def _ending_banner(row: NamespaceRow, blockers: Sequence[Blocker]) -> Banner:
    tone, title, text = _STATES[row.state]
    return Banner(
        "state",
        tone.value,
        title,
        text,
        lines=tuple(_blocker_line(one) for one in blockers),
        commands=tuple(dict.fromkeys(one.look for one in blockers)),
    )


def _state_banner(row: NamespaceRow, release: Ending | None) -> Banner:
    tone, title, text = _STATES[row.state]
    if row.state is not NamespaceState.RELEASED:
        return Banner("state", tone.value, title, text)
    whom = f"{release.by} released it. " if release and release.by else ""
    return Banner("state", tone.value, title, f"{whom}{text}", iso(row.restorable_until))


def banners_of(
    row: NamespaceRow,
    blockers: Sequence[Blocker] = (),
    *,
    release: Ending | None = None,
    repaired: Repaired | None = None,
) -> list[Banner]:
    """Say what the state, the lifetime and drift call for.

    Args:
        row: the namespace.
        blockers: what holds its deletion up.
        release: by whom it was released.
        repaired: drift that was put right lately.
    """
    banners = []
    if row.state in (NamespaceState.TERMINATING, NamespaceState.STUCK):
        banners.append(_ending_banner(row, blockers))
    elif row.state in _STATES:
        banners.append(_state_banner(row, release))
    if row.state is NamespaceState.SLEEPING and row.asleep is not None:
        banners.append(_asleep_banner(row.asleep))
    return [*banners, *_lifetime_banners(row), *_drift_banners(row, repaired)]


def _lifetime_banners(row: NamespaceRow) -> list[Banner]:
    banners = []
    codes = {reason.code for reason in row.health.reasons}
    if "expired" in codes:
        text = "It can still be renewed. It ended "
        banners.append(Banner("expired", "bad", "The lifetime is over.", text, iso(row.expires_at)))
    elif "expiring" in codes:
        text = "Renew it to keep it. It ends "
        banners.append(Banner("expiring", "warn", "Expiring.", text, iso(row.expires_at)))
    if "uncertified" in codes:
        text = "Nothing stops, but a lead should confirm it or release it. It was due "
        title = "Nobody confirmed that it is still needed."
        banners.append(Banner("uncertified", "bad", title, text, iso(row.certify_by)))
    elif "certify" in codes:
        text = "A lead confirms once a year that it is still needed. It is due "
        banners.append(Banner("certify", "warn", "To be confirmed.", text, iso(row.certify_by)))
    return banners


def _drift_banners(row: NamespaceRow, repaired: Repaired | None) -> list[Banner]:
    banners = []
    for remedy in _WORST:
        objects = sorted({item.object for item in row.drift if item.remedy is remedy})
        if objects:
            tone, word, _ = _REMEDIES[remedy]
            title = f"Drift: {word.lower()}."
            banners.append(
                Banner(f"drift-{remedy.value}", tone.value, title, f"{', '.join(objects)}.")
            )
    if repaired is not None and not row.drift:
        text = f"{', '.join(repaired.objects)} differed from what was asked. As asked again since "
        title = "Drift: repaired."
        banners.append(Banner("drift-repaired", "ok", title, text, iso(repaired.at)))
    return banners
