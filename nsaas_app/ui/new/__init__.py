"""New namespace: what do I get, and will it be allowed. Five steps; the sixth is the request."""

__all__: list[str] = []
