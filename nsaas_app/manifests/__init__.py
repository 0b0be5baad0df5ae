"""Domain to Kubernetes objects: pure functions, one module a kind, named by meaning."""

__all__: list[str] = []
