"""What people do to a request that exists: approve, reject, cancel, retry."""

__all__: list[str] = []
