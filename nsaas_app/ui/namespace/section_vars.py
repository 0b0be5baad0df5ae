"""Vars of the sections of a namespace's page."""

import reflex as rx

from ...domain.preferences import PAGE_SIZES
from ..paging import page_steps
from ..problems import Problem
from ..request_views import RequestLine
from ..routes import Pill
from .access_view import GrantLine, ProofLine
from .activity_view import EntryLine
from .network_lines import CellLine
from .network_matrix import MatrixColumn, MatrixRow
from .network_view import PolicyLine
from .tabs import TabLink
from .topology_layout import GraphEdge, Nowhere
from .topology_view import NodePanel
from .transform import OwnedLine
from .trend_view import TrendChart
from .usage_view import HolderRow, UsageRow
from .warnings_view import WarningCard
from .week import WeekDay
from .workloads_view import NeighbourRow, WorkloadRow
from .yaml_view import DiffRow, ObjectLink

__all__ = ["SectionVars"]


class SectionVars(rx.State, mixin=True):
    """Vars of the sections; only those of the open one are kept current."""

    tab: str = "overview"
    shown_tab: str = ""
    """The section whose vars have arrived; another one shows skeletons."""
    tabs: list[TabLink] = []

    owned: list[OwnedLine] = []
    """What the portal wrote, by kind."""
    usage: list[UsageRow] = []
    holders: list[HolderRow] = []
    holders_note: str = ""
    measured: str = ""
    measured_at: str = ""
    unmeasured: str = ""
    trends: list[TrendChart] = []
    forecast: str = ""
    """Why no day is named when the quota is full; empty where enough is known."""
    windows: list[Pill] = []

    network: str = ""
    network_sentence: str = ""
    egress_sentence: str = ""
    widened: str = ""
    """Policies of others, which may widen what the preset closes."""
    unenforced: str = ""
    """Why policies do not hold on this cluster; empty where they do or nobody knows."""
    policies: list[PolicyLine] = []
    matrix: list[MatrixRow] = []
    matrix_columns: list[MatrixColumn] = []
    matrix_rows: list[Pill] = []
    """Whose connections a narrow screen may list."""
    matrix_row: list[CellLine] = []
    """The connections of the one that is chosen."""
    network_ends: list[str] = []
    """What a question may be about."""
    check_from: str = ""
    check_to: str = ""
    check_port: str = ""
    check_protocol: str = "TCP"
    check_key: str = ""
    check_errors: dict[str, str] = {}
    checked: CellLine = CellLine()
    """The answer to what the address asks."""

    grants: list[GrantLine] = []
    proofs: list[ProofLine] = []
    proven_at: str = ""
    is_proving: bool = False
    access_problem: Problem = Problem()

    graph_view: str = "graph"
    graph_views: list[Pill] = []
    graph_width: int = 0
    graph_height: int = 0
    graph_note: str = ""
    lines: list[GraphEdge] = []
    nowhere: list[Nowhere] = []
    panel: NodePanel = NodePanel()
    workloads: list[WorkloadRow] = []
    workloads_note: str = ""
    pods_note: str = ""
    neighbours: list[NeighbourRow] = []
    neighbours_note: str = ""

    warnings: list[WarningCard] = []
    warning_kinds: list[Pill] = []
    warning_spans: list[Pill] = []
    is_filtered: bool = False
    """Whether the address leaves some warnings out."""
    refusals: list[WarningCard] = []
    """Warnings of a quota that was used up."""

    page_size: int = PAGE_SIZES[0]
    """Rows on a page of requests and of entries."""
    history: list[RequestLine] = []
    history_page: int = 1
    history_pages: int = 1
    history_total: int = 0
    history_counted: str = ""
    reads_audit: bool = False
    entries: list[EntryLine] = []
    entries_page: int = 1
    entries_pages: int = 1
    entries_total: int = 0
    entries_counted: str = ""

    @rx.var
    def history_steps(self) -> list[int]:
        """The pages of requests that are offered."""
        return page_steps(self.history_page, self.history_pages)

    @rx.var
    def entries_steps(self) -> list[int]:
        """The pages of entries that are offered."""
        return page_steps(self.entries_page, self.entries_pages)

    week: list[WeekDay] = []
    """The hours asleep by schedule; empty where there is none."""

    objects: list[ObjectLink] = []
    sides: list[Pill] = []
    side: str = "desired"
    object_name: str = ""
    object_yaml: str = ""
    object_lines: int = 0
    object_head: str = ""
    """The lines that show while a long document is folded; empty when all of them do."""
    object_whole_href: str = ""
    """Where all lines show; empty when they do."""
    object_note: str = ""
    object_diff: list[DiffRow] = []
    yaml_href: str = ""
    kustomize_href: str = ""
