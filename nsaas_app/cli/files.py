"""`nsaas apply -f`, `nsaas export`: namespaces as YAML documents."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import yaml

from ..domain.request_document import API_VERSION, KIND, asked_of
from .client import Portal, portal
from .console import ExitCode, Output, OutputOption, fail, show, table_of
from .requests import follow

__all__ = ["File", "apply", "documents", "export"]

_OK: Final = 200
_ACCEPTED: Final = 202
_NOT_FOUND: Final = 404

File = Annotated[Path, typer.Option("-f", "--filename", help="A YAML file; - reads a pipe.")]


def documents(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and spec of every document of a file."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text()
        documents = [one for one in yaml.safe_load_all(text) if one is not None]
    except (OSError, yaml.YAMLError) as error:
        fail(f"{path} cannot be read: {error}.", ExitCode.REFUSED)
    for number, document in enumerate(documents, start=1):
        if not isinstance(document, dict) or document.get("kind") != KIND:
            fail(f"Document {number} of {path} is no {KIND} of {API_VERSION}.", ExitCode.REFUSED)
        if document.get("apiVersion") != API_VERSION:
            fail(f"Document {number} of {path} needs apiVersion {API_VERSION}.", ExitCode.REFUSED)
        name = str((document.get("metadata") or {}).get("name") or "")
        yield name, {**(document.get("spec") or {}), "name": name}


def _apply_one(
    client: Portal, name: str, spec: dict[str, Any], justification: str
) -> tuple[str, dict[str, Any]]:
    """Hand one document in: the word for what became of it, and the reply."""
    # Days of lifetime count from the creation: the same file again is no renewal.
    lasting = {field: value for field, value in spec.items() if field != "expires_in_days"}
    patch = lasting | {"justification": justification}
    status, body = client.try_write("PATCH", f"/namespaces/{name}", patch)
    if status == _OK:
        return "unchanged", body
    if status == _NOT_FOUND:
        request = {"kind": "provision", "spec": spec, "justification": justification}
        status, body = client.try_write("POST", "/requests", request)
    return ("accepted" if status == _ACCEPTED else "refused"), body


def _why(body: dict[str, Any]) -> str:
    details = [f"{e['field']}: {e['message']}" for e in body.get("errors") or ()]
    return "; ".join(details) or str(body.get("detail", ""))


def apply(
    file: File,
    *,
    justification: Annotated[
        str, typer.Option(help="Why; read by who must approve some of them.")
    ] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Follow until all have ended.")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Bring namespaces to what a file says; each document stands for itself."""
    rows: list[dict[str, Any]] = []
    with portal() as client:
        outcomes = [
            (name, *_apply_one(client, name, spec, justification)) for name, spec in documents(file)
        ]
        for name, word, body in outcomes:
            row = {"name": name, "result": word, "request": body.get("request_id"), "detail": ""}
            if word == "refused":
                row["detail"] = _why(body)
            elif word == "accepted" and wait:
                ended = follow(client, body, quiet=True)
                row["result"] = ended["status"]
                row["detail"] = (ended["error"] or {}).get("message", "")
            rows.append(row)
    columns = ["name", "result", "request", "detail"]
    show(rows, output, table=table_of(rows, columns))
    if any(row["result"] == "refused" for row in rows):
        raise typer.Exit(ExitCode.REFUSED)
    if any(row["result"] == "failed" for row in rows):
        raise typer.Exit(ExitCode.FAILED)


def export(
    names: Annotated[list[str] | None, typer.Argument(help="All when none.")] = None,
) -> None:
    """Write namespaces as documents that `apply` takes; applying them changes nothing."""
    with portal() as client:
        wanted = names or list(_all_names(client))
        written = [asked_of(client.get(f"/namespaces/{name}")["spec"]) for name in wanted]
    typer.echo(yaml.safe_dump_all(written, sort_keys=False, allow_unicode=True), nl=False)


def _all_names(client: Portal) -> Iterator[str]:
    cursor: str | None = None
    while True:
        page = client.get("/namespaces", limit=200, **({"cursor": cursor} if cursor else {}))
        yield from (item["name"] for item in page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return
