"""Sleep as the page asks for it: how long, and the schedule as lines of text. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

__all__ = ["CHOICES", "SPANS", "schedule_of"]

CHOICES: Final = (
    ("open", "Until somebody wakes it", None),
    ("8h", "For 8 hours", timedelta(hours=8)),
    ("1d", "For a day", timedelta(days=1)),
    ("3d", "For 3 days", timedelta(days=3)),
)
"""How long it sleeps: key, words, span."""
SPANS: Final = {key: span for key, _, span in CHOICES}


def schedule_of(form: Mapping[str, str]) -> dict[str, Any] | None:
    """Write the form's schedule in the contract's fields; None where no window is left."""
    windows = [line.strip() for line in form.get("windows", "").splitlines() if line.strip()]
    if not windows:
        return None
    return {"timezone": form.get("timezone", "").strip(), "asleep": windows}
