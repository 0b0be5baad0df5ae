"""`nsaas namespaces …`: list, show, and ask for changes of one."""

from typing import Annotated, Any

import typer

from ..domain.resource_words import RESOURCE_WORDS
from .client import portal
from .console import ExitCode, Output, OutputOption, fail, show, table_of
from .requests import follow, report
from .words import cell, quantity, use_of

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Managed namespaces.")


def _row(found: dict[str, Any]) -> dict[str, Any]:
    cpu = found["quota"].get("requests.cpu")
    return found | {"cpu": use_of("requests.cpu", cpu["used"], cpu["hard"]) if cpu else ""}


@app.command("list")
def list_namespaces(
    *,
    team: Annotated[list[str] | None, typer.Option()] = None,
    env: Annotated[list[str] | None, typer.Option()] = None,
    q: Annotated[str, typer.Option("--search", help="Part of name, team, owner.")] = "",
    sort: Annotated[str, typer.Option(help="A column; with a dash in front descending.")] = "name",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    output: OutputOption = Output.TABLE,
) -> None:
    """List namespaces."""
    with portal() as client:
        page = client.get(
            "/namespaces", team=team or [], environment=env or [], q=q, sort=sort, limit=limit
        )
    columns = ["name", "team", "environment", "tier", "state", "cpu", "expires_at"]
    show(page, output, table=table_of([_row(item) for item in page["items"]], columns))


@app.command("download")
def download_namespaces(
    *,
    team: Annotated[list[str] | None, typer.Option()] = None,
    env: Annotated[list[str] | None, typer.Option()] = None,
    tier: Annotated[list[str] | None, typer.Option()] = None,
    state: Annotated[list[str] | None, typer.Option()] = None,
    q: Annotated[str, typer.Option("--search", help="Part of name, team, owner.")] = "",
    sort: Annotated[str, typer.Option(help="A column; with a dash in front descending.")] = "name",
    file_format: Annotated[str, typer.Option("--format", help="csv, or yaml to apply.")] = "csv",
) -> None:
    """Write all namespaces that match to standard output."""
    wanted = {
        "team": team or [],
        "environment": env or [],
        "tier": tier or [],
        "state": state or [],
    }
    with portal() as client:
        for part in client.download(
            "/namespace-list", format=file_format, q=q, sort=sort, **wanted
        ):
            typer.echo(part, nl=False)


@app.command("show")
def show_namespace(name: str, output: OutputOption = Output.TABLE) -> None:
    """Show one namespace."""
    with portal() as client:
        found = client.get(f"/namespaces/{name}")
    if output is Output.TABLE:
        for term, value in _facts(found).items():
            typer.echo(f"{term:<18}{cell(value)}")
        typer.echo()
    rows = [
        {
            "resource": RESOURCE_WORDS.get(resource, resource),
            "used": quantity(resource, use["used"]),
            "hard": quantity(resource, use["hard"]),
        }
        for resource, use in found["quota"].items()
    ]
    show(found, output, table=table_of(rows, ["resource", "used", "hard"]))


def _facts(found: dict[str, Any]) -> dict[str, Any]:
    """What somebody asks of a namespace first, a line each."""
    health = found["health"]
    reasons = "; ".join(reason["message"] for reason in health["reasons"])
    facts = {
        "Name": found["name"],
        "State": "asleep" if found["asleep"] else found["state"],
        "Team": found["team"],
        "Environment": found["environment"],
        "Tier": found["tier"],
        "Network": found["network"],
        "Owner": found["owner"],
        "Health": f"{health['score']} of 100" + (f": {reasons}" if reasons else ""),
        "Protected": found["protected"],
        "Created": found["created_at"],
        "Expires": found["expires_at"] or "no end",
        "Restorable until": found["restorable_until"],
        "Description": found["description"],
    }
    return {term: value for term, value in facts.items() if value not in (None, "")}


Why = Annotated[
    str, typer.Option("--justification", help="Why; asked for where somebody must approve.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Follow until it ends.")]


def _ask(path: str, body: dict[str, Any], *, wait: bool, output: Output) -> None:
    with portal() as client:
        accepted = client.post(path, body)
        ended = follow(client, accepted, quiet=output is not Output.TABLE) if wait else accepted
    report(ended, output)


@app.command("renew")
def renew(
    name: str,
    days: Annotated[int, typer.Option(min=1, help="Days from now.")],
    *,
    justification: Why = "",
    wait: Wait = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Extend the lifetime."""
    _ask(
        f"/namespaces/{name}/renew",
        {"days": days, "justification": justification},
        wait=wait,
        output=output,
    )


@app.command("restore")
def restore(name: str, *, wait: Wait = False, output: OutputOption = Output.TABLE) -> None:
    """Take back a release."""
    _ask(f"/namespaces/{name}/restore", {}, wait=wait, output=output)


@app.command("clone")
def clone(
    name: str,
    new_name: str,
    *,
    justification: Why = "",
    wait: Wait = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask for a namespace like an existing one."""
    body = {"name": new_name, "justification": justification}
    _ask(f"/namespaces/{name}/clone", body, wait=wait, output=output)


@app.command("release")
def release(
    name: str,
    *,
    confirm: Annotated[str, typer.Option(help="The name, typed; production asks for it.")] = "",
    justification: Why = "",
    wait: Wait = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Give a namespace up; it can be restored for the grace period."""
    with portal() as client:
        body = {"confirm": confirm, "justification": justification}
        accepted = client.delete(f"/namespaces/{name}", body)
        ended = follow(client, accepted, quiet=output is not Output.TABLE) if wait else accepted
    report(ended, output)


@app.command("change")
def change(
    name: str,
    *,
    tier: Annotated[str | None, typer.Option()] = None,
    network: Annotated[str | None, typer.Option()] = None,
    egress: Annotated[str | None, typer.Option()] = None,
    owner: Annotated[str | None, typer.Option()] = None,
    description: Annotated[str | None, typer.Option()] = None,
    cost_center: Annotated[str | None, typer.Option("--cost-center")] = None,
    justification: Why = "",
    wait: Wait = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask for a change; what is not named stays."""
    patch: dict[str, Any] = {
        "tier": tier,
        "owner": owner,
        "description": description,
        "cost_center": cost_center,
        "network": {k: v for k, v in (("preset", network), ("egress", egress)) if v},
    }
    patch = {key: value for key, value in patch.items() if value}
    if not patch:
        fail("Say what shall change.", ExitCode.REFUSED)
    with portal() as client:
        asked = patch | {"justification": justification}
        status, body = client.patch(f"/namespaces/{name}", asked)
        if status == 200:  # noqa: PLR2004 - HTTP's own number
            typer.echo(f"{name} is as asked already.")
            return
        ended = follow(client, body, quiet=output is not Output.TABLE) if wait else body
    report(ended, output)
