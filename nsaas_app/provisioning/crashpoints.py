"""Places where a test may end the process: before an effect, after it, after the commit."""

import os
from dataclasses import dataclass
from typing import Final

__all__ = ["CrashPoints"]

KILLED: Final = 137


@dataclass(frozen=True, slots=True)
class CrashPoints:
    """Ends the process at one named point, as kill -9 would. Empty outside tests."""

    at: str = ""
    """`<step>:before|effect|commit`, for example `quota:effect`."""

    def reach(self, step: str, moment: str) -> None:
        """End the process if this is the point."""
        if self.at == f"{step}:{moment}":
            os._exit(KILLED)
