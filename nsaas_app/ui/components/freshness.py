"""How fresh the page is: the live indicator, the stale banner and the offline banner."""

import reflex as rx
from reflex_components_core.core.banner import (  # type: ignore[import-untyped]  # ships no types
    has_connection_errors,
)

from ..staleness import OldKinds
from .instant import MINUTES, clock_time

__all__ = ["live_indicator", "offline_banner", "stale_banner"]


def _state(word: str, tone: str) -> rx.Component:
    return rx.fragment(
        rx.el.span(class_name=f"dot dot-{tone}", aria_hidden="true"),
        rx.el.span(word, class_name="live-word"),
    )


def live_indicator(liveness: str, as_of: str) -> rx.Component:
    """Say Live, Delayed, Stale or Offline, and of which second the data is."""
    word = rx.cond(
        has_connection_errors,
        _state("Offline", "bad"),
        rx.match(
            liveness,
            ("live", _state("Live", "ok")),
            ("delayed", _state("Delayed", "warn")),
            ("stale", _state("Stale", "bad")),
            _state("Connecting", "none"),
        ),
    )
    return rx.el.div(
        word,
        rx.cond(
            as_of != "",
            rx.el.span(
                rx.el.span("data as of ", class_name="live-label"),
                clock_time(as_of, test_id="as-of", shape="HH:mm:ss"),
                rx.cond((liveness != "live") | has_connection_errors, _age(as_of), rx.fragment()),
                class_name="live-age",
            ),
        ),
        class_name="live",
        data_testid="live-indicator",
        data_state=rx.cond(has_connection_errors, "offline", liveness),
        data_value=rx.cond(has_connection_errors, "offline", liveness),
        data_as_of=as_of,
    )


def _age(as_of: str) -> rx.Component:
    """Count on in the browser: it goes on while the server is silent."""
    counted = rx.moment(
        as_of, duration_from_now=True, interval=1000, format=f"h[ h] m{MINUTES} s[ s]", trim="both"
    )
    return rx.el.span(" · ", counted, " old", data_testid="as-of-age", data_value=as_of)


def _banner(
    icon: str, tone: str, test_id: str, *words: rx.Component | str, **props: str
) -> rx.Component:
    return rx.el.div(
        rx.icon(icon, size=18, class_name="shrink-0", aria_hidden="true"),
        rx.el.div(*words, class_name="banner-words"),
        class_name=f"banner banner-{tone}",
        data_testid=test_id,
        **props,
    )


def _old(old: OldKinds) -> rx.Component:
    return rx.el.li(
        old.words,
        ": as of ",
        clock_time(old.since, test_id="stale-kind-since", shape="HH:mm:ss"),
        key=old.words,
        data_testid="stale-kind",
        data_value=old.words,
        data_as_of=old.since,
    )


def stale_banner(
    liveness: str, as_of: str, reason: str, cluster: str, kinds: list[OldKinds]
) -> rx.Component:
    """Say what is old, since when, and what still works."""
    silent = rx.fragment(
        rx.el.strong("Cluster ", cluster, " has not answered since "),
        clock_time(as_of, test_id="stale-since", shape="HH:mm:ss"),
        rx.cond(reason != "", rx.el.span(" (", reason, ")"), rx.fragment()),
        ". ",
    )
    return rx.cond(
        liveness == "stale",
        _banner(
            "triangle-alert",
            "warn",
            "stale-banner",
            rx.el.p(
                rx.cond(as_of != "", silent, rx.el.strong(reason, " ")),
                "You can read what was last seen. What you ask for is accepted, and starts when "
                "the cluster answers.",
            ),
            rx.cond(
                kinds,
                rx.el.ul(
                    rx.foreach(kinds, _old), class_name="banner-kinds", aria_label="What is old"
                ),
                rx.fragment(),
            ),
            role="status",
        ),
    )


def offline_banner(missed_s: int) -> rx.Component:
    """Say that the browser lost the server, and once it is back what was missed.

    The page itself notices the loss; `missed_s` comes from the server and is 0 otherwise. Screen
    readers are told by the frame.
    """
    back = _banner(
        "wifi",
        "ok",
        "back-banner",
        rx.el.p(rx.el.strong("Back. "), f"Missed {missed_s} s, now current."),
    )
    return rx.cond(
        has_connection_errors,
        _banner(
            "wifi-off",
            "bad",
            "offline-banner",
            rx.el.p(
                rx.el.strong("The portal cannot be reached. "),
                "What you see is what was last known. It reconnects by itself; until then nothing "
                "you click arrives.",
            ),
        ),
        rx.cond(missed_s > 0, back, rx.fragment()),
    )
