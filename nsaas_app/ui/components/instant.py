"""Instants: relative or as a clock time, in the person's time zone, with UTC on hover.

The zone comes from the frame: what the person prefers, or else the browser's.
"""

import reflex as rx

from ..figures import NOTHING

__all__ = ["MINUTES", "clock_time", "relative_time"]

MINUTES = "[ mi\u2060n]"
"""The unit of minutes in spans that count on; the joiner keeps the library from writing `mins`."""
_FULL = "D MMM YYYY, HH:mm:ss Z"


def _moment(instant: str, **props: object) -> rx.Component:
    return rx.moment(
        instant,
        with_title=True,
        # What stands in brackets is shown as it is: the instant as machines write it, in UTC.
        title_format=f"{_FULL} [= {instant}]",
        local=True,
        fallback="",
        **props,
    )


def relative_time(instant: str, *, test_id: str) -> rx.Component:
    """Say how long ago or in how long; the exact local time is the title."""
    return rx.el.span(
        rx.cond(instant != "", _moment(instant, from_now=True, interval=30000), NOTHING),
        data_testid=test_id,
        data_value=instant,
        class_name="num",
    )


def clock_time(instant: str, *, test_id: str, shape: str = "D MMM YYYY, HH:mm") -> rx.Component:
    """Say when, in local time."""
    return rx.el.span(
        rx.cond(instant != "", _moment(instant, format=shape, interval=0), NOTHING),
        data_testid=test_id,
        data_value=instant,
        class_name="num",
    )
