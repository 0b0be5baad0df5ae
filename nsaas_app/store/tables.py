"""Tables. Both databases get the same ones; times are aware UTC, enums are plain text."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON as PLAIN_JSON
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

__all__ = [
    "ApiTokenRow",
    "AsleepWorkloadRow",
    "AuditRow",
    "CleanupRuleRow",
    "DeliveryRow",
    "ExportRow",
    "JobRow",
    "KeepRow",
    "LedgerRow",
    "LoginSessionRow",
    "NamespaceRecord",
    "NoticeReadRow",
    "NoticeRow",
    "ObservationRow",
    "PersonRow",
    "PersonalRow",
    "PlanRow",
    "QuotaSampleRow",
    "RequestRow",
    "SignInCodeRow",
    "StepRow",
    "SweepRow",
    "TeamRow",
    "TurnRow",
    "UtcTime",
    "metadata",
]

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on both databases: SQLite alone would give naive ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class TeamRow(SQLModel, table=True):
    """A team with its groups and budget."""

    __tablename__ = "team"
    name: str = Field(primary_key=True)
    document: dict[str, Any] = Field(sa_type=PLAIN_JSON)


class NamespaceRecord(SQLModel, table=True):
    """The durable record of a managed namespace. A deleted one stays as the name's tombstone."""

    __tablename__ = "namespace"
    cluster: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    team: str = Field(index=True)
    environment: str
    intent: str = Field(index=True)
    spec: dict[str, Any] = Field(sa_type=PLAIN_JSON)
    request_id: str
    uid: str = ""
    created_at: datetime = Field(sa_type=UtcTime)
    ready_at: datetime | None = Field(default=None, sa_type=UtcTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    restorable_until: datetime | None = Field(default=None, sa_type=UtcTime)
    is_protected: bool = False
    renewals: int = 0
    """How often its end was put off."""
    asleep: dict[str, Any] | None = Field(default=None, sa_type=PLAIN_JSON)
    """Set while its workloads sleep."""


class RequestRow(SQLModel, table=True):
    """A request."""

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("requested_by", "idempotency_key", name="uq_request_idempotency"),
        Index("ix_request_created", "created_at", "request_id"),
        Index("ix_request_revision", "revision"),
    )
    request_id: str = Field(primary_key=True)
    kind: str
    cluster: str
    namespace: str = Field(index=True)
    team: str = Field(index=True)
    phase: str = Field(index=True)
    spec: dict[str, Any] = Field(sa_type=PLAIN_JSON)
    previous: dict[str, Any] | None = Field(default=None, sa_type=PLAIN_JSON)
    approval: dict[str, Any] | None = Field(default=None, sa_type=PLAIN_JSON)
    requested_by: str
    idempotency_key: str
    body_hash: str
    correlation_id: str
    source: str
    justification: str = ""
    created_at: datetime = Field(sa_type=UtcTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
    failure: dict[str, Any] | None = Field(default=None, sa_type=PLAIN_JSON)
    sleep: dict[str, Any] | None = Field(default=None, sa_type=PLAIN_JSON)
    """What a sleep is asked for: why, and until when."""
    queued_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Since when its job is due, by the database's clock; None while it waits for people."""
    revision: int = Field(default=0, sa_type=BigInteger)
    """Database milliseconds of the last change: other processes read what is newer."""


class StepRow(SQLModel, table=True):
    """A step of a request."""

    __tablename__ = "step"
    request_id: str = Field(
        sa_column_args=(ForeignKey("request.request_id", ondelete="CASCADE"),), primary_key=True
    )
    name: str = Field(primary_key=True)
    position: int
    status: str
    attempts: int = 0
    started_at: datetime | None = Field(default=None, sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
    objects: list[str] = Field(default_factory=list, sa_type=PLAIN_JSON)
    error: dict[str, Any] | None = Field(default=None, sa_type=PLAIN_JSON)


class JobRow(SQLModel, table=True):
    """Durable work: who holds it, until when, and the fence that stale holders miss."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_after_ms"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    correlation_id: str
    state: str
    """queued, running, done, quarantined"""
    owner: str = ""
    fence: int = 0
    attempts: int = 0
    crashes: int = 0
    """Takes from a holder that vanished; five of them quarantine the job."""
    run_after_ms: int = Field(sa_type=BigInteger)
    lease_until_ms: int = Field(default=0, sa_type=BigInteger)
    cancel: bool = False


class LedgerRow(SQLModel, table=True):
    """What one namespace takes out of its team's budget, from acceptance to final deletion."""

    __tablename__ = "ledger"
    cluster: str = Field(primary_key=True)
    namespace: str = Field(primary_key=True)
    team: str = Field(index=True)
    environment: str
    request_id: str
    is_reserved: bool
    """True until the request completed: reserved, not yet used."""
    cpu_milli: int = Field(sa_type=BigInteger)
    memory_bytes: int = Field(sa_type=BigInteger)
    storage_bytes: int = Field(sa_type=BigInteger)


class LoginSessionRow(SQLModel, table=True):
    """A login session; only the hash of its id is known here."""

    __tablename__ = "login_session"
    id_hash: str = Field(primary_key=True)
    subject: str = Field(index=True)
    display_name: str
    auth: str
    groups: list[str] = Field(sa_type=PLAIN_JSON)
    created_at: datetime = Field(sa_type=UtcTime)
    last_seen_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When the identity provider last vouched for the groups; empty where there is none."""
    refreshing_until: datetime | None = Field(default=None, sa_type=UtcTime)
    """One process at a time asks the provider; it has until then."""
    sealed_refresh_token: str | None = Field(default=None, sa_type=Text)
    sealed_id_token: str | None = Field(default=None, sa_type=Text)
    """Kept for the sign-out at the provider alone."""
    rights: str | None = None
    """A fingerprint of what the person might do when the id was given."""
    previous_hash: str | None = Field(default=None, index=True)
    """The id before this one: it opens nothing, and its pages are told to come again."""
    renewed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When the id before this one was followed; for some seconds it leads to this one."""
    renewal_salt: str | None = None
    """With the id before this one it gives this one; either alone gives nothing."""


class PersonRow(SQLModel, table=True):
    """Somebody an identity provider vouched for, and with which groups the last time."""

    __tablename__ = "person"
    subject: str = Field(primary_key=True)
    issuer: str
    issuer_subject: str
    tenant: str = ""
    object_id: str = ""
    display_name: str
    groups: list[str] = Field(sa_type=PLAIN_JSON)
    confirmed_at: datetime = Field(sa_type=UtcTime)


class PersonalRow(SQLModel, table=True):
    """Something that one person keeps for themselves: a draft, a saved view."""

    __tablename__ = "personal"
    subject: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    title: str
    document: dict[str, Any] = Field(sa_type=PLAIN_JSON)
    updated_at: datetime = Field(sa_type=UtcTime)


class QuotaSampleRow(SQLModel, table=True):
    """What a quota counted from a moment on; the next row says when that changed."""

    __tablename__ = "quota_sample"
    cluster: str = Field(primary_key=True)
    namespace: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime, primary_key=True)
    amounts: dict[str, Any] = Field(sa_type=PLAIN_JSON)


class SignInCodeRow(SQLModel, table=True):
    """A one-time sign-in code of a local run."""

    __tablename__ = "sign_in_code"
    code_hash: str = Field(primary_key=True)
    identity: str
    expires_at: datetime = Field(sa_type=UtcTime)


class ApiTokenRow(SQLModel, table=True):
    """An API token; only the hash of its secret is known here."""

    __tablename__ = "api_token"
    id: str = Field(primary_key=True)
    secret_hash: str = Field(unique=True)
    subject: str = Field(index=True)
    display_name: str
    name: str
    auth: str
    groups: list[str] = Field(sa_type=PLAIN_JSON)
    scopes: list[str] = Field(sa_type=PLAIN_JSON)
    created_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)


class AuditRow(SQLModel, table=True):
    """One audit event. Triggers refuse to change or remove it."""

    __tablename__ = "audit"
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcTime)
    actor: str = Field(index=True)
    team: str = Field(index=True)
    action: str
    namespace: str = Field(index=True)
    object: str
    outcome: str
    correlation_id: str
    request_id: str
    source: str
    before: str | None = Field(default=None, sa_type=Text)
    after: str | None = Field(default=None, sa_type=Text)
    previous_hash: str
    hash: str


class AsleepWorkloadRow(SQLModel, table=True):
    """A workload of a namespace that sleeps: what it goes back to, or why it was left alone."""

    __tablename__ = "asleep_workload"
    cluster: str = Field(primary_key=True)
    namespace: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    uid: str = ""
    replicas: int = 0
    """Before it slept; 1 for a CronJob that ran."""
    skipped: str = ""
    """Why it does not sleep; empty when it does."""


class ExportRow(SQLModel, table=True):
    """The manifests of a namespace as an archive. Outlives the namespace."""

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_created", "created_at", "export_id"),)
    export_id: str = Field(primary_key=True)
    cluster: str
    namespace: str = Field(index=True)
    team: str = Field(index=True)
    requested_by: str
    reason: str
    created_at: datetime = Field(sa_type=UtcTime)
    objects: int
    left_out: list[str] = Field(sa_type=PLAIN_JSON)
    size: int
    sha256: str
    archive: bytes = Field(sa_type=LargeBinary)


class NoticeRow(SQLModel, table=True):
    """Something that people are told once. The key makes it once."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_created", "created_at"),)
    notice_id: str = Field(primary_key=True)
    key: str = Field(unique=True)
    kind: str
    cluster: str
    namespace: str
    team: str
    owner: str
    title: str
    text: str
    created_at: datetime = Field(sa_type=UtcTime)


class NoticeReadRow(SQLModel, table=True):
    """That somebody has read a notice."""

    __tablename__ = "notice_read"
    notice_id: str = Field(
        sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),), primary_key=True
    )
    subject: str = Field(primary_key=True)
    read_at: datetime = Field(sa_type=UtcTime)


class DeliveryRow(SQLModel, table=True):
    """A notice on its way to one receiver outside."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", "receiver", name="uq_delivery_receiver"),
        Index("ix_delivery_due", "state", "due_at"),
    )
    delivery_id: str = Field(primary_key=True)
    notice_id: str = Field(sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),))
    channel: str
    """webhook or mail"""
    receiver: str
    state: str
    """pending, delivered or failed"""
    attempts: int = 0
    due_at: datetime = Field(sa_type=UtcTime)
    """When it is tried next; moved ahead while somebody tries."""
    delivered_at: datetime | None = Field(default=None, sa_type=UtcTime)
    error: str = ""


class TurnRow(SQLModel, table=True):
    """Whose turn it is to do what one process does for all."""

    __tablename__ = "turn"
    name: str = Field(primary_key=True)
    owner: str
    until_ms: int = Field(sa_type=BigInteger)


class ObservationRow(SQLModel, table=True):
    """What sweeps know of a namespace: since when it is quiet, unchanged, full."""

    __tablename__ = "cleanup_observation"
    cluster: str = Field(primary_key=True)
    namespace: str = Field(primary_key=True)
    document: dict[str, Any] = Field(sa_type=PLAIN_JSON)


class SweepRow(SQLModel, table=True):
    """The result of one look at the whole fleet."""

    __tablename__ = "cleanup_sweep"
    sweep_id: str = Field(primary_key=True)
    cluster: str
    started_at: datetime = Field(sa_type=UtcTime, index=True)
    took_ms: int
    looked_at: int
    found: dict[str, int] = Field(sa_type=PLAIN_JSON)
    excluded: int
    notes: list[str] = Field(default_factory=list, sa_type=PLAIN_JSON)


class KeepRow(SQLModel, table=True):
    """Somebody's word that a namespace is wanted."""

    __tablename__ = "cleanup_keep"
    cluster: str = Field(primary_key=True)
    namespace: str = Field(primary_key=True)
    uid: str
    reason: str
    kept_by: str
    until: datetime = Field(sa_type=UtcTime)


class CleanupRuleRow(SQLModel, table=True):
    """Whether, and how often, people are told of one reason for cleanup."""

    __tablename__ = "cleanup_rule"
    cluster: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    is_on: bool
    every_days: int
    changed_by: str
    changed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    last_run_at: datetime | None = Field(default=None, sa_type=UtcTime)


class PlanRow(SQLModel, table=True):
    """A cleanup plan with its lines."""

    __tablename__ = "cleanup_plan"
    plan_id: str = Field(primary_key=True)
    cluster: str
    stage: str
    state: str = Field(index=True)
    created_by: str
    created_at: datetime = Field(sa_type=UtcTime)
    confirmed_by: str = ""
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    correlation_id: str
    version: int = 0
    """Raised by every write: one that began from an older one misses."""
    lines: list[dict[str, Any]] = Field(sa_type=PLAIN_JSON)
