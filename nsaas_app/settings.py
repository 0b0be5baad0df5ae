"""Settings: environment variables, and one YAML file with the same names."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from .domain.house_rules import COST_CENTER, HouseRules
from .domain.overrides import CEILINGS

__all__ = ["Settings", "SettingsError", "load_settings"]


_ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"}
)
_OFF: Final = "off"
_SHORTEST_KEY: Final = 32
_ACCOUNT: Final = re.compile(r"[a-z0-9-]+/[a-z0-9.-]+=[^\s=+]+(\+[^\s=+]+)*")


class SettingsError(Exception):
    """The settings cannot be used; the message names the field and the fix."""


class Settings(BaseModel):
    """Everything the portal can be told. Frozen; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Annotated[Path, Field(description="State of a local run.")] = Path(".nsaas")
    env: Annotated[str, Field(pattern="^(dev|production)$")] = "production"
    product_name: Annotated[
        str,
        Field(min_length=1, max_length=24, description="What the portal is called on its pages."),
    ] = "NSaaS"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: str = ""
    database_url: str = ""
    redis_url: str | None = None
    role: Annotated[str, Field(pattern="^(web|worker|all)$")] = "all"
    no_cluster: bool = False
    cluster_name: str = "local"
    kubeconfig: Path | None = None
    kube_context: str | None = None
    secret_key: SecretStr | None = None
    audit_key: SecretStr | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: Annotated[str, Field(description="What the sign-in button calls it.")] = ""
    oidc_scopes: tuple[str, ...] = ("openid", "profile", "email")
    oidc_groups_claim: str = "groups"
    oidc_roles_claim: str = "roles"
    oidc_tenants: tuple[str, ...] = ()
    oidc_algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    session_confirm_seconds: Annotated[
        float,
        Field(ge=2, le=600, description="For so long the provider's word on somebody is believed."),
    ] = 600
    token_owner_days: Annotated[
        float,
        Field(gt=0, description="API tokens sleep when their owner did not sign in for so long."),
    ] = 14
    service_accounts: Annotated[
        tuple[str, ...],
        Field(description="Accounts of the cluster that may call, and the groups they count as."),
    ] = ()
    """Each `<namespace>/<name>=<group>`, several groups with `+` between them."""
    admin_groups: tuple[str, ...] = ("platform-admins",)
    auditor_groups: tuple[str, ...] = ("platform-auditors",)
    metrics_open: bool = False
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    rate_burst: Annotated[int, Field(ge=1)] = 500
    rate_per_second: Annotated[float, Field(gt=0)] = 50
    live_connections: Annotated[
        int, Field(ge=1, description="Pages and event streams one person may have open at once.")
    ] = 64
    live_burst: Annotated[
        int, Field(ge=10, description="Messages of one person's open pages, at once.")
    ] = 600
    live_per_second: Annotated[float, Field(gt=0)] = 60
    live_message_bytes: Annotated[
        int, Field(ge=4096, description="The largest message a page may send.")
    ] = 262_144
    auth_rate_burst: Annotated[
        int, Field(ge=1, description="Calls of sign-in that one address may make at once.")
    ] = 120
    auth_rate_per_second: Annotated[float, Field(gt=0)] = 5
    proxy_hops: Annotated[
        int,
        Field(
            ge=0,
            le=9,
            description="Proxies in front of the portal, each of which notes whom "
            "it serves in X-Forwarded-For.",
        ),
    ] = 0
    approval_reminder_days: Annotated[
        tuple[float, ...],
        Field(description="Days since the request; negative ones before the approval expires."),
    ] = (1, 3, -1)
    webhook_url: Annotated[str, Field(description="Notices are posted there, signed.")] = ""
    webhook_secret: SecretStr | None = None
    smtp_url: SecretStr | None = None
    """The mail server: `smtp://`, `smtp+starttls://` or `smtps://`, with user and password."""
    mail_from: Annotated[str, Field(pattern=r"^[^\s@<>]+@[^\s@<>]+$")] = (
        "nsaas@localhost.localdomain"
    )
    mail_domain: str = ""
    """Makes mail addresses of owners and groups that are none; empty where they are."""
    cleanup_sweep_seconds: Annotated[float, Field(gt=0)] = 60
    """How often one process looks at the whole fleet for what may be removed."""
    usage_source: Literal["metrics", "off"] = "metrics"
    """Where it is learnt what pods use: metrics.k8s.io where the cluster serves it, or nowhere."""
    cleanup_notice_days: Annotated[float, Field(ge=0)] = 7
    """How long a plan waits after telling people, before it puts to sleep."""
    cleanup_sleep_days: Annotated[float, Field(ge=0)] = 7
    cleanup_revoke_days: Annotated[float, Field(ge=0)] = 7
    sleep_timezone: Annotated[
        str,
        Field(description="IANA zone of the schedule development sleeps by; `off` gives none."),
    ] = "UTC"
    export_days: Annotated[
        float, Field(gt=0, description="How long exports of deleted namespaces are kept.")
    ] = 365
    deletion_wait_seconds: Annotated[
        float,
        Field(ge=6, description="A deletion that takes longer is told, with what holds it up."),
    ] = 45
    """A namespace never goes in less than five seconds; pods with a long grace take longer."""
    cluster_server: str = ""
    """The API server's address as people reach it; empty where it is the portal's own one."""
    dns_namespace: str = "kube-system"
    gateway_namespaces: tuple[str, ...] = ("ingress-nginx", "istio-ingress", "aks-istio-ingress")
    monitoring_namespaces: tuple[str, ...] = ("monitoring", "prometheus")
    apiserver_cidrs: Annotated[
        tuple[str, ...],
        Field(description="Networks of the API server: no namespace may name them in its egress."),
    ] = ()
    database_cidrs: Annotated[
        tuple[str, ...],
        Field(description="Networks of the databases that namespaces share."),
    ] = ()
    database_port: Annotated[
        int, Field(gt=0, le=65_535, description="Where they listen, if not told otherwise.")
    ] = 5432
    cost_center_pattern: Annotated[
        str, Field(description="A regular expression that cost centres match whole.")
    ] = COST_CENTER
    override_max_cpu: Annotated[
        str, Field(description="How much CPU an override of a tier may give at most.")
    ] = CEILINGS["limits.cpu"]
    override_max_memory: str = CEILINGS["limits.memory"]
    crash_at: str = ""
    """A place where a test ends the process; heeded in dev only."""

    @field_validator(
        "cost_center_pattern",
        "apiserver_cidrs",
        "database_cidrs",
        "override_max_cpu",
        "override_max_memory",
    )
    @classmethod
    def _in_order(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a pattern, network or quantity that is none."""
        names = {
            "cost_center_pattern": "cost_center",
            "apiserver_cidrs": "apart",
            "database_cidrs": "apart",
        }
        name = names.get(info.field_name or "")
        HouseRules(**({name: value} if name else {"ceilings": {"": value}}))
        return value

    @property
    def house_rules(self) -> HouseRules:
        """What the administrators set of the rules."""
        cpu = dict.fromkeys(("requests.cpu", "limits.cpu"), self.override_max_cpu)
        memory = dict.fromkeys(("requests.memory", "limits.memory"), self.override_max_memory)
        return HouseRules(
            cost_center=self.cost_center_pattern,
            apart=self.apiserver_cidrs,
            ceilings=CEILINGS | cpu | memory,
        )

    @field_validator("sleep_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        """Refuse a zone that no schedule could be read in."""
        if value != _OFF:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(f"{value!r} is no IANA time zone such as Europe/Berlin") from None
        return value

    @property
    def default_sleep_timezone(self) -> str:
        """The zone of the schedule that environments give; empty where they give none."""
        return "" if self.sleep_timezone == _OFF else self.sleep_timezone

    @field_validator(
        "approval_reminder_days", "admin_groups", "auditor_groups", "gateway_namespaces",
        "monitoring_namespaces", "oidc_scopes", "oidc_tenants", "oidc_algorithms",
        "service_accounts", "apiserver_cidrs", "database_cidrs",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _split(cls, value: Any) -> Any:
        """An environment variable holds a list as words with commas."""
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("oidc_issuer")
    @classmethod
    def _protected(cls, value: str | None) -> str | None:
        """Codes and tokens travel there: without TLS to this machine alone."""
        parts = urlsplit(value or "https://")
        is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if parts.scheme != "https" and not is_here:
            raise ValueError("must begin with https://")
        return value or None

    @field_validator("oidc_algorithms")
    @classmethod
    def _asymmetric(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """With a symmetric algorithm, or none, anybody could sign."""
        if wrong := [name for name in value if name not in _ALGORITHMS]:
            raise ValueError(f"{', '.join(wrong)} is not one of {', '.join(sorted(_ALGORITHMS))}")
        return value

    @field_validator("service_accounts")
    @classmethod
    def _accounts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            if not _ACCOUNT.fullmatch(entry):
                raise ValueError(f"{entry!r} is not <namespace>/<name>=<group>+<group>")
        return value

    @property
    def groups_of_accounts(self) -> dict[str, tuple[str, ...]]:
        """The groups that `<namespace>/<name>` counts as a member of."""
        pairs = (entry.split("=", 1) for entry in self.service_accounts)
        return {account: tuple(groups.split("+")) for account, groups in pairs}

    @property
    def is_dev(self) -> bool:
        """Whether this is a local run."""
        return self.env == "dev"

    @property
    def url(self) -> str:
        """Where browsers find the portal."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the home unless told otherwise."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'nsaas.db'}"

    def ensure_audit_key(self) -> None:
        """Outside a local run the audit chain's key must come from outside the database.

        Raises:
            SettingsError: none is set.
        """
        if not self.audit_keys and not self.is_dev:
            raise SettingsError("Setting audit_key: set NSAAS_AUDIT_KEY or NSAAS_AUDIT_KEY_FILE.")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Keys for what is stored sealed: the first seals, all of them open."""
        text = self.secret_key.get_secret_value() if self.secret_key else ""
        return tuple(text.replace(",", " ").split())

    @property
    def audit_keys(self) -> tuple[str, ...]:
        """Keys of the audit chain: the first signs, rows of all of them hold.

        Commas alone part them, and the whole text counts too: it once was one key whatever it held.
        """
        text = self.audit_key.get_secret_value() if self.audit_key else ""
        parts = tuple(part.strip() for part in text.split(",") if part.strip())
        if not parts:
            return ()
        return (*parts, text) if "," in text else (text,)

    def ensure_sign_in(self) -> None:
        """With an identity provider, what sign-in needs must be there too.

        Raises:
            SettingsError: names what is missing or too short.
        """
        if self.oidc_issuer is None:
            return
        if not self.oidc_client_id:
            raise SettingsError("Setting oidc_client_id: set NSAAS_OIDC_CLIENT_ID.")
        if not self.secret_keys or min(map(len, self.secret_keys)) < _SHORTEST_KEY:
            raise SettingsError(
                f"Setting secret_key: set NSAAS_SECRET_KEY or NSAAS_SECRET_KEY_FILE to "
                f"{_SHORTEST_KEY} random characters or more; a new key goes before the old one."
            )

    def masked(self) -> dict[str, Any]:
        """The effective settings with secrets hidden, for people."""
        return self.model_dump(mode="json") | {"database_url": _without_password(self.database)}

    @classmethod
    def names(cls) -> frozenset[str]:
        """Every name a settings file may use."""
        return frozenset(cls.model_fields)

    def with_home(self, home: Path) -> Self:
        """The same settings with another home."""
        return self.model_copy(update={"home": home})


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:********@{tail}" if at and ":" in head[8:] else url


def _from_environment() -> dict[str, Any]:
    """NSAAS_<NAME>, or the content of the file that NSAAS_<NAME>_FILE names."""
    values: dict[str, Any] = {}
    for name in Settings.names():
        key = f"NSAAS_{name.upper()}"
        if key in os.environ:
            values[name] = os.environ[key]
        elif path := os.environ.get(f"{key}_FILE"):
            values[name] = _read(Path(path), key)
    for name, key in (("kubeconfig", "KUBECONFIG"), ("kube_context", "KUBE_CONTEXT")):
        if value := os.environ.get(key):
            values[name] = value
    return values


def _read(path: Path, key: str) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"{key}_FILE names {path}, which cannot be read: {error}.") from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_text()) or {}
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"Settings file {path} cannot be read: {error}.") from error
    if not isinstance(document, dict):
        raise SettingsError(f"Settings file {path} must hold names and values.")
    return {
        name.removesuffix("_file"): _read(Path(value), name)
        if name.endswith("_file") and name not in Settings.names()
        else value
        for name, value in document.items()
    }


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings: the environment wins over the file, the file over the defaults.

    Raises:
        SettingsError: a name is unknown or a value breaks its rule.
    """
    file = path or (Path(os.environ["NSAAS_CONFIG"]) if "NSAAS_CONFIG" in os.environ else None)
    values = (_from_file(file) if file else {}) | _from_environment()
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"Setting {name}: {first['msg']}.") from error
