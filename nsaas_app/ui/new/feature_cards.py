"""The features of the network step: each with what it would create and why it cannot be had."""

import reflex as rx

from ..components.fields import field_frame
from .features import FeatureLine
from .state import NewState

__all__ = ["feature_list"]


def _feature(line: FeatureLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.title, class_name="choice-title"),
            rx.el.span(line.id, class_name="mono line-note"),
            class_name="choice-head",
        ),
        rx.el.span("Creates: ", line.creates, class_name="choice-text"),
        rx.el.span(
            rx.icon("circle-dashed", size=14, class_name="shrink-0", aria_hidden="true"),
            rx.el.span("Not available. ", line.reason),
            class_name="feature-reason",
            data_testid=f"feature-{line.id}-reason",
        ),
        key=line.id,
        class_name="feature",
        data_testid=f"feature-{line.id}",
    )


def _brought(feature: str) -> rx.Component:
    """One that a document or another namespace named: it must be taken out to go on."""
    return rx.el.button(
        rx.el.span(feature, class_name="mono"),
        rx.icon("x", size=14, aria_hidden="true"),
        type="button",
        on_click=NewState.drop_feature(feature),
        class_name="chip",
        aria_label=f"Take out feature {feature}",
        data_testid=f"feature-drop-{feature}",
        key=feature,
    )


def feature_list() -> rx.Component:
    """Show every feature, and those that the draft brought along."""
    brought = rx.cond(
        NewState.draft.features,
        rx.el.div(
            rx.el.span("Asked for:"),
            rx.foreach(NewState.draft.features, _brought),
            class_name="chips",
            data_testid="features-brought",
        ),
        rx.fragment(),
    )
    return field_frame(
        "features",
        "Features (none can be asked for yet)",
        brought,
        rx.el.ul(
            rx.foreach(NewState.features, _feature),
            aria_labelledby="label_features",
            class_name="features",
            data_testid="field-features",
        ),
        help_text="What a namespace may have beside quota, network and access.",
        error=NewState.errors["features"],
        is_group=True,
    )
