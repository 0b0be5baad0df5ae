"""The API server's own audit log: the witness of what the portal's account really did."""

import json
from pathlib import Path
from typing import Any

__all__ = ["PORTAL", "portal_writes"]

PORTAL = "system:serviceaccount:platform-system:nsaas-portal"
_READS = frozenset({"get", "list", "watch"})


def portal_writes(log: Path, *, since: int = 0) -> list[dict[str, Any]]:
    """Requests of the portal's account with a lasting effect, from a byte offset of the log on.

    Dry runs change nothing; access reviews are questions that happen to be posted.
    """
    with log.open("rb") as file:
        file.seek(since)
        entries = [json.loads(line) for line in file if line.endswith(b"\n")]
    return [
        entry
        for entry in entries
        if entry["user"].get("username") == PORTAL
        and entry["verb"] not in _READS
        and "dryRun=All" not in entry["requestURI"]
        and "subjectaccessreviews" not in entry["requestURI"]
        and "selfsubjectrulesreviews" not in entry["requestURI"]
    ]
