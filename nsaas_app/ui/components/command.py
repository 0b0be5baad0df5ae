"""Commands to copy."""

import reflex as rx

from ..connect import Command

__all__ = ["command_list"]


def _command(command: Command) -> rx.Component:
    return rx.el.li(
        rx.el.p(command.does, class_name="line-note"),
        rx.el.div(
            rx.el.code(command.text, class_name="mono", data_testid=f"command-{command.key}"),
            rx.el.button(
                rx.icon("copy", size=16, aria_hidden="true"),
                type="button",
                class_name="icon-button",
                aria_label=f"Copy the command: {command.does}",
                on_click=[rx.set_clipboard(command.text), rx.toast("Copied the command.")],
                data_testid=f"command-copy-{command.key}",
            ),
            class_name="command",
        ),
        key=command.key,
    )


def command_list(commands: list[Command], *, is_local: bool) -> rx.Component:
    """Show commands, each with a button that copies it."""
    return rx.fragment(
        rx.el.ul(rx.foreach(commands, _command), class_name="commands"),
        rx.cond(
            is_local,
            rx.el.p(
                "In this local run, use the kubeconfig in the portal's home directory; "
                "the options above make it act as you.",
                class_name="card-note command-note",
            ),
            rx.fragment(),
        ),
    )
