"""Benchmarks: what the product takes, beside a rival in the same run on the same machine."""

__all__: list[str] = []
