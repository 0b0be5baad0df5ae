"""The desk: the use cases of cleanup, handed out as one."""

from dataclasses import dataclass

from .candidates import Candidates
from .sweeps import Sweeps

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that can be asked of cleanup."""

    candidates: Candidates
    sweeps: Sweeps
