"""The YAML section's vars: one object as asked, as it is, and line by line apart. Pure."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...insights.objects import ObjectReport
from ...insights.texts import as_yaml
from ..routes import Pill
from .tabs import tab_address

__all__ = ["DiffRow", "ObjectLink", "yaml_vars"]

_SIDES: Final = {"desired": "Asked", "observed": "On the cluster", "diff": "Difference"}
_METADATA: Final = ("labels", "annotations")
FOLD: Final = 300
"""So many lines of a document show at first."""


@dataclass(frozen=True)
class ObjectLink:
    """One object in the list."""

    identity: str
    kind: str
    name: str
    href: str
    is_open: bool
    word: str
    tone: str


@dataclass(frozen=True)
class DiffRow:
    """One line of a comparison."""

    key: str
    sign: str
    """`+` asked and not there, `-` there and not asked, blank on both sides."""
    text: str


def yaml_vars(
    name: str, reports: Sequence[ObjectReport], query: Mapping[str, str]
) -> dict[str, object]:
    """Compute the list and the opened object; the first one where the address names none.

    A long document is folded unless the address asks for all of its lines. What is copied is whole.
    """
    wanted, side = query.get("object", ""), query.get("side", "")
    opened = next((one for one in reports if one.identity == wanted), None)
    opened = opened or next(iter(reports), None)
    side = side if side in _SIDES else "desired"
    rows = diff_rows(opened) if opened and side == "diff" else []
    text = _diff_text(rows) if rows else _text(opened, side) if opened else ""
    lines = text.splitlines(keepends=True)
    is_folded = len(lines) > FOLD and query.get("lines") != "all"
    identity = opened.identity if opened else ""
    whole = tab_address(name, "yaml", object=identity, side=_said(side), lines="all")
    return {
        "objects": [_link(name, one, opened, side) for one in reports],
        "sides": _sides(name, opened, side),
        "side": side,
        "object_name": identity,
        "object_yaml": text,
        "object_lines": len(lines),
        "object_head": "".join(lines[:FOLD]) if is_folded else "",
        "object_whole_href": whole if is_folded else "",
        "object_note": _difference_note(opened),
        "object_diff": rows[:FOLD] if is_folded else rows,
        "yaml_href": f"/api/v1/namespaces/{name}/manifests?format=yaml",
        "kustomize_href": f"/api/v1/namespaces/{name}/manifests?format=kustomize",
    }


def _diff_text(rows: Sequence[DiffRow]) -> str:
    return "".join(f"{row.sign or ' '} {row.text}\n" for row in rows)


def _difference_note(one: ObjectReport | None) -> str:
    """Count the fields that differ; nothing where only one side is there."""
    if one is None or one.desired is None or one.observed is None:
        return ""
    number = len(one.differences)
    if not number:
        return "Every field is as asked"
    return f"{number} field differs" if number == 1 else f"{number} fields differ"


def _link(name: str, one: ObjectReport, opened: ObjectReport | None, side: str) -> ObjectLink:
    kind, _, short = one.identity.partition("/")
    tone, word = _standing(one)
    return ObjectLink(
        identity=one.identity,
        kind=kind,
        name=short,
        href=tab_address(name, "yaml", object=one.identity, side=_said(side)),
        is_open=opened is not None and one.identity == opened.identity,
        word=word,
        tone=tone,
    )


def _standing(one: ObjectReport) -> tuple[str, str]:
    if one.desired is None:
        return ("warn", "Left over") if one.is_ours else ("none", "Not from the portal")
    if one.observed is None:
        return "bad", "Not there"
    return ("warn", "Differs") if one.differences else ("ok", "As asked")


def _sides(name: str, opened: ObjectReport | None, side: str) -> list[Pill]:
    identity = opened.identity if opened else ""
    return [
        Pill(key, label, tab_address(name, "yaml", object=identity, side=_said(key)), key == side)
        for key, label in _SIDES.items()
    ]


def _said(side: str) -> str:
    return "" if side == "desired" else side


def _text(one: ObjectReport, side: str) -> str:
    shown = one.observed if side == "observed" else one.desired
    return as_yaml([shown]) if shown is not None else ""


def diff_rows(one: ObjectReport) -> list[DiffRow]:
    """Compare both sides line by line; what others may write beside us is left out."""
    asked = _lines(one.desired)
    seen = _lines(_comparable(one.observed, one.desired))
    compared = [line for line in difflib.ndiff(seen, asked) if not line.startswith("?")]
    return [
        DiffRow(f"{index}", line[0].strip(), line[2:] or " ") for index, line in enumerate(compared)
    ]


def _lines(manifest: Mapping[str, Any] | None) -> list[str]:
    return as_yaml([_sorted(manifest)]).splitlines() if manifest is not None else []


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def _comparable(
    observed: Mapping[str, Any] | None, desired: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    if observed is None or desired is None:
        return observed
    metadata = dict(observed["metadata"])
    for part in _METADATA:
        ours, seen = desired["metadata"].get(part) or {}, metadata.get(part) or {}
        kept = {key: value for key, value in seen.items() if key in ours}
        metadata |= {part: kept} if kept else {}
        if not kept:
            metadata.pop(part, None)
    return {**observed, "metadata": metadata}
