"""The step timeline: each step with its state, time and objects; the failed one with its error."""

import reflex as rx

from ..request_views import StepObject, StepView
from .instant import MINUTES
from .problem import error_card
from .status import tone_icon

__all__ = ["step_timeline"]


def _timing(step: StepView) -> rx.Component:
    running = rx.el.span(
        rx.moment(
            step.started_at,
            duration_from_now=True,
            interval=1000,
            format=f"m{MINUTES} s[ s]",
            trim="both",
        ),
        class_name="num",
    )
    return rx.cond(
        step.is_running & (step.started_at != ""),
        running,
        rx.el.span(rx.cond(step.note != "", step.note, step.took), class_name="num"),
    )


def _object(item: StepObject, step: str) -> rx.Component:
    link = rx.link(
        item.text,
        href=item.href,
        class_name="line-link",
        data_testid=f"step-{step}-object-{item.text}",
    )
    return rx.el.li(rx.cond(item.href != "", link, item.text), key=item.text)


def _objects(step: StepView) -> rx.Component:
    lines = rx.el.ul(
        rx.foreach(step.objects, lambda item: _object(item, step.name)),
        class_name="mono step-objects",
    )
    folded = rx.el.details(
        rx.el.summary(step.objects_word, data_testid=f"step-{step.name}-objects"), lines
    )
    return rx.cond(step.objects, rx.cond(step.objects_word != "", folded, lines), rx.fragment())


def _step(step: StepView, as_of: str, *ways_on: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.span(tone_icon(step.tone, size=18), class_name="step-mark"),
        rx.el.div(
            rx.el.div(
                rx.el.span(step.label, class_name="step-label"),
                rx.el.span(step.status, class_name="sr-only"),
                rx.cond(
                    step.aside != "",
                    rx.el.span(step.aside, class_name="phase"),
                    rx.fragment(),
                ),
                rx.el.span(_timing(step), class_name="step-time"),
                class_name="step-head",
            ),
            _objects(step),
            error_card(step.problem, *ways_on),
            class_name="step-body",
        ),
        key=step.name,
        class_name=f"step step-{rx.cond(step.is_running, 'running', step.status)}",
        aria_current=rx.cond(step.is_running, "step", "false"),
        data_testid=f"step-{step.name}",
        data_state=step.status,
        data_value=step.status,
        data_as_of=as_of,
    )


def step_timeline(steps: list[StepView], *ways_on: rx.Component, as_of: str) -> rx.Component:
    """Show the steps in their order; the error card of a failed one offers the ways on."""
    return rx.el.ol(
        rx.foreach(steps, lambda step: _step(step, as_of, *ways_on)), class_name="steps"
    )
