"""One request: where is it, what was done, how do I get in."""

__all__: list[str] = []
