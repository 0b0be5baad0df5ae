"""The settings page: one's own API tokens and login sessions."""

__all__: list[str] = []
