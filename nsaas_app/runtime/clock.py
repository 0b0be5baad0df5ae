"""The clock of the product: everything below gets the time handed in."""

from datetime import UTC, datetime

__all__ = ["utc_now"]


def utc_now() -> datetime:
    """The clock of the product; everything below gets the time handed in."""
    return datetime.now(UTC)
