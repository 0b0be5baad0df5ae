"""The composition root: builds the singletons, starts and stops the loops, gives `current()`."""

from .clock import utc_now
from .identity import IdentityServices, identity_services
from .serving import current, lifespan, running, serving
from .singletons import Runtime

__all__ = [
    "IdentityServices",
    "Runtime",
    "current",
    "identity_services",
    "lifespan",
    "running",
    "serving",
    "utc_now",
]
