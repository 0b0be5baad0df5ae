"""`nsaas status`: is the portal up, and is everything it needs?"""

import os

import httpx
import typer

from .console import ExitCode, Output, OutputOption, fail, show, table_of
from .up import local_status

__all__ = ["status"]


def _url() -> str:
    if url := os.environ.get("NSAAS_URL"):
        return url
    run = local_status()
    return f"http://localhost:{run.port if run else os.environ.get('NSAAS_PORT', '8000')}"


def status(output: OutputOption = Output.TABLE) -> None:
    """Show the portal's readiness checks."""
    url = _url()
    try:
        reply = httpx.get(f"{url}/readyz", timeout=5)
    except httpx.TransportError as error:
        fail(f"No portal answers at {url}: {error}.", ExitCode.UNREACHABLE, fix="run `make up`")
    body = reply.json() | {"url": url}
    rows = [
        {"check": name, "ok": "yes" if check["ok"] else "no", "reason": check["reason"]}
        for name, check in body["checks"].items()
    ]
    show(body, output, table=table_of(rows, ["check", "ok", "reason"]))
    if not reply.is_success:
        raise typer.Exit(ExitCode.FAILED)
