"""The pages: presentation only. One folder a page, components, the shell, the gate."""

__all__: list[str] = []
