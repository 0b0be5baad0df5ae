"""The repositories that use cases and runs write to, joined by their database."""

from dataclasses import dataclass

from ..store.audit import AuditStore
from ..store.database import Database
from ..store.jobs import JobStore
from ..store.ledger import LedgerStore
from ..store.namespaces import NamespaceStore
from ..store.requests import RequestStore

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
