"""`nsaas cleanup`: what may be removed, and plans that remove it."""

from typing import Annotated, Any

import typer

from .client import portal
from .console import Output, OutputOption, console, show, table_of

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
        "pod": impact["pods"],
        "volume": len(impact["volumes"]),
        "load balancer": impact["load_balancers"],
        "ingress host": len(impact["ingress_hosts"]),
        "cloud resource": len(impact["cloud_resources"]),
    }
    words = [f"{n} {what}{'' if n == 1 else 's'}" for what, n in counts.items() if n]
    words += [f"unknown: {', '.join(impact['unseen'])}"] if impact["unseen"] else []
    return ", ".join(words) or "nothing"


@app.command("unmanaged")
def unmanaged(output: OutputOption = Output.TABLE) -> None:
    """List namespaces that the portal does not manage; `nsaas adopt` takes one over."""
    with portal() as client:
        found = client.get("/cleanup/unmanaged")
    rows = [one | {"why not": "; ".join(one["obstacles"])} for one in found["items"]]
    columns = ["namespace", "created_at", "pods", "why not"]
    show(found, output, table=table_of(rows, columns))


@app.command("mine")
def mine(output: OutputOption = Output.TABLE) -> None:
    """List what cleanup has in mind for your teams' namespaces; answer with `cleanup keep`."""
    with portal() as client:
        found = client.get("/cleanup/mine")
    rows = [
        one
        | {
            "reasons": ", ".join(one["reasons"]),
            "evidence": "; ".join(piece["value"] for piece in one["evidence"]),
            "next": one["next_stage"],
        }
        for one in found["items"]
    ]
    columns = ["namespace", "team", "reasons", "evidence", "next", "due_at", "kept"]
    show(found, output, table=table_of(rows, columns))


@app.command("sweeps")
def sweeps(output: OutputOption = Output.TABLE) -> None:
    """List the latest looks at the whole fleet and what they found."""
    with portal() as client:
        found = client.get("/cleanup/sweeps")
    rows = [
        one
        | {
            "found": ", ".join(f"{n} {reason}" for reason, n in one["found"].items()),
            "notes": " ".join(one["notes"]),
        }
        for one in found["items"]
    ]
    show(
        found,
        output,
        table=table_of(rows, ["started_at", "took_ms", "looked_at", "found", "notes"]),
    )


@app.command("plan")
def plan(
    namespaces: Annotated[list[str], typer.Argument(help="Which ones.")],
    *,
    stage: Annotated[str, typer.Option(help="notify, sleep, revoke, export, delete")],
    idempotency_key: Annotated[str | None, typer.Option("--idempotency-key")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Plan a cleanup; nothing happens before its words are typed."""
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    body = {"namespaces": namespaces, "stage": stage}
    with portal() as client:
        _show_plan(client.post("/cleanup/plans", body, **headers), output)


@app.command("plans")
def plans(output: OutputOption = Output.TABLE) -> None:
    """List the latest plans."""
    with portal() as client:
        found = client.get("/cleanup/plans")
    rows = [one | {"namespaces": len(one["lines"])} for one in found["items"]]
    columns = ["plan_id", "stage", "state", "namespaces", "created_by", "created_at"]
    show(found, output, table=table_of(rows, columns))


@app.command("show")
def show_plan(plan_id: str, output: OutputOption = Output.TABLE) -> None:
    """Show a plan and how far each line is."""
    with portal() as client:
        _show_plan(client.get(f"/cleanup/plans/{plan_id}"), output)


@app.command("execute")
def execute(
    plan_id: str,
    *,
    confirm: Annotated[str, typer.Option(help="The plan's own words, typed.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be skipped now, and why.")
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Confirm a plan by its own words; the portal carries it out."""
    with portal() as client:
        if dry_run:
            found = client.get(f"/cleanup/plans/{plan_id}/dry-run")
            show(found, output, table=table_of(found["lines"], ["namespace", "would", "reason"]))
            return
        words = confirm or typer.prompt("Type the plan's words to confirm")
        _show_plan(client.post(f"/cleanup/plans/{plan_id}/execute", {"confirm": words}), output)


@app.command("stop")
def stop(plan_id: str, output: OutputOption = Output.TABLE) -> None:
    """Let what runs end, and begin nothing new."""
    with portal() as client:
        _show_plan(client.post(f"/cleanup/plans/{plan_id}/stop", {}), output)


@app.command("undo")
def undo(action_id: str, output: OutputOption = Output.TABLE) -> None:
    """Take a stage back, or call off one that has not begun."""
    with portal() as client:
        _show_plan(client.post(f"/cleanup/actions/{action_id}/undo", {}), output)


@app.command("retry")
def retry(action_id: str, output: OutputOption = Output.TABLE) -> None:
    """Begin a stage that failed once more."""
    with portal() as client:
        _show_plan(client.post(f"/cleanup/actions/{action_id}/retry", {}), output)


@app.command("rules")
def rules(output: OutputOption = Output.TABLE) -> None:
    """List which reasons people are told of by themselves."""
    with portal() as client:
        found = client.get("/cleanup/rules")
    columns = ["reason", "is_on", "every_days", "changed_by", "last_run_at"]
    show(found, output, table=table_of(found["items"], columns))


@app.command("rule")
def rule(
    reason: Annotated[str, typer.Argument(help="expired, idle, owner-gone, over-quota")],
    *,
    on: Annotated[bool, typer.Option("--on/--off", help="Whether it runs.")],
    every: Annotated[int, typer.Option(help="Days between two runs.")] = 7,
) -> None:
    """Have owners and leads told of a reason now and then; a rule never does more than that."""
    with portal() as client:
        client.put(f"/cleanup/rules/{reason}", {"is_on": on, "every_days": every})
    typer.echo(f"People are told every {every} days." if on else "People are told no more.")


@app.command("explain")
def explain(
    name: str,
    *,
    force: Annotated[
        str, typer.Option(help="Typed as `force NAME`: show the last resort; this is audited.")
    ] = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Say what is in the way of a deletion, and the way out."""
    with portal() as client:
        if force:
            found = client.post(f"/cleanup/stuck/{name}/force", {"confirm": force})
        else:
            found = client.get(f"/cleanup/stuck/{name}")
    rows = [
        {
            "blocker": f"{one['kind']}: {one['what']}",
            "count": one["count"],
            "objects": ", ".join(one["objects"]),
            "way out": " ".join(one["way_out"]),
            "last resort": one["force"],
        }
        for one in found["blockers"]
    ]
    columns = ["blocker", "count", "objects", "way out", *(["last resort"] if force else [])]
    show(found, output, table=table_of(rows, columns))


@app.command("recreate")
def recreate(name: str, output: OutputOption = Output.TABLE) -> None:
    """Make a missing namespace anew; what ran in it is lost."""
    with portal() as client:
        found = client.post(f"/cleanup/missing/{name}/recreate", {})
    show(found, output, table=table_of([found], ["namespace", "request_id", "status"]))


@app.command("forget")
def forget(name: str, *, confirm: Annotated[str, typer.Option(prompt="Type its name")]) -> None:
    """Give up the record of a missing namespace."""
    with portal() as client:
        client.post(f"/cleanup/missing/{name}/forget", {"confirm": confirm})
    typer.echo(f"{name} is forgotten; its name and budget are free.")


@app.command("keep")
def keep(
    name: str, *, reason: Annotated[str, typer.Option()], days: Annotated[int, typer.Option()] = 90
) -> None:
    """Say that a namespace is wanted: cleanup leaves it alone for that long."""
    with portal() as client:
        kept = client.post(f"/cleanup/keeps/{name}", {"reason": reason, "days": days})
    typer.echo(f"{name} is kept until {kept['until']}.")


@app.command("unkeep")
def unkeep(name: str) -> None:
    """Take back the word that a namespace is wanted, or known to be missing."""
    with portal() as client:
        client.delete(f"/cleanup/keeps/{name}", {})
    typer.echo(f"Cleanup looks at {name} again.")


@app.command("mark")
def mark(
    name: str, *, reason: Annotated[str, typer.Option()], days: Annotated[int, typer.Option()] = 90
) -> None:
    """Say that a namespace is known to be missing: its record stays, nobody is bothered."""
    with portal() as client:
        marked = client.post(f"/cleanup/missing/{name}/mark", {"reason": reason, "days": days})
    typer.echo(f"{name} is marked until {marked['until']}.")


def _show_plan(found: dict[str, Any], output: Output) -> None:
    rows = [
        {
            "namespace": line["namespace"],
            "state": line["state"],
            "stages": ", ".join(f"{one['stage']} {one['state']}" for one in line["actions"]),
            "would lose": in_words(line["impact"]),
            "reason": "; ".join(filter(None, (line["reason"], line["advice"]))),
            "undo": line["undo"],
            "retry": line["retry"],
        }
        for line in found["lines"]
    ]
    columns = ["namespace", "state", "stages", "would lose", "reason", "undo", "retry"]
    show(found, output, table=table_of(rows, columns))
    if output is Output.TABLE and found["state"] == "planned":
        words = f"Nothing has happened. To carry it out: nsaas cleanup execute {found['plan_id']} "
        console.print(f"{words}--confirm '{found['confirm']}'", highlight=False, soft_wrap=True)
