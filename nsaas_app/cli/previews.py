"""`nsaas preview`: what the documents of a file, or the end of a namespace, would mean."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from .client import Portal, portal
from .console import ExitCode, Output, OutputOption, console, fail, show, table_of
from .files import documents

__all__ = ["preview", "show_preview"]


class End(StrEnum):
    """What can become of a namespace beside a change."""

    RELEASE = "release"
    RESTORE = "restore"
    DELETE = "delete"


def preview(
    name: Annotated[str | None, typer.Argument(help="A namespace, with --kind.")] = None,
    *,
    file: Annotated[
        Path | None, typer.Option("-f", "--filename", help="A YAML file; - reads a pipe.")
    ] = None,
    kind: Annotated[End | None, typer.Option(help="What would be done to the namespace.")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Show what the documents of a file, or an end of a namespace, would mean; write nothing."""
    with portal() as client:
        if file is not None and name is None and kind is None:
            found = [_of_document(client, *document) for document in documents(file)]
        elif file is None and name is not None and kind is not None:
            found = [client.post("/previews", {"kind": kind.value, "namespace": name})]
        else:
            fail("Give -f FILE, or a NAME with --kind.", ExitCode.REFUSED)
    if output is not Output.TABLE:
        show(found, output)
        return
    for one in found:
        show_preview(one)


def _of_document(client: Portal, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """Preview a document as `apply` would hand it in: a change where there is a namespace."""
    change = {"kind": "change", "namespace": name, "spec": spec}
    status, body = client.try_write("POST", "/previews", change)
    if status == httpx.codes.OK:
        return body
    if status == httpx.codes.NOT_FOUND:
        change = {"kind": "provision", "spec": spec}
    # Asked once more, so that a refusal ends the command in the usual words.
    found: dict[str, Any] = client.post("/previews", change)
    return found


def show_preview(found: dict[str, Any]) -> None:
    """Show one preview: every object, then what else there is to know."""
    word = "allowed" if found["allowed"] else "refused by the cluster"
    if found["changes_nothing"]:
        word = "as asked already"
    console.print(f"{found['kind']} {found['namespace']}: {word}", highlight=False)
    columns = ["object", "effect", "result", "message"]
    console.print(table_of([_row(one) for one in found["objects"]], columns))
    for line in _lines(found):
        console.print(line, highlight=False, markup=False)


def _row(one: dict[str, Any]) -> dict[str, Any]:
    manifest = one["manifest"]
    paths = ", ".join(difference["path"] for difference in one["differences"])
    return {
        "object": f"{manifest['kind']}/{manifest['metadata']['name']}",
        "effect": one["effect"],
        "result": one["dry_run"]["result"],
        "message": one["dry_run"]["message"] or paths,
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    if found["approval"]["needed"]:
        who = " and ".join(found["approval"]["by"])
        yield f"Needs approval by {who}: {found['approval']['why']}"
        if (wait := found["expected_approval_ms"]) is not None:
            yield f"Half of the approvals so far took less than {wait / 1000:.0f} s"
    if found["impact"] is not None:
        counts = [f"{count} {what}" for what, count in found["impact"].items() if count is not None]
        yield f"Inside: {', '.join(counts)}"
    if found["restorable_until"] is not None:
        yield f"Restorable until {found['restorable_until']}"
    if found["confirm"] is not None:
        yield f"To do it, type {found['confirm']}"
    cost = found["cost"]
    if cost is not None:
        before = f"$ {cost['monthly_before']:.2f} -> " if "monthly_before" in cost else ""
        yield f"{before}$ {cost['monthly']:.2f} a month ({cost['source']}, {cost['as_of']})"
