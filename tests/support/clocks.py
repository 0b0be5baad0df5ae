"""A clock that a test moves."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Clock"]


@dataclass
class Clock:
    """Says what it was set to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now
