"""Desired against observed: the differences in fields we own, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from .manifest import Manifest

__all__ = ["Drift", "differences"]

_IDENTITY: Final = ("apiVersion", "kind")
"""What an object was looked up by."""
_SHARED: Final = "metadata"
"""Where others may write beside us: their labels and annotations are no difference."""
_NOTHING: Final[tuple[Any, ...]] = (None, [])
"""The server drops empty lists; "nothing allowed" is still nothing allowed."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One field that differs. `observed` is None when it is missing, `desired` when it is extra."""

    path: str
    desired: Any
    observed: Any


def differences(desired: Manifest, observed: Manifest | None) -> list[Drift]:
    """Compare what we sent with what the cluster holds.

    Only metadata is compared loosely. Everywhere else a field, a rule or a subject that somebody
    added is a difference as much as one that is gone: one more selector in a peer of a
    NetworkPolicy opens or closes the namespace.
    """
    if observed is None:
        return [Drift("", desired["kind"], None)]
    return [
        drift
        for key, value in desired.items()
        if key not in _IDENTITY
        for drift in _walk(key, value, observed.get(key), is_shared=key == _SHARED)
    ]


def _walk(path: str, desired: Any, observed: Any, *, is_shared: bool) -> Iterator[Drift]:
    if isinstance(desired, dict) and isinstance(observed, dict):
        extra = [] if is_shared else [key for key in observed if key not in desired]
        for key in (*desired, *extra):
            yield from _walk(
                f"{path}.{key}", desired.get(key), observed.get(key), is_shared=is_shared
            )
    elif isinstance(desired, list) and isinstance(observed, list) and len(desired) == len(observed):
        for index, (want, have) in enumerate(zip(desired, observed, strict=True)):
            yield from _walk(f"{path}[{index}]", want, have, is_shared=is_shared)
    elif desired != observed and not (desired in _NOTHING and observed in _NOTHING):
        yield Drift(path, desired, observed)
