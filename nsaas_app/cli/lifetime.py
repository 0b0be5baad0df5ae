"""`nsaas namespaces sleep|wake|export`, `nsaas exports …` and `nsaas inbox`."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from .client import portal
from .console import ExitCode, Output, OutputOption, fail, show, table_of
from .namespaces import Wait
from .namespaces import app as namespaces
from .requests import follow, report

__all__ = ["exports", "inbox", "save_file"]

exports = typer.Typer(no_args_is_help=True, help="Kept manifests of deleted namespaces.")
inbox = typer.Typer(no_args_is_help=True, help="Notices for you.")


def _rest(path: str, body: dict[str, Any], *, done: str, wait: bool, output: Output) -> None:
    with portal() as client:
        accepted = client.post(path, body)
        if "request_id" not in accepted or "state" in accepted:
            typer.echo(done)
            return
        ended = follow(client, accepted, quiet=output is not Output.TABLE) if wait else accepted
    report(ended, output)


def _moment(text: str) -> str:
    """Read a time with a zone, or a span from now such as 90m, 8h or 2d."""
    units = {"m": "minutes", "h": "hours", "d": "days"}
    if text[:-1].isdigit() and text[-1:] in units:
        span = timedelta(**{units[text[-1]]: int(text[:-1])})
        return (datetime.now().astimezone() + span).isoformat()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is neither a time nor a span such as 8h.", ExitCode.REFUSED)
    return moment.astimezone().isoformat()


@namespaces.command("sleep")
def sleep(
    name: str,
    *,
    until: Annotated[str, typer.Option(help="A time, or a span from now such as 8h.")] = "",
    wait: Wait = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Stop what runs until it is woken; exact replicas come back."""
    body = {"until": _moment(until)} if until else {}
    path = f"/namespaces/{name}/sleep"
    _rest(path, body, done=f"{name} is asleep already.", wait=wait, output=output)


@namespaces.command("wake")
def wake(name: str, *, wait: Wait = False, output: OutputOption = Output.TABLE) -> None:
    """Start again what sleeps."""
    path = f"/namespaces/{name}/wake"
    _rest(path, {}, done=f"{name} is awake already.", wait=wait, output=output)


@namespaces.command("certify")
def certify(name: str, *, wait: Wait = False, output: OutputOption = Output.TABLE) -> None:
    """Confirm that a production namespace is still needed; leads do, once a year."""
    path, done = f"/namespaces/{name}/certify", f"{name} was confirmed a moment ago."
    _rest(path, {}, done=done, wait=wait, output=output)


@namespaces.command("export")
def export_namespace(
    name: str,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Where to write it.")] = None,
) -> None:
    """Download the manifests of what runs in it; Secrets are never among them."""
    save_file(f"/namespaces/{name}/export", file or Path(f"{name}.tar.gz"))


@exports.command("list")
def list_exports(
    *,
    namespace: Annotated[str, typer.Option()] = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """List kept exports, the newest first."""
    with portal() as client:
        found = client.get("/exports", namespace=namespace)
    columns = ["export_id", "namespace", "team", "created_at", "kept_until", "objects", "size"]
    show(found, output, table=table_of(found, columns))


@exports.command("get")
def get_export(
    export_id: str,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Where to write it.")] = None,
) -> None:
    """Download a kept export."""
    save_file(f"/exports/{export_id}", file or Path(f"{export_id}.tar.gz"))


@inbox.command("list")
def list_notices(output: OutputOption = Output.TABLE) -> None:
    """List notices, the newest first."""
    with portal() as client:
        found = client.get("/inbox")
    show(found, output, table=table_of(found["items"], ["created_at", "title", "text", "read"]))


@inbox.command("read")
def mark_read(ids: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Mark notices as read; all of them when none is named."""
    with portal() as client:
        wanted = ids or [item["notice_id"] for item in client.get("/inbox")["items"]]
        found = client.post("/inbox/read", {"ids": wanted})
    typer.echo(f"{found['unread']} unread.")


def save_file(path: str, file: Path) -> None:
    """Download a file of the portal and say how large it is."""
    with portal() as client:
        content = client.fetch(path)
    try:
        file.write_bytes(content)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.", ExitCode.FAILED)
    typer.echo(f"{file}: {len(content)} bytes. Secrets are not in it.")
