"""The words of the product: values and rules. Standard library only, no I/O, no clock."""

__all__: list[str] = []
