"""What a change or the end of a namespace would mean, as the dialogs show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import FieldIssue, InvalidFieldsError, NotFoundError, UnavailableError
from ...domain.namespaces import ManagedNamespace
from ...domain.requests import RequestKind
from ...provisioning.change_preview import ChangePreview
from ...provisioning.departure_preview import DeparturePreview
from ...provisioning.dry_run import DryRun, Effect
from ..budget_views import change_lines
from ..costs import CostView
from ..figures import iso
from ..new.steps import messages_of
from ..words import Tone
from .patches import fields_of, form_field

__all__ = ["ObjectLine", "at_fields", "depart", "nothing", "propose", "record_of"]

_SILENT: Final = "Not tried on the cluster: "
_MOST_PATHS: Final = 4
_WORDS: Final = {
    Effect.CREATED: ("Created", Tone.OK),
    Effect.CHANGED: ("Changed", Tone.PROGRESS),
    Effect.REMOVED: ("Removed", Tone.ENDING),
}


@dataclass(frozen=True)
class ObjectLine:
    """One object that would be written, and the API server's word when it is a no."""

    identity: str
    word: str
    tone: str
    paths: str
    refusal: str

    @classmethod
    def of(cls, one: DryRun) -> Self:
        """Describe an object."""
        word, tone = _WORDS.get(one.effect, ("Unchanged", Tone.NONE))
        paths = [drift.path for drift in one.differences]
        more = f" and {len(paths) - _MOST_PATHS} more" if len(paths) > _MOST_PATHS else ""
        return cls(
            identity=f"{one.manifest['kind']}/{one.manifest['metadata']['name']}",
            word=word if one.is_accepted else "Refused",
            tone=(tone if one.is_accepted else Tone.BAD).value,
            paths=f"{', '.join(paths[:_MOST_PATHS])}{more}",
            refusal=one.message,
        )


def at_fields(issues: Iterable[FieldIssue], action: str) -> dict[str, str]:
    """Gather messages by field of a dialog; what has none there stands under `other`."""
    fields = fields_of(action)
    messages = messages_of(replace(one, field=form_field(one.field)) for one in issues)
    elsewhere = [text for field, text in messages.items() if field not in fields]
    shown = {field: text for field, text in messages.items() if field in fields}
    return shown | {"other": " ".join(elsewhere)} if elsewhere else shown


def record_of(name: str, actor: Actor) -> ManagedNamespace:
    """The record of a namespace the actor may see.

    Raises:
        NotFoundError: there is none, or it is not theirs.
    """
    directory = runtime.current().directory
    directory.row(name, actor=actor)
    record = directory.record(name)
    if record is None:
        raise NotFoundError("namespace", name)
    return record


async def propose(
    action: str, name: str, patch: Mapping[str, Any], actor: Actor
) -> dict[str, object]:
    """Compute the vars of a dialog that changes a namespace.

    Raises:
        PortalError: it cannot be changed by this actor, or not now.
    """
    previews, silence = runtime.current().change_previews, ""
    try:
        try:
            preview = await previews.preview(name, patch, actor=actor)
        except UnavailableError as error:
            preview = await previews.preview(name, patch, actor=actor, is_tried=False)
            silence = f"{_SILENT}{error.message}"
    except InvalidFieldsError as error:
        return nothing() | {"errors": at_fields(error.issues, action)}
    if preview.is_same:
        return nothing() | {"is_same": True}
    return _change_vars(preview) | {"silence": silence}


async def depart(kind: RequestKind, name: str, actor: Actor) -> dict[str, object]:
    """Compute the vars of a dialog that ends a namespace.

    Raises:
        PortalError: it cannot be ended by this actor, or not now.
    """
    previews, silence = runtime.current().departure_previews, ""
    try:
        preview = await previews.preview(kind, name, actor=actor)
    except UnavailableError as error:
        preview = await previews.preview(kind, name, actor=actor, is_tried=False)
        silence = f"{_SILENT}{error.message}"
    return _departure_vars(preview) | {"silence": silence}


def nothing() -> dict[str, object]:
    """Compute the vars of a dialog whose form means nothing yet."""
    return {
        "errors": {},
        "is_same": False,
        "approval": "",
        "needs_approval": False,
        "objects": [],
        "silence": "",
    }


def _change_vars(preview: ChangePreview) -> dict[str, object]:
    plan = preview.plan
    return _verdict_vars(preview) | {
        "is_same": False,
        "budget": change_lines(
            preview.team, preview.before, before=plan.record.spec, after=plan.spec
        ),
        "cost": CostView.of(plan.spec, plan.record.spec),
        "ends_at": iso(plan.spec.expires_at),
    }


def _departure_vars(preview: DeparturePreview) -> dict[str, object]:
    return _verdict_vars(preview) | {
        "restorable_until": iso(preview.restorable_until),
    }


def _verdict_vars(preview: ChangePreview | DeparturePreview) -> dict[str, object]:
    approval = preview.plan.approval
    denied = [verdict.message for verdict in preview.verdicts if verdict.result == "deny"]
    written = [one for one in preview.objects if one.effect in _WORDS or not one.is_accepted]
    return {
        "errors": {"other": " ".join(denied)} if denied else {},
        "approval": approval.why if approval else "No approval needed",
        "needs_approval": approval is not None,
        "objects": [ObjectLine.of(one) for one in written],
    }
