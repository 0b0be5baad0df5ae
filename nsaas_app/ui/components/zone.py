"""The time zone of every instant on a page, and one clock for all of them."""

import reflex as rx
from reflex_base.utils.imports import ImportDict

__all__ = ["in_zone"]

_ZONES = "moment-timezone/builds/moment-timezone-with-data-10-year-range.min"
"""The zones of ten years. Those of all times, which the framework's provider takes, weigh 700 kB
more."""


class _ZoneProvider(rx.Component):
    """As the framework's provider of the same name, with a smaller table of zones."""

    library = "react-moment@2.0.2"
    tag = "MomentProvider"
    lib_dependencies: list[str] = ["moment@2.31.0", "moment-timezone@0.6.5"]

    pool: rx.Var[bool]
    timezone: rx.Var[str]

    def add_imports(self) -> ImportDict:
        """Name the module that knows the zones."""
        return {"": _ZONES}


def in_zone(content: rx.Component, zone: str) -> rx.Component:
    """Show every instant in an IANA zone, or with an empty one in the browser's."""
    return _ZoneProvider.create(content, pool=True, timezone=zone)
