"""`nsaas cleanup`: what may be removed, and plans that remove it."""

from typing import Annotated, Any

import typer

from .client import portal
from .console import Output, OutputOption, show, table_of

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Cleanup, for platform admins and auditors.")


@app.command("candidates")
def candidates(
    *,
    reason: Annotated[
        str, typer.Option(help="expired, idle, orphan, missing, failed, stuck, …")
    ] = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """List namespaces for which something speaks, with the evidence."""
    with portal() as client:
        found = client.get("/cleanup/candidates", **({"reason": reason} if reason else {}))
    rows = [_row(one) for one in found["items"]]
    columns = ["namespace", "team", "reasons", "evidence", "would lose", "kept by"]
    show(found, output, table=table_of(rows, columns))


def _row(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "namespace": one["namespace"],
        "team": one["team"],
        "reasons": ", ".join(one["reasons"]),
        "evidence": "; ".join(piece["value"] for piece in one["evidence"]),
        "would lose": in_words(one["impact"]),
        "kept by": "; ".join(each["message"] for each in one["exclusions"]),
    }


def in_words(impact: dict[str, Any]) -> str:
    """What would be lost, in a few words."""
    counts = {
        "pods": impact["pods"],
        "volumes": len(impact["volumes"]),
        "load balancers": impact["load_balancers"],
        "ingress hosts": len(impact["ingress_hosts"]),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing"


@app.command("sweeps")
def sweeps(output: OutputOption = Output.TABLE) -> None:
    """List the latest looks at the whole fleet and what they found."""
    with portal() as client:
        found = client.get("/cleanup/sweeps")
    rows = [
        one | {"found": ", ".join(f"{n} {reason}" for reason, n in one["found"].items())}
        for one in found["items"]
    ]
    show(found, output, table=table_of(rows, ["started_at", "took_ms", "looked_at", "found"]))
