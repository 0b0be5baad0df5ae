"""Forms the browser itself submits, to leave the application."""

import reflex as rx

__all__ = ["plain_form"]


class _PlainForm(rx.Component):
    """A form of the browser; the framework's own one never leaves the page."""

    tag = "form"
    _is_tag_in_global_scope = True


def plain_form(*content: rx.Component, action: str) -> rx.Component:
    """Send the browser to an address of ours by POST."""
    return _PlainForm.create(*content, custom_attrs={"method": "post", "action": action})
