"""From a document in the contract's field names to a draft: for changes, clones and files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from .errors import FieldIssue, InvalidFieldsError
from .spec import SpecDraft

__all__ = ["draft_from_document"]

_TEXTS = ("name", "team", "environment", "display_name", "description")
_OPTIONAL = ("tier", "cost_center", "owner", "cluster")
_NETWORK = frozenset({"preset", "egress", "accept_from_gateway", "cidrs"})
_GRANT = frozenset({"kind", "name", "role", "expires_at"})
_FEATURE = frozenset({"id", "params"})
_KINDS: Final[Mapping[type, str]] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    dict: "names with values",
    list: "a list",
}
"""What people call the types of a document."""
_SLEEP = frozenset({"timezone", "asleep"})
_KNOWN = frozenset(
    {*_TEXTS, *_OPTIONAL, "network", "features", "labels", "annotations", "access",
     "overrides",     "expires_in_days", "expires_at", "sleep", "certified_at"}
)  # fmt: skip


def _fail(field: str, message: str) -> InvalidFieldsError:
    return InvalidFieldsError([FieldIssue(field, message)])


def _ensure_known(document: Mapping[str, Any], known: frozenset[str], path: str = "") -> None:
    """Refuse names nobody reads: a misspelt wish must not be dropped in silence."""
    unknown = sorted(str(name) for name in set(document) - known)
    if unknown:
        message = "There is no such field."
        raise InvalidFieldsError([FieldIssue(f"{path}{name}", message) for name in unknown])


def _typed(document: Mapping[str, Any], field: str, kind: type, default: Any) -> Any:
    value = document.get(field)
    if value is None:
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _fail(field, f"Must be {_KINDS[kind]}.")
    return value


def _words(document: Mapping[str, Any], field: str) -> dict[str, str]:
    found = _typed(document, field, dict, {})
    if any(not isinstance(part, str) for pair in found.items() for part in pair):
        raise _fail(field, "Every name and value must be a text.")
    return dict(found)


def _amounts(document: Mapping[str, Any], field: str) -> dict[str, str]:
    """Read quantities by name; a plain number is one, and null takes one out."""
    found = _typed(document, field, dict, {})
    amounts: dict[str, str] = {}
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise _fail(f"{field}.{name}", "Must be a quantity such as 2, 500m or 3Gi.")
        if value is not None:
            amounts[str(name)] = str(value).strip()
    return amounts


def _instant(document: Mapping[str, Any], field: str) -> datetime | None:
    value = document.get(field)
    if value is None:
        return None
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise _fail(field, f"{value!r} is no RFC 3339 time.") from None
    if instant.tzinfo is None:
        raise _fail(field, f"{value!r} names no time zone.")
    return instant


def _access(document: Mapping[str, Any]) -> tuple[Mapping[str, str], ...] | None:
    grants = _typed(document, "access", list, None)
    if grants is None:
        return None
    for index, grant in enumerate(grants):
        if not isinstance(grant, Mapping):
            raise _fail(f"access[{index}]", "Must hold kind, name and role.")
        _ensure_known(grant, _GRANT, f"access[{index}].")
    return tuple({key: str(value) for key, value in grant.items() if value} for grant in grants)


def _feature_ids(document: Mapping[str, Any]) -> tuple[str, ...]:
    features = _typed(document, "features", list, [])
    for index, one in enumerate(features):
        if isinstance(one, Mapping):
            _ensure_known(one, _FEATURE, f"features[{index}].")
    return tuple(str(one.get("id", "") if isinstance(one, Mapping) else one) for one in features)


def _sleep(document: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...] | None]:
    if "sleep" not in document:
        return None, None
    sleep = _typed(document, "sleep", dict, None)
    if sleep is None:
        return None, ()
    _ensure_known(sleep, _SLEEP, "sleep.")
    timezone = _typed(sleep, "timezone", str, "UTC")
    return timezone, tuple(str(one) for one in _typed(sleep, "asleep", list, []))


def draft_from_document(document: Mapping[str, Any]) -> SpecDraft:
    """Read a spec that somebody wrote as a document.

    When a stored spec was confirmed is passed over: nobody asks for that.

    Raises:
        InvalidFieldsError: a field is unknown or of the wrong type.
    """
    _ensure_known(document, _KNOWN)
    network = _typed(document, "network", dict, {})
    _ensure_known(network, _NETWORK, "network.")
    sleep_timezone, sleep_windows = _sleep(document)
    return SpecDraft(
        **{field: _typed(document, field, str, "") for field in _TEXTS},
        **{field: _typed(document, field, str, None) for field in _OPTIONAL},
        preset=_typed(network, "preset", str, None),
        egress=_typed(network, "egress", str, None),
        accept_from_gateway=_typed(network, "accept_from_gateway", bool, None),
        cidrs=tuple(str(one) for one in _typed(network, "cidrs", list, [])),
        overrides=_amounts(document, "overrides"),
        labels=_words(document, "labels"),
        annotations=_words(document, "annotations"),
        access=_access(document),
        features=_feature_ids(document),
        expires_in_days=_typed(document, "expires_in_days", int, None),
        expires_at=_instant(document, "expires_at"),
        sleep_timezone=sleep_timezone,
        sleep_windows=sleep_windows,
    )
