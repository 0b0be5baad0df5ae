"""Status badges and environment tags: shape, word and colour, in that order of weight."""

import reflex as rx

from ..words import Tone

__all__ = ["environment_tag", "status_badge", "tone_icon"]

_LOOKS = {
    Tone.OK: ("circle-check", "green"),
    Tone.PROGRESS: ("loader-circle", "blue"),
    Tone.WAITING: ("hourglass", "violet"),
    Tone.WARN: ("triangle-alert", "amber"),
    Tone.BAD: ("octagon-x", "red"),
    Tone.ASLEEP: ("moon", "gray"),
    Tone.ENDING: ("clock-alert", "orange"),
    Tone.NONE: ("circle-dashed", "gray"),
}


def _icon(tone: Tone, size: int) -> rx.Component:
    spin = "tone-icon spin" if tone is Tone.PROGRESS else "tone-icon"
    return rx.icon(_LOOKS[tone][0], size=size, class_name=f"{spin} tone-{tone}", aria_hidden="true")


def tone_icon(tone: str, *, size: int = 16) -> rx.Component:
    """Show only the shape of a tone; the word stands beside it."""
    cases = [(each.value, _icon(each, size)) for each in Tone if each is not Tone.NONE]
    return rx.match(tone, *cases, _icon(Tone.NONE, size))


def status_badge(
    word: str,
    tone: str,
    *,
    test_id: str = "state-badge",
    raw: str = "",
    as_of: str = "",
) -> rx.Component:
    """Show a state or status; `raw` is the stored word and `as_of` its age, for machines."""

    def badge(each: Tone) -> rx.Component:
        return rx.badge(
            _icon(each, 12),
            rx.el.span(word),
            color_scheme=_LOOKS[each][1],
            variant="soft",
            high_contrast=True,
            class_name="status-badge",
            data_testid=test_id,
            data_state=raw,
            data_value=raw,
            data_as_of=as_of,
        )

    cases = [(each.value, badge(each)) for each in Tone if each is not Tone.NONE]
    return rx.match(tone, *cases, badge(Tone.NONE))


def environment_tag(environment: str) -> rx.Component:
    """Show an environment as a neutral outline with its letter; production has a shield."""

    def tag(letter: str, word: str, *marks: rx.Component) -> rx.Component:
        return rx.el.span(
            rx.el.span(letter, class_name="env-letter", aria_hidden="true"),
            rx.el.span(word),
            *marks,
            class_name="env-tag",
            title=word,
        )

    shield = rx.icon("shield", size=12, aria_hidden="true")
    return rx.match(
        environment,
        ("development", tag("D", "development")),
        ("testing", tag("T", "testing")),
        ("staging", tag("S", "staging")),
        ("production", tag("P", "production", shield)),
        rx.fragment(),
    )
