"""The desk: the use cases of cleanup, handed out as one."""

from dataclasses import dataclass

from ..cluster.pulse import Pulse
from .candidates import Candidates
from .concerns import Concerns
from .missing import MissingNamespaces
from .plans import CleanupPlans
from .progress import Progress
from .rules import CleanupRules
from .steering import Steering
from .stuck import StuckNamespaces
from .sweeps import Sweeps
from .unmanaged import UnmanagedNamespaces

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that can be asked of cleanup, and the loops behind it."""

    candidates: Candidates
    concerns: Concerns
    sweeps: Sweeps
    plans: CleanupPlans
    steering: Steering
    progress: Progress
    rules: CleanupRules
    stuck: StuckNamespaces
    missing: MissingNamespaces
    unmanaged: UnmanagedNamespaces
    pulse: Pulse | None
    """None without a cluster."""
