"""What people are told of a cleanup plan: at each stage, with the reason and the way to answer."""

from datetime import datetime, timedelta
from typing import Final

from .cleanup import Stage
from .cleanup_plans import Action, Line, Plan
from .namespaces import ManagedNamespace
from .notices import Notice, NoticeKind

__all__ = ["notice_of"]

_TITLES: Final = {
    Stage.NOTIFY: "{name} may no longer be needed",
    Stage.SLEEP: "{name} is put to sleep",
    Stage.REVOKE: "Access to {name} is taken away",
    Stage.EXPORT: "The manifests of {name} are kept",
    Stage.DELETE: "{name} is being deleted",
}
_DOES: Final = {
    Stage.NOTIFY: "Nothing has happened to it yet.",
    Stage.SLEEP: "What runs in it is scaled to zero and comes back as it was when it is woken.",
    Stage.REVOKE: "Nobody gets in any more; everything in it is kept and can be restored.",
    Stage.EXPORT: "Its manifests are kept as an export; Secrets are not in it.",
    Stage.DELETE: "Its manifests are kept as an export; Secrets are not in it. What ran is gone.",
}
_NEXT: Final = {
    Stage.SLEEP: "it is put to sleep",
    Stage.REVOKE: "access is taken away",
    Stage.EXPORT: "its manifests are exported",
    Stage.DELETE: "it is deleted",
}
_ANSWER: Final = "Open it and choose Keep if it is wanted: the plan then leaves it alone."


def notice_of(
    plan: Plan, line: Line, action: Action, record: ManagedNamespace, *, now: datetime,
    wait: timedelta, notice_id: str,
) -> Notice:  # fmt: skip
    """Say what a stage does, why, what follows when, and how to answer.

    Args:
        plan: that it belongs to.
        line: of the namespace.
        action: the stage that begins.
        record: whose owner and leads are told.
        now: the time of telling.
        wait: between this stage and the next one.
        notice_id: for a new notice; the same stage is told once whatever it is.
    """
    name = line.namespace
    return Notice(
        notice_id=notice_id,
        key=f"{NoticeKind.CLEANUP}/{action.action_id}",
        kind=NoticeKind.CLEANUP,
        cluster=plan.cluster,
        namespace=name,
        team=record.team,
        owner=record.spec.owner,
        title=_TITLES[action.stage].format(name=name),
        text=" ".join(_sentences(line, action, now + wait)),
        created_at=now,
    )


def _sentences(line: Line, action: Action, next_at: datetime) -> list[str]:
    seen = "; ".join(one.value for one in line.evidence if one.reason in line.grounds)
    said = [f"A cleanup plan is about {line.namespace}: {seen}.", _DOES[action.stage]]
    later = [one.stage for one in line.actions[line.actions.index(action) + 1 :]]
    if later:
        steps = ", then ".join(_NEXT[stage] for stage in later)
        said.append(f"Not before {next_at:%d %b %Y %H:%M} UTC {steps}.")
    if action.stage is not Stage.DELETE:
        said.append(_ANSWER)
    return said
