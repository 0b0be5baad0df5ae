"""The wizard's six steps as a trail; the last one is the request's own page."""

from typing import Final

import reflex as rx

__all__ = ["WIZARD_STEPS", "stepper"]

WIZARD_STEPS: Final = (
    ("basics", "Basics"),
    ("size", "Size"),
    ("network", "Network & features"),
    ("access", "Access & lifetime"),
    ("review", "Review"),
    ("progress", "Progress"),
)


def _mark(position: int) -> rx.Component:
    return rx.el.span(str(position), class_name="trail-mark", aria_hidden="true")


def stepper(current: str, reached: int, *, is_linked: bool, draft: str = "") -> rx.Component:
    """Show the trail: `current` is the open step's key, `reached` how many are done.

    Done steps of a draft link back, with its key; a submitted request has left them behind.
    """
    items = []
    for position, (key, label) in enumerate(WIZARD_STEPS, start=1):
        words = rx.fragment(_mark(position), rx.el.span(label, class_name="trail-label"))
        plain = rx.el.span(words, class_name="trail-step")
        link = rx.link(
            words,
            href=rx.cond(draft != "", f"/new?step={key}&draft={draft}", f"/new?step={key}"),
            class_name="trail-step",
            data_testid=f"wizard-tab-{key}",
        )
        is_done = reached >= position
        items.append(
            rx.el.li(
                rx.cond(is_done & (current != key), link, plain) if is_linked else plain,
                class_name=rx.match(
                    current,
                    (key, "trail-item trail-current"),
                    rx.cond(is_done, "trail-item trail-done", "trail-item"),
                ),
                aria_current=rx.cond(current == key, "step", "false"),
            )
        )
    return rx.el.ol(*items, class_name="trail", aria_label="Steps", data_testid="wizard-trail")
