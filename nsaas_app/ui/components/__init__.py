"""Parts that several pages show. Functions of values: no state, no data of their own.

A parameter's type is that of the value shown. When a page is built, Reflex passes a `Var` that
stands for it, with the same attributes.
"""

__all__: list[str] = []
