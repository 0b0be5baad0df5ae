"""`nsaas preflight` and `nsaas integrations`: how the cluster is set for the portal."""

import typer

from .client import portal
from .console import ExitCode, Output, OutputOption, console, fail, show, table_of

__all__ = ["integrations", "preflight"]


def preflight(output: OutputOption = Output.TABLE) -> None:
    """Show the rights and APIs the portal uses; ends with 1 when a right lacks or none is known."""
    with portal() as client:
        answer = client.get("/platform")
    found, trouble = answer["preflight"], answer["trouble"]
    if not found:
        fail(trouble or "The portal has no cluster to ask, or did not ask it yet.")
    rows = [
        {
            "resource": one["resource"] + (f".{one['group']}" if one["group"] else ""),
            "verbs": ", ".join(one["verbs"]),
            "result": "not served" if one["result"] == "absent" else one["result"],
            "lacks": ", ".join(one["missing_verbs"])
            or ("the API" if one["served"] is False else ""),
        }
        for one in found
    ]
    show(found, output, table=table_of(rows, ["resource", "verbs", "result", "lacks"]))
    if output is Output.TABLE:
        for one in found:
            if one["rule"]:
                word = "Add" if one["result"] == "fail" else "Add if it lacks"
                rule = f"{word}: {one['rule']}"
                console.print(rule, highlight=False, markup=False, soft_wrap=True)
        if trouble:
            words = f"This was seen {answer['as_of']}. Since then: {trouble}"
            console.print(words, highlight=False, markup=False, soft_wrap=True)
    if any(one["result"] == "fail" for one in found):
        raise typer.Exit(ExitCode.FAILED)


def integrations(output: OutputOption = Output.TABLE) -> None:
    """Show what else on the cluster the portal can work with."""
    with portal() as client:
        found = client.get("/platform")["integrations"]
    show(found, output, table=table_of(found, ["title", "state", "version", "reason"]))
