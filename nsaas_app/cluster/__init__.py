"""The only code that talks to Kubernetes: client, reflectors, cache, faults. Decides nothing."""

__all__: list[str] = []
