"""The cards of the first section: health, lifetime, quota at a glance."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.instant import clock_time, relative_time
from ..components.status import tone_icon
from ..shell.state import Shell
from .acting import Acting
from .quota_tab import quota_bars
from .state import NamespacePage
from .transform import OwnedLine, Reason

__all__ = ["health_card", "lifetime_card", "owned_card", "quota_card"]


def quota_card() -> rx.Component:
    """Show what the quota counts, as bars; the whole table has a section of its own."""
    return card(
        quota_bars(),
        title="Quota",
        note="What pods request, as the ResourceQuota counts it",
        test_id="namespace-quota",
        class_name="span-7",
    )


def _reason(reason: Reason) -> rx.Component:
    return rx.el.li(
        rx.icon("triangle-alert", size=16, class_name="tone-warn shrink-0", aria_hidden="true"),
        rx.el.span(reason.message, class_name="line-main"),
        rx.el.span(reason.points, class_name="num line-took"),
        key=reason.code,
        class_name="line",
        data_testid=f"health-{reason.code}",
    )


def health_card() -> rx.Component:
    """Show the score with every deduction."""
    score = rx.el.p(
        rx.el.span(
            NamespacePage.health,
            data_testid="namespace-health",
            data_value=NamespacePage.health,
            data_as_of=Shell.as_of,
        ),
        rx.el.span(" of 100", class_name="stat-unit"),
        class_name="stat-value num",
    )
    fine = rx.el.p("Nothing takes points.", class_name="card-note")
    reasons = rx.el.ul(rx.foreach(NamespacePage.reasons, _reason), class_name="lines")
    idle = rx.el.p(NamespacePage.unrated, class_name="card-note", data_testid="namespace-unrated")
    room = rx.el.div(rx.cond(NamespacePage.reasons, reasons, fine), class_name="health-room")
    rated = rx.fragment(score, room)
    return card(
        rx.cond(NamespacePage.unrated != "", idle, rated),
        title="Health",
        test_id="namespace-health-card",
    )


def lifetime_card() -> rx.Component:
    """Show how much of the lifetime is over."""
    ends = rx.fragment(
        rx.el.div(
            rx.el.div(class_name="bar-fill", style={"width": f"{NamespacePage.life_share}%"}),
            class_name="bar",
            custom_attrs={"role": "meter"},
            aria_label="Lifetime that is over",
            aria_valuenow=NamespacePage.life_share,
            aria_valuemin=0,
            aria_valuemax=100,
            aria_valuetext=f"{NamespacePage.life_share} percent of the lifetime is over",
        ),
        rx.el.p(
            "Ends ",
            clock_time(NamespacePage.expires_at, test_id="namespace-expires"),
            ", ",
            relative_time(NamespacePage.expires_at, test_id="namespace-expires-in"),
            ". Created ",
            clock_time(NamespacePage.created_at, test_id="lifetime-created"),
            ".",
            class_name="quota-text life-text",
        ),
        rx.el.div(
            action_button(
                "Renew",
                "calendar-plus",
                Acting.begin_renew("lifetime-renew"),
                test_id="lifetime-renew",
                reason=NamespacePage.actions.renew,
            ),
            class_name="card-actions",
        ),
    )
    restorable = rx.el.p(
        "It was released. It can be restored until ",
        clock_time(NamespacePage.restorable_until, test_id="namespace-restorable"),
        ", ",
        relative_time(NamespacePage.restorable_until, test_id="namespace-restorable-in"),
        ". Created ",
        clock_time(NamespacePage.created_at, test_id="released-created"),
        ".",
        class_name="quota-text",
    )
    confirmed = rx.cond(
        NamespacePage.certified_at != "",
        rx.fragment(
            " It was confirmed ",
            clock_time(NamespacePage.certified_at, test_id="namespace-certified"),
            ".",
        ),
        rx.fragment(),
    )
    endless = rx.fragment(
        rx.el.p("It has no end: it lives until it is released.", class_name="card-note"),
        rx.cond(
            NamespacePage.certify_by != "",
            rx.el.p(
                "A lead confirms that it is needed until ",
                clock_time(NamespacePage.certify_by, test_id="namespace-certify-by"),
                ".",
                confirmed,
                class_name="quota-text",
            ),
            rx.fragment(),
        ),
    )
    leaving = rx.el.p(
        "It is over: there is no end to put off any more. Created ",
        clock_time(NamespacePage.created_at, test_id="leaving-created"),
        ".",
        class_name="quota-text",
    )
    return card(
        rx.match(
            NamespacePage.state,
            ("released", restorable),
            ("terminating", leaving),
            ("stuck", leaving),
            ("deleted", leaving),
            rx.cond(NamespacePage.expires_at != "", ends, endless),
        ),
        title="Lifetime",
        test_id="namespace-lifetime",
    )


def _owned(line: OwnedLine) -> rx.Component:
    return rx.el.li(
        tone_icon(line.tone),
        rx.link(
            line.kind,
            href=line.href,
            class_name="line-name",
            data_testid=f"owned-{line.kind}",
        ),
        rx.el.span(line.names, class_name="mono line-note line-main wraps"),
        rx.el.span(line.word, class_name="line-took", data_testid=f"owned-{line.kind}-state"),
        key=line.kind,
        class_name="line",
    )


def owned_card() -> rx.Component:
    """Say what the portal wrote here and whether it is as asked."""
    return card(
        rx.cond(
            NamespacePage.owned,
            rx.el.ul(rx.foreach(NamespacePage.owned, _owned), class_name="lines"),
            rx.el.p("Nothing yet.", class_name="card-note"),
        ),
        title="What the portal owns here",
        note="Compared with the cluster on each change; everything else is the team's",
        test_id="namespace-owned",
        class_name="span-12",
    )
