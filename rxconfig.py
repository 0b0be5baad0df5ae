"""Reflex's configuration. Only what differs from its defaults; the portal's own settings decide."""

import os

import reflex as rx
from reflex.constants import StateManagerMode

__all__ = ["config"]


def _origins() -> list[str]:
    """List the origins whose pages may open a connection: this machine's and the public one."""
    port = os.environ.get("NSAAS_PORT", "8000")
    public = os.environ.get("NSAAS_PUBLIC_URL", "").rstrip("/")
    local = [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]
    return [*local, public] if public and public not in local else local


_redis = os.environ.get("NSAAS_REDIS_URL") or None

config = rx.Config(
    app_name="nsaas_app",
    plugins=[
        rx.plugins.TailwindV4Plugin(),
        rx.plugins.RadixThemesPlugin(
            theme=rx.theme(
                accent_color="indigo", gray_color="slate", radius="large", appearance="inherit"
            )
        ),
    ],
    # A portal behind a sign-in has nothing to tell a search engine.
    disable_plugins=[rx.plugins.SitemapPlugin],
    show_built_with_reflex=False,
    telemetry_enabled=False,
    cors_allowed_origins=_origins(),
    redis_url=_redis,
    # Pages hold copies of what the database knows; a restart may forget them.
    state_manager_mode=StateManagerMode.REDIS if _redis else StateManagerMode.MEMORY,
)
