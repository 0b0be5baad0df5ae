"""`nsaas adopt -f`: take over a namespace that exists, or show what that would mean."""

from typing import Annotated, Any

import typer

from ..domain import keys
from .client import portal
from .console import ExitCode, Output, OutputOption, console, fail, show, table_of
from .files import File, documents
from .previews import show_preview
from .requests import follow, report

__all__ = ["adopt"]


def adopt(
    file: File,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would mean; nothing is written.")
    ] = False,
    justification: Annotated[str, typer.Option()] = "",
    idempotency_key: Annotated[str | None, typer.Option("--idempotency-key")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow until it ends.")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Take over a namespace that exists, with all that is in it. Platform admins only."""
    found = list(documents(file))
    if len(found) != 1:
        fail(f"{file} holds {len(found)} documents; adopt one at a time.", ExitCode.REFUSED)
    body = {"kind": "adopt", "spec": found[0][1]}
    with portal() as client:
        if dry_run:
            shown = client.post("/previews", body)
            show(shown, output) if output is not Output.TABLE else _show_adoption(shown)
            return
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        asked = client.post("/requests", body | {"justification": justification}, **headers)
        quiet = output is not Output.TABLE
        ended = follow(client, asked, quiet=quiet) if wait else asked
    report(ended, output)
    if output is Output.TABLE and not wait:
        command = f"kubectl annotate namespace {ended['namespace']} "
        command += f"{keys.ADOPT}={ended['request_id']}"
        words = f"A cluster administrator agrees by: {command}"
        console.print(words, highlight=False, soft_wrap=True)


def _show_adoption(preview: dict[str, Any]) -> None:
    found = preview["adoption"]
    show_preview(preview)
    console.print(table_of(found["changes"], ["path", "before", "after"]))
    over = [line for line in found["impact"]["quota"] if line["over"]]
    if over:
        console.print("More than the tier allows; what runs stays, new pods are refused:")
        console.print(table_of(over, ["resource", "used", "after_restart", "hard"]))
    notes = [
        {"note": note, **one} for note in ("defaulted", "refused") for one in found["impact"][note]
    ]
    if notes:
        console.print(table_of(notes, ["note", "object", "container", "pods", "message"]))
    for title, lines in (
        ("Pod Security", found["pod_security"]["warnings"]),
        ("In the way", found["collisions"]),
        ("Stays beside ours", found["foreign"]),
    ):
        if lines:
            console.print(f"{title}: {', '.join(lines)}", highlight=False, markup=False)
