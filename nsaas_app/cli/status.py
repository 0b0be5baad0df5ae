"""`nsaas status`: is the portal up, and is everything it needs?"""

import os
from typing import Any, Final

import httpx
import typer
from rich.markup import escape

from .client import stored_login
from .console import ExitCode, Output, OutputOption, console, fail, show, table_of
from .dev import local_token
from .local_record import local_url
from .up import local_status

__all__ = ["status"]

_TIMEOUT_S: Final = 15.0


def _checkup(url: str) -> dict[str, Any] | None:
    """The whole check-up for who is signed in; None where nobody is, or there is none to read."""
    stored = stored_login()
    kept = stored.get("token", "") if stored.get("url") == url else ""
    token = os.environ.get("NSAAS_TOKEN") or kept
    if not token and "NSAAS_URL" not in os.environ and local_status() is not None:
        token = local_token("auditor")
    if not token:
        return None
    headers = {"Authorization": f"Bearer {token}"}
    try:
        reply = httpx.get(f"{url}/api/v1/status", headers=headers, timeout=_TIMEOUT_S)
    except httpx.TransportError:
        return None
    found: dict[str, Any] | None = reply.json() if reply.is_success else None
    return found


def status(output: OutputOption = Output.TABLE) -> None:
    """Show whether the portal is ready; signed in, also each part, the policies and the rights."""
    url = os.environ.get("NSAAS_URL") or local_url()
    try:
        reply = httpx.get(f"{url}/readyz", timeout=5)
    except httpx.TransportError as error:
        fail(f"No portal answers at {url}: {error}.", ExitCode.UNREACHABLE, fix="run `make up`")
    body = reply.json() | {"url": url}
    checkup = _checkup(url)
    if checkup is not None:
        body |= {"checkup": checkup}
    rows = [
        {"check": name, "ok": "yes" if check["ok"] else "no", "reason": check["reason"]}
        for name, check in body["checks"].items()
    ]
    show(body, output, table=table_of(rows, ["check", "ok", "reason"]))
    if output is Output.TABLE:
        _tell(checkup)
    if not reply.is_success or (checkup is not None and checkup["state"] == "bad"):
        raise typer.Exit(ExitCode.FAILED)


def _tell(checkup: dict[str, Any] | None) -> None:
    if checkup is None:
        hint = "Sign in (`nsaas login`, or NSAAS_TOKEN) to see each part, policies and rights."
        console.print(hint, highlight=False, markup=False)
        return
    console.print(f"\nnsaas {checkup['version']} on cluster {escape(checkup['cluster'])}")
    checks = [one | {"part": one["title"]} for one in checkup["checks"]]
    console.print(table_of(checks, ["state", "part", "message", "fix"]))
    if checkup["policies"]:
        console.print()
        policies = [one | {"policy": one["name"]} for one in checkup["policies"]]
        console.print(table_of(policies, ["policy", "state", "reason"]))
    for one in (checkup["rights"] or {}).get("missing", ()):
        console.print(f"Missing right: {one['rule']}", highlight=False, markup=False)
