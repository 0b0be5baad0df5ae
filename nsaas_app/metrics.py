"""Prometheus metrics: their names are a contract, so they all stand here."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

__all__ = [
    "APPROVAL_REMINDERS",
    "AUTH",
    "CACHE_OBJECTS",
    "CLEANUP_ACTIONS",
    "CLEANUP_CANDIDATES",
    "CLEANUP_SWEEP",
    "DELIVERIES",
    "DRIFT",
    "EVENT_LOOP_LAG",
    "JOBS",
    "KUBE_REQUESTS",
    "KUBE_REQUEST_DURATION",
    "LIVE_CLIENTS",
    "NAMESPACES",
    "NOTICES",
    "REFLECTOR_LAST_CONTACT",
    "REFLECTOR_RELISTS",
    "REQUESTS",
    "REQUEST_DURATION",
    "STEP_DURATION",
    "WORKLOADS_RESTED",
]

_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300)

REQUESTS: Final = Counter("nsaas_requests_total", "Ended requests.", ["kind", "status", "code"])
REQUEST_DURATION: Final = Histogram(
    "nsaas_request_duration_seconds", "Submit to end.", ["kind"], buckets=_SECONDS
)
STEP_DURATION: Final = Histogram(
    "nsaas_step_duration_seconds", "One step of a request.", ["step"], buckets=_SECONDS
)
NAMESPACES: Final = Gauge("nsaas_namespaces", "Managed namespaces.", ["environment", "state"])
KUBE_REQUESTS: Final = Counter(
    "nsaas_kube_requests_total", "Calls to the API server.", ["verb", "code"]
)
KUBE_REQUEST_DURATION: Final = Histogram(
    "nsaas_kube_request_duration_seconds", "Time of a call to the API server.", ["verb"]
)
REFLECTOR_LAST_CONTACT: Final = Gauge(
    "nsaas_reflector_last_contact_timestamp_seconds", "Last event, bookmark or list.", ["kind"]
)
REFLECTOR_RELISTS: Final = Counter("nsaas_reflector_relists_total", "Lists of a kind.", ["kind"])
CACHE_OBJECTS: Final = Gauge("nsaas_cache_objects", "Objects in the cache.", ["kind"])
JOBS: Final = Gauge("nsaas_jobs", "Jobs by state.", ["state"])
LIVE_CLIENTS: Final = Gauge("nsaas_live_clients", "Open pages and event streams.")
EVENT_LOOP_LAG: Final = Gauge(
    "nsaas_event_loop_lag_seconds", "How late a timer of the event loop was, worst of a second."
)
APPROVAL_REMINDERS: Final = Counter(
    "nsaas_approval_reminders_total", "Reminders of approvals that nobody has given yet."
)
DRIFT: Final = Counter("nsaas_drift_total", "Objects found drifted.", ["kind"])
NOTICES: Final = Counter("nsaas_notices_total", "Notices told, each once.", ["kind"])
DELIVERIES: Final = Counter(
    "nsaas_deliveries_total", "Attempts to send a notice out.", ["channel", "outcome"]
)
WORKLOADS_RESTED: Final = Counter(
    "nsaas_sleep_workloads_total", "Workloads that a sleep or wake reached.", ["kind", "outcome"]
)
AUTH: Final = Counter("nsaas_auth_total", "Sign-ins and refused credentials.", ["outcome"])
CLEANUP_ACTIONS: Final = Counter(
    "nsaas_cleanup_actions_total", "Ended stages of cleanup plans.", ["stage", "outcome"]
)
CLEANUP_SWEEP: Final = Histogram(
    "nsaas_cleanup_sweep_duration_seconds", "Looks at the whole fleet.", buckets=_SECONDS
)
CLEANUP_CANDIDATES: Final = Gauge(
    "nsaas_cleanup_candidates", "Namespaces for which something speaks, by reason.", ["reason"]
)
