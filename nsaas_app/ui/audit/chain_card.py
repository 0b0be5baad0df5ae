"""The proof that nobody changed the log: the last check, one that runs, and where it broke."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.instant import clock_time, relative_time
from ..components.problem import error_card
from .state import AuditState

__all__ = ["chain_card"]


def _verdict() -> rx.Component:
    return rx.el.p(
        rx.cond(
            AuditState.is_valid,
            rx.icon("shield-check", size=16, class_name="tone-ok", aria_hidden="true"),
            rx.icon("octagon-x", size=16, class_name="tone-bad", aria_hidden="true"),
        ),
        rx.el.span(
            rx.el.span(
                AuditState.verdict,
                " at ",
                clock_time(AuditState.verified_at, test_id="chain-verified-at", shape="HH:mm:ss"),
                class_name=rx.cond(AuditState.is_valid, "", "tone-bad"),
                data_testid="chain-verdict",
                data_state=rx.cond(AuditState.is_valid, "valid", "broken"),
            ),
            rx.el.span(" · ", class_name="card-note", aria_hidden="true"),
            relative_time(AuditState.verified_at, test_id="chain-checked-at"),
            class_name="chain-words",
        ),
        class_name="chain-verdict",
        role="status",
    )


def _hash(term: str, value: str, test_id: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(term),
        rx.el.dd(
            rx.el.span(
                rx.cond(value != "", value, "It is gone"),
                class_name="mono wraps",
                data_testid=test_id,
            )
        ),
        class_name="fact",
    )


def _break() -> rx.Component:
    """Where the chain broke, with both hashes: what stands there, and what should."""
    broken = AuditState.broken
    return rx.el.div(
        rx.el.p(
            "Entry ",
            rx.link(
                f"#{broken.seq}",
                href=broken.href,
                class_name="card-link",
                data_testid="chain-broken-entry",
            ),
            ": ",
            broken.words,
            class_name="tone-bad",
            data_testid="chain-broken-words",
        ),
        rx.el.dl(
            _hash("Hash that stands there", broken.hash, "chain-broken-hash"),
            _hash("Hash that its content gives", broken.computed_hash, "chain-broken-computed"),
            _hash(
                "What it says of the entry before", broken.previous_hash, "chain-broken-previous"
            ),
            _hash("Hash of the entry before", broken.hash_before, "chain-broken-before"),
            class_name="facts",
        ),
        class_name="chain-break",
        role="alert",
    )


def chain_card() -> rx.Component:
    """Show what the last check found and run another one."""
    running = rx.el.p(
        rx.el.progress(
            value=AuditState.checked,
            max=AuditState.to_check,
            aria_label="Entries checked",
            class_name="chain-progress",
        ),
        rx.el.span(AuditState.progress_word, class_name="num", data_testid="chain-progress"),
        class_name="chain-verdict",
    )
    never = rx.el.p(
        "Not checked since the portal started.", class_name="card-note", data_testid="chain-never"
    )
    last = rx.cond(AuditState.verdict != "", _verdict(), never)
    return card(
        rx.cond(AuditState.is_verifying, running, last),
        rx.cond(AuditState.broken.seq != "", _break(), rx.fragment()),
        error_card(AuditState.verify_problem),
        title="Is the log untouched?",
        note="Every entry carries a keyed hash of itself and of the entry before it. "
        "A changed, removed or inserted entry breaks the chain.",
        action=action_button(
            "Verify now",
            "shield-check",
            AuditState.verify,
            test_id="chain-verify",
            is_busy=AuditState.is_verifying,
        ),
        test_id="chain-card",
    )
