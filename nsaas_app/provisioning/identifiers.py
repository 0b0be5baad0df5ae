"""Ids of requests: sortable by time, random enough to be unique over all replicas."""

import secrets
from datetime import datetime

__all__ = ["new_key", "new_request_id"]


def new_request_id(now: datetime) -> str:
    """Make a request id: `req-` and 22 hexadecimal digits, the first eleven of them the time."""
    milliseconds = int(now.timestamp() * 1000)
    return f"req-{milliseconds:011x}{secrets.token_hex(6)[:11]}"


def new_key() -> str:
    """Make a random key: for idempotency where the client gave none, or correlation."""
    return secrets.token_hex(16)
