"""The two fonts of every page, asked for with the page and not only once its styles are read."""

from typing import Final

import reflex as rx

__all__ = ["preloaded_fonts"]

_FILES: Final = ("inter-latin-wght-normal.woff2", "jetbrains-mono-latin-wght-normal.woff2")
"""As `assets/fonts.css` names them."""


def preloaded_fonts() -> list[rx.Component]:
    """Build what stands in the head of every page.

    A font is fetched as other origins would be, ours too: without `cross_origin` it comes twice.
    """
    return [
        rx.el.link(
            rel="preload",
            href=f"/fonts/{file}",
            type="font/woff2",
            cross_origin="anonymous",
            custom_attrs={"as": "font"},
        )
        for file in _FILES
    ]
