"""The API server's own audit log: the witness of what the portal's account really did."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

__all__ = ["PORTAL", "portal_writes", "writes_outside"]

PORTAL = "system:serviceaccount:platform-system:nsaas-portal"
_READS = frozenset({"get", "list", "watch"})
_READING = tuple(f'"verb":"{verb}"'.encode() for verb in _READS)
_QUESTIONS = frozenset(
    {
        "tokenreviews", "subjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectreviews",
        "selfsubjectrulesreviews",
    }
)  # fmt: skip
_OF_THE_CANARY = ("platform-system", "serviceaccounts", "nsaas-canary", "token")
_REFUSED = 400


def portal_writes(log: Path, *, since: int = 0, about: str = "") -> list[dict[str, Any]]:
    """Requests of the portal's account with a lasting effect, from a byte offset of the log on.

    Dry runs change nothing; access reviews are questions that happen to be posted. Other tests'
    portals may write at the same time: `about` keeps to one namespace and what is inside.
    """
    with log.open("rb") as file:
        file.seek(since)
        # Most lines are the portal's reading; parsing them all would take long.
        entries = [json.loads(line) for line in file if _may_be_a_write(line)]
    return [
        entry
        for entry in entries
        if entry["user"].get("username") == PORTAL
        and entry["verb"] not in _READS
        and "dryRun=All" not in entry["requestURI"]
        and "subjectaccessreviews" not in entry["requestURI"]
        and "selfsubjectrulesreviews" not in entry["requestURI"]
        and (not about or about in _places(entry))
    ]


def _places(entry: dict[str, Any]) -> tuple[str, str]:
    place = entry.get("objectRef", {})
    return place.get("namespace", ""), place.get("name", "")


def _may_be_a_write(line: bytes) -> bool:
    is_read = any(verb in line for verb in _READING)
    return not is_read and PORTAL.encode() in line and line.endswith(b"\n")


def writes_outside(log: Path, managed: Collection[str]) -> list[str]:
    """What the portal's account wrote with success and not in one of these namespaces.

    A token of the canary is no write: it is what the portal proves its confinement with.
    """
    found = []
    for entry in portal_writes(log):
        about = entry.get("objectRef", {})
        key = [about.get(part, "") for part in ("namespace", "resource", "name", "subresource")]
        # The namespace itself is an object inside itself, but for its creation.
        inside = about.get("namespace") or (key[2] if key[1] == "namespaces" else "")
        is_refused = entry.get("responseStatus", {}).get("code", 0) >= _REFUSED
        if is_refused or key[1] in _QUESTIONS or tuple(key) == _OF_THE_CANARY:
            continue
        if inside not in managed:
            found.append(f"{entry['verb']} {entry['requestURI']}")
    return found
