"""The `nsaas` command: starts a portal, and speaks to one over REST."""

__all__: list[str] = []
