"""What POST /previews says about an adoption beside the usual review."""

from typing import Any

from ..domain import keys
from ..provisioning.adoption import AdoptionPreview
from ..provisioning.impact import ContainerNote

__all__ = ["adoption_document"]

_ENFORCE = f"metadata.labels[{keys.POD_SECURITY}/enforce]"


def _note(note: ContainerNote) -> dict[str, Any]:
    return {
        "object": note.owner,
        "container": note.container,
        "pods": note.pods,
        "message": note.message,
    }


def adoption_document(preview: AdoptionPreview) -> dict[str, Any]:
    """Diff, neighbours and impact of an adoption."""
    level = {one.path: one for one in preview.changes}.get(_ENFORCE)
    return {
        "uid": preview.uid,
        "changes": [
            {"path": one.path, "before": one.before, "after": one.after} for one in preview.changes
        ],
        "pod_security": {
            "before": level.before if level else None,
            "after": level.after if level else None,
            "warnings": list(preview.pod_security),
        },
        "created": list(preview.created),
        "collisions": list(preview.collisions),
        "foreign": list(preview.foreign),
        "impact": {
            "quota": [
                {
                    "resource": line.resource,
                    "used": line.used,
                    "after_restart": line.after_restart,
                    "hard": line.hard,
                    "over": line.is_over,
                }
                for line in preview.impact.quota
            ],
            "defaulted": [_note(note) for note in preview.impact.defaulted],
            "refused": [_note(note) for note in preview.impact.refused],
            "not_counted": list(preview.impact.not_counted),
        },
    }
