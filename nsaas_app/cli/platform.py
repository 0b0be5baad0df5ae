"""`nsaas preflight` and `nsaas integrations`: how the cluster is set for the portal."""

import typer

from .client import portal
from .console import ExitCode, Output, OutputOption, console, show, table_of

__all__ = ["integrations", "preflight"]


def preflight(output: OutputOption = Output.TABLE) -> None:
    """Show the rights and APIs the portal needs; ends with 1 when something lacks."""
    with portal() as client:
        found = client.get("/platform")["preflight"]
    wrong = [one for one in found if not one["passed"] or one["served"] is False]
    rows = [
        {
            "resource": one["resource"] + (f".{one['group']}" if one["group"] else ""),
            "verbs": ", ".join(one["verbs"]),
            "result": "pass" if one not in wrong else "fail",
            "lacks": ", ".join(one["missing_verbs"])
            or ("the API" if one["served"] is False else ""),
        }
        for one in found
    ]
    show(found, output, table=table_of(rows, ["resource", "verbs", "result", "lacks"]))
    if output is Output.TABLE:
        for one in wrong:
            if one["rule"]:
                console.print(f"Add: {one['rule']}", highlight=False, markup=False, soft_wrap=True)
    if wrong:
        raise typer.Exit(ExitCode.FAILED)


def integrations(output: OutputOption = Output.TABLE) -> None:
    """Show what else on the cluster the portal can work with."""
    with portal() as client:
        found = client.get("/platform")["integrations"]
    show(found, output, table=table_of(found, ["title", "state", "version", "reason"]))
