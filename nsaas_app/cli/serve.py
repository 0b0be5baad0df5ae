"""`nsaas serve`: the portal itself, one process on one port."""

import gc
import os
from pathlib import Path
from typing import Annotated, Final

import typer

from ..identity.dev import DevConditions
from ..logs import configure_logs
from ..settings import Settings, SettingsError, load_settings
from .console import fail

__all__ = ["ensure_dev_is_safe", "serve"]

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_GRACE_S: Final = 15

Host = Annotated[str, typer.Option(envvar="NSAAS_HOST", help="Address to listen on.")]
Port = Annotated[int, typer.Option(envvar="NSAAS_PORT", min=1, max=65535)]
Config = Annotated[Path | None, typer.Option(envvar="NSAAS_CONFIG", help="Settings file.")]


def ensure_dev_is_safe(settings: Settings) -> None:
    """Refuse to start with dev sign-in unless all of its conditions hold.

    Raises:
        SettingsError: names every condition that fails.
    """
    if not settings.is_dev:
        return
    missing = DevConditions(
        is_dev_environment=settings.is_dev,
        listens_on_loopback=settings.host in _LOOPBACK,
        is_outside_a_cluster="KUBERNETES_SERVICE_HOST" not in os.environ,
        has_no_identity_provider=settings.oidc_issuer is None,
        is_on_sqlite=settings.database.startswith("sqlite"),
    ).missing()
    if missing:
        raise SettingsError(
            f"NSAAS_ENV=dev allows sign-in without proof, but {'; '.join(missing)}. "
            "Set NSAAS_ENV=production or change that."
        )


def serve(host: Host = "127.0.0.1", port: Port = 8000, config: Config = None) -> None:
    """Serve pages, WebSocket, REST and metrics; carry requests out."""
    # The application is imported by name and reads its settings itself: what the command line
    # decides reaches it the way everything else does.
    os.environ |= {"NSAAS_HOST": host, "NSAAS_PORT": str(port)}
    if config is not None:
        os.environ["NSAAS_CONFIG"] = str(config)
    try:
        settings = load_settings()
        ensure_dev_is_safe(settings)
        settings.ensure_audit_key()
        settings.ensure_sign_in()
    except SettingsError as error:
        fail(str(error))
    # The front end's configuration is read before the application: by environment alone.
    os.environ["NSAAS_PUBLIC_URL"] = settings.url
    if settings.redis_url:
        os.environ["NSAAS_REDIS_URL"] = settings.redis_url
    configure_logs(settings.log_level)
    os.environ |= {
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1",
        "__REFLEX_SKIP_COMPILE": "1",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(settings.live_message_bytes),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }
    import uvicorn  # noqa: PLC0415 - other commands need not load a server

    # Hundreds of modules are loaded next and none of them is ever garbage; see `lifespan`.
    gc.disable()
    uvicorn.run(
        "nsaas_app.nsaas_app:served",
        factory=True,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Whom a proxy serves is told by a header anybody can send; `proxy_hops` says what to trust.
        proxy_headers=False,
        # A larger message ends its connection before any of it is looked at.
        ws_max_size=settings.live_message_bytes,
        timeout_graceful_shutdown=_GRACE_S,
    )
