"""Toasts: the one-line result of one's own action."""

import reflex as rx

__all__ = ["toaster"]


def toaster() -> rx.Component:
    """Place toasts at the lower right, in the page's font and theme."""
    return rx.toast.provider(
        position="bottom-right",
        theme=rx.color_mode_cond("light", "dark"),
        rich_colors=True,
        close_button=True,
        class_name="toaster",
    )
