"""What the dialogs ask for, as a JSON merge patch of the spec. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ...domain.errors import FieldIssue, InvalidFieldsError
from ...domain.namespaces import ManagedNamespace
from ...domain.spec_document import spec_to_document
from ..pairs import pairs_in
from .resting import schedule_of

__all__ = [
    "CHANGES",
    "DETAILS",
    "FIELDS",
    "TOLD",
    "form_field",
    "grant_key",
    "patch_of",
]

DETAILS: Final = ("display_name", "description", "owner", "cost_center")
"""What people read of a namespace; no object of it limits anything."""
_WORDS: Final = ("labels", "annotations")
_OF_CHANGES: Final[dict[str, tuple[str, ...]]] = {
    "renew": ("expires_in_days",),
    "resize": ("tier",),
    "describe": DETAILS,
    "schedule": ("timezone", "windows"),
    "labels": _WORDS,
    "grant": ("grant_kind", "grant_name", "grant_role", "grant_days"),
    "revoke": (),
}
CHANGES: Final = frozenset(_OF_CHANGES)
"""Dialogs that ask for a change of the spec."""
TOLD: Final = frozenset(field for fields in _OF_CHANGES.values() for field in fields)
"""Fields whose meaning is told while they are edited."""
_EVERYWHERE: Final = ("confirm", "justification", "until")
FIELDS: Final = TOLD | {*_EVERYWHERE}
"""What the dialogs let somebody type or choose."""

_DIGITS: Final = 6


def fields_of(action: str) -> frozenset[str]:
    """Name the fields that a dialog shows."""
    return frozenset({*_OF_CHANGES.get(action, ()), *_EVERYWHERE})


def patch_of(
    action: str,
    form: Mapping[str, str],
    record: ManagedNamespace,
    *,
    now: datetime,
    opened: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Write what a dialog's form asks for.

    Args:
        action: the dialog.
        form: what was typed and chosen.
        record: the namespace as it is.
        now: when the dialog was opened: a second click asks for the same.
        opened: the form as it was then: what nobody touched since is not asked for.

    Raises:
        InvalidFieldsError: a line or number cannot be read.
    """
    match action:
        case "resize":
            return {"tier": form.get("tier", "")}
        case "describe":
            return {field: form.get(field, "").strip() for field in DETAILS}
        case "schedule":
            return {"sleep": schedule_of(form)}
        case "labels":
            return {field: _words(field, form, opened or {}) for field in _WORDS}
        case "grant" | "revoke":
            return {"access": _access(action, form, record, now)}
        case _:
            # What is no number becomes one that no policy allows: the rule says it at the field.
            return {"expires_in_days": _days(form.get("expires_in_days", "")) or -1}


def _access(
    action: str, form: Mapping[str, str], record: ManagedNamespace, now: datetime
) -> list[dict[str, Any]]:
    if action == "grant":
        return [*_grants(record), _wish(form, now)]
    return [one for one in _grants(record) if grant_key(one) != form.get("grant", "")]


def _grants(record: ManagedNamespace) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec_to_document(record.spec)["access"]
    return found


def grant_key(grant: Mapping[str, Any]) -> str:
    """Name one grant: a subject has a role once."""
    return f"{grant['kind']}/{grant['name']}/{grant['role']}"


def _wish(form: Mapping[str, str], now: datetime) -> dict[str, Any]:
    wish = {
        "kind": form.get("grant_kind", ""),
        "name": form.get("grant_name", "").strip(),
        "role": form.get("grant_role", ""),
    }
    typed = form.get("grant_days", "").strip()
    if not typed:
        return wish
    days = _days(typed)
    if days is None:
        message = "A number of days, or nothing for access without an end."
        raise InvalidFieldsError([FieldIssue("grant_days", message)])
    return wish | {"expires_at": (now + timedelta(days=days)).isoformat()}


def _days(text: str) -> int | None:
    typed = text.strip()
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS
    return int(typed) if is_number and int(typed) else None


def _words(field: str, form: Mapping[str, str], opened: Mapping[str, str]) -> dict[str, str | None]:
    """Read lines: what was changed or is new, and as nothing what was taken out.

    Somebody else may have been at the others since the dialog was opened: they are let alone.
    """
    text = form.get(field, "")
    for line in text.splitlines():
        key, sign, _ = line.partition("=")
        if line.strip() and not (sign and key.strip()):
            message = f"{line.strip()[:63]!r} is no key=value."
            raise InvalidFieldsError([FieldIssue(field, message)])
    wanted, before = pairs_in(text), pairs_in(opened.get(field, ""))
    changed = {key: value for key, value in wanted.items() if before.get(key) != value}
    return {**dict.fromkeys(before.keys() - wanted.keys()), **changed}


def form_field(path: str) -> str:
    """Name the field of the form that a path of the spec is typed into."""
    if path.startswith("sleep.asleep"):
        return "windows"
    if path.startswith("access["):
        part = path.rpartition(".")[2]
        return {"kind": "grant_kind", "role": "grant_role", "expires_at": "grant_days"}.get(
            part, "grant_name"
        )
    first = path.partition(".")[0]
    if first in _WORDS:
        return first
    return {"sleep.timezone": "timezone", "sleep": "windows", "access": "grant_name"}.get(
        path, path
    )
