"""The repositories that use cases and runs write to, joined by their database."""

from dataclasses import dataclass, field

from ..store.audit import AuditStore
from ..store.database import Database
from ..store.exports import ExportStore
from ..store.jobs import JobStore
from ..store.ledger import LedgerStore
from ..store.namespaces import NamespaceStore
from ..store.notices import NoticeStore
from ..store.requests import RequestStore
from ..store.sleepers import SleeperStore

__all__ = ["Stores"]


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything durable that requests touch."""

    database: Database
    requests: RequestStore
    namespaces: NamespaceStore
    jobs: JobStore
    ledger: LedgerStore
    audit: AuditStore
    sleepers: SleeperStore = field(default_factory=SleeperStore)
    exports: ExportStore = field(default_factory=ExportStore)
    notices: NoticeStore = field(default_factory=NoticeStore)
