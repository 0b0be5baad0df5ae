"""`nsaas preflight` and `nsaas integrations`: how the cluster is set for the portal."""

from typing import Any

import typer

from .client import portal
from .console import ExitCode, Output, OutputOption, console, show, table_of

__all__ = ["integrations", "preflight"]


def preflight(output: OutputOption = Output.TABLE) -> None:
    """Show the rights and APIs the portal uses; ends with 1 when a right lacks."""
    with portal() as client:
        found = client.get("/platform")["preflight"]
    wrong = [one for one in found if not one["passed"]]
    rows = [
        {
            "resource": one["resource"] + (f".{one['group']}" if one["group"] else ""),
            "verbs": ", ".join(one["verbs"]),
            "result": _result(one),
            "lacks": ", ".join(one["missing_verbs"])
            or ("the API" if one["served"] is False else ""),
        }
        for one in found
    ]
    show(found, output, table=table_of(rows, ["resource", "verbs", "result", "lacks"]))
    if output is Output.TABLE:
        for one in wrong:
            console.print(f"Add: {one['rule']}", highlight=False, markup=False, soft_wrap=True)
    if wrong:
        raise typer.Exit(ExitCode.FAILED)


def _result(one: dict[str, Any]) -> str:
    if not one["passed"]:
        return "fail"
    return "not served" if one["served"] is False else "pass"


def integrations(output: OutputOption = Output.TABLE) -> None:
    """Show what else on the cluster the portal can work with."""
    with portal() as client:
        found = client.get("/platform")["integrations"]
    show(found, output, table=table_of(found, ["title", "state", "version", "reason"]))
