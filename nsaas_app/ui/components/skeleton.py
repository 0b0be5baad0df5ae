"""Skeletons: boxes of the final size while the first values travel."""

import reflex as rx

__all__ = ["skeleton_rows"]


def skeleton_rows(count: int, *, height: str = "44px") -> rx.Component:
    """Stand in for list rows; screen readers hear that it is loading."""
    return rx.el.div(
        rx.el.span("Loading", class_name="sr-only"),
        *(rx.skeleton(height=f"calc({height} - 12px)", width="100%") for _ in range(count)),
        class_name="skeleton-rows",
        data_testid="loading",
    )
