"""The audit page: filters, the log, and the proof that it is untouched."""

import reflex as rx

from ..components.card import card
from ..components.skeleton import skeleton_rows
from ..shell.frame import frame
from ..shell.trouble import page_body
from .chain_card import chain_card
from .filter_bar import filter_bar
from .log_table import log_empty, log_table
from .state import AuditState

__all__ = ["audit"]


def audit() -> rx.Component:
    """Build the page."""
    return frame(
        page_body(
            AuditState.problem,
            AuditState.is_known,
            rx.cond(AuditState.may_verify, chain_card(), rx.fragment()),
            filter_bar(),
            card(
                rx.cond(
                    AuditState.is_loaded,
                    rx.cond(AuditState.rows, log_table(), log_empty()),
                    skeleton_rows(8),
                ),
                test_id="audit-card",
                class_name="card-table audit-log",
            ),
        ),
        title="Audit",
        active="audit",
        announcement=AuditState.announcement,
    )
