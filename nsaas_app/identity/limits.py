"""Rate limits: a token bucket per actor. Generous to people, a wall to loops."""

import time
from typing import Final

__all__ = ["RateLimits"]

MAX_WAIT_S: Final = 30.0
MAX_BUCKETS: Final = 10_000


class RateLimits:
    """Buckets in memory; each process counts for itself."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, subject: str, *, cost: int = 1) -> float:
        """Count a call: 0 when it may go on, else the seconds to wait (at most 30)."""
        now = time.monotonic()
        tokens, at = self._buckets.get(subject, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._per_second)
        if tokens < cost:
            self._buckets[subject] = (tokens, now)
            return min(MAX_WAIT_S, (cost - tokens) / self._per_second)
        if len(self._buckets) >= MAX_BUCKETS and subject not in self._buckets:
            self._forget_full(now)
        self._buckets[subject] = (tokens - cost, now)
        return 0.0

    def _forget_full(self, now: float) -> None:
        """Drop buckets that filled up again: their owners have been quiet."""
        self._buckets = {
            subject: (tokens, at)
            for subject, (tokens, at) in self._buckets.items()
            if tokens + (now - at) * self._per_second < self._burst
        }
