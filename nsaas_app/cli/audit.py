"""`nsaas audit …`: list, export, verify."""

import contextlib
import json
from pathlib import Path
from typing import Annotated

import typer

from ..domain.audit_anchors import ANCHOR_EVENT, MAX_ANCHORS
from .client import portal
from .console import ExitCode, Output, OutputOption, console, fail, show, table_of

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The audit log.")

Who = Annotated[str, typer.Option(help="Who did it.")]
What = Annotated[str, typer.Option(help="What was done: an action, or its first words.")]
TeamOption = Annotated[str, typer.Option(help="Of this team.")]
NamespaceOption = Annotated[str, typer.Option(help="Of this namespace.")]
Ended = Annotated[str, typer.Option(help="allowed, denied, completed or failed.")]


@app.command("list")
def list_events(
    *,
    actor: Who = "",
    action: What = "",
    team: TeamOption = "",
    namespace: NamespaceOption = "",
    outcome: Ended = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    output: OutputOption = Output.TABLE,
) -> None:
    """List events, newest first."""
    wanted = {
        "actor": actor,
        "action": action,
        "team": team,
        "namespace": namespace,
        "outcome": outcome,
    }
    with portal() as client:
        page = client.get("/audit", limit=limit, **wanted)
    columns = ["seq", "time", "actor", "action", "object", "outcome", "request_id"]
    show(page, output, table=table_of(page["items"], columns))


@app.command("export")
def export_events(
    *,
    actor: Who = "",
    action: What = "",
    team: TeamOption = "",
    namespace: NamespaceOption = "",
    outcome: Ended = "",
    file_format: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
) -> None:
    """Write all events that match to standard output, oldest first."""
    wanted = {
        "actor": actor,
        "action": action,
        "team": team,
        "namespace": namespace,
        "outcome": outcome,
    }
    with portal() as client:
        for part in client.download("/audit/export", format=file_format, **wanted):
            typer.echo(part, nl=False)


@app.command("verify")
def verify(
    *,
    anchor: Annotated[
        list[str] | None, typer.Option(help="An entry that must be there, from the portal's log.")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(help="A log of the portal: every anchor in it must hold.")
    ] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Check that nobody changed the log; ends with 1 when somebody did.

    Entries taken from the end are found by anchors, which the portal writes to its log each hour.
    """
    anchors = [*(anchor or []), *(_anchors_in(log) if log else [])]
    with portal() as client:
        found = client.post("/audit/verify", {"anchors": anchors[-MAX_ANCHORS:]})
    columns = ["valid", "checked", "first_bad_seq"]
    show(found, output, table=table_of([found], columns))
    if broken := found["first_bad"]:
        console.print(table_of([broken], list(broken)))
    if not found["valid"]:
        fail(f"The audit log was changed: entry {found['first_bad_seq']}.", ExitCode.FAILED)


def _anchors_in(path: Path) -> list[str]:
    """Find the anchors of a log, oldest first; other lines may be anything."""
    try:
        text = path.read_text(errors="replace")
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")
    found = []
    for line in text.splitlines():
        if ANCHOR_EVENT not in line:
            continue
        with contextlib.suppress(ValueError):
            entry = json.loads(line[line.find("{") :])
            if entry.get("event") == ANCHOR_EVENT:
                found.append(str(entry.get("anchor")))
    if not found:
        fail(f"{path} holds no anchor of the audit log.")
    return found
