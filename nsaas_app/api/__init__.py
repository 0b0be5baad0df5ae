"""FastAPI routes: parse, call one use case, return. Models stand beside their routes."""

__all__: list[str] = []
