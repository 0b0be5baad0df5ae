"""`nsaas teams …`: list, show, members, scorecard, review, ask-budget, put, set-members."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer
import yaml

from ..domain.amounts import amount, in_full
from .client import portal
from .console import ExitCode, Output, OutputOption, console, fail, show, table_of

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Teams, their budgets and members.")

_COLUMNS: Final = ["name", "display_name", "namespaces", "cpu", "memory", "storage", "month"]
_READ_ONLY: Final = ("used", "reserved", "cost", "version")
"""What a reply adds to a team: a file made from one may be handed in again."""

Name = Annotated[str, typer.Argument(help="Name of the team.")]
Groups = Annotated[
    list[str] | None, typer.Option(help="Group that gives the role; repeat for several.")
]
Count = Annotated[int | None, typer.Option(min=0)]
Text = Annotated[str | None, typer.Option()]


def _row(team: dict[str, Any]) -> dict[str, str]:
    """Write used and reserved of the limit, resource by resource."""
    used, reserved, budget = team["used"], team["reserved"], team["budget"]

    def spent(resource: str) -> str:
        held = f"{amount(resource, used[resource])} + {amount(resource, reserved[resource])}"
        return f"{held} of {in_full(resource, budget[resource])}"

    return {
        "name": team["name"],
        "display_name": team["display_name"],
        "namespaces": f"{used['namespaces']} of {budget['namespaces']}",
        "cpu": spent("requests.cpu"),
        "memory": spent("requests.memory"),
        "storage": spent("requests.storage"),
        "month": f"$ {team['cost']['monthly']:,.2f}",
    }


@app.command("list")
def list_teams(output: OutputOption = Output.TABLE) -> None:
    """List the teams you may see: used + reserved of the budget."""
    with portal() as client:
        page = client.get("/teams")
    show(page, output, table=table_of([_row(team) for team in page["items"]], _COLUMNS))


@app.command("show")
def show_team(name: Name, output: OutputOption = Output.TABLE) -> None:
    """Show one team."""
    with portal() as client:
        team = client.get(f"/teams/{name}")
    show(team, output, table=table_of([_row(team)], _COLUMNS))


@app.command("members")
def members(name: Name, output: OutputOption = Output.TABLE) -> None:
    """Show who was seen with a group of the team; a group nobody was seen with is named."""
    with portal() as client:
        found = client.get(f"/teams/{name}/members")
    rows = [one | {"groups": ", ".join(one["groups"])} for one in found["items"]]
    show(found, output, table=table_of(rows, ["subject", "role", "groups", "seen_at"]))
    if output is Output.TABLE:
        _tell_unseen(found["groups"])


@app.command("scorecard")
def scorecard(name: Name, output: OutputOption = Output.TABLE) -> None:
    """Show which rules the team keeps, and what to do about the others."""
    words = {True: "kept", False: "broken", None: "unknown"}
    with portal() as client:
        found = client.get(f"/teams/{name}/scorecard")
    rows = [
        {"rule": one["title"], "kept": words[one["kept"]], "result": one["result"],
         "improve": one["improve"]}
        for one in found["rules"]
    ]  # fmt: skip
    show(found, output, table=table_of(rows, ["rule", "kept", "result", "improve"]))
    if output is Output.TABLE:
        score = "nothing to judge by" if found["score"] is None else f"{found['score']} of 100"
        console.print(f"Score: {score}.", markup=False)


@app.command("review")
def review(
    name: Name,
    *,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The groups are right as they are.")
    ] = False,
    seen: Annotated[
        str,
        typer.Option(help="Confirm only if the groups still are this version, shown before."),
    ] = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Show who gets in and when that was reviewed; confirm it as a lead.

    What is confirmed are the groups as they are shown: if somebody changes them meanwhile,
    nothing is confirmed.
    """
    path = f"/teams/{name}/access-review"
    with portal() as client:
        # The version first: groups that change before they are read are none of this version.
        found, version = client.get_tagged(path)
        groups = client.get(f"/teams/{name}")["groups"]
        if confirm:
            wanted = f'"{seen}"' if seen else version
            found = client.post(path, {}, **{"If-Match": wanted})
    row = {key: str(value if value is not None else "") for key, value in found.items()}
    table = table_of([row], ["reviewed_at", "reviewed_by", "due_at", "is_due"])
    show(found | {"groups": groups, "version": version.strip('"')}, output, table=table)
    if output is Output.TABLE:
        for role, names in groups.items():
            console.print(f"{role}: {', '.join(names) or 'nobody'}", markup=False)
        console.print("Version of the groups:", version.strip('"'), markup=False)


@app.command("ask-budget")
def ask_budget(
    name: Name,
    *,
    reason: Annotated[str, typer.Option(help="Why more is needed.")],
    namespaces: Count = None,
    cpu: Text = None,
    memory: Text = None,
    storage: Text = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask the platform admins for a larger budget. For leads."""
    limits = {
        "namespaces": namespaces,
        "requests.cpu": cpu,
        "requests.memory": memory,
        "requests.storage": storage,
    }
    wanted = {key: value for key, value in limits.items() if value is not None}
    with portal() as client:
        found = client.post(f"/teams/{name}/budget-requests", {"budget": wanted, "reason": reason})
    row = {key: str(found[key]) for key in ("id", "asked_by", "wanted", "reason")}
    show(found, output, table=table_of([row], list(row)))


@app.command("put")
def put(
    name: Name,
    *,
    file: Annotated[Path | None, typer.Option("-f", "--file", help="A team as YAML.")] = None,
    display_name: Text = None,
    cost_center: Text = None,
    namespaces: Count = None,
    cpu: Text = None,
    memory: Text = None,
    storage: Text = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Create a team, or change what is named; the rest stays. For platform admins."""
    body = _read(file) if file is not None else {}
    texts = {"display_name": display_name, "cost_center": cost_center}
    limits = {
        "namespaces": namespaces,
        "requests.cpu": cpu,
        "requests.memory": memory,
        "requests.storage": storage,
    }
    body |= {key: value for key, value in texts.items() if value is not None}
    if named := {key: value for key, value in limits.items() if value is not None}:
        body["budget"] = body.get("budget", {}) | named
    with portal() as client:
        team = client.put(f"/teams/{name}", body)
    show(team, output, table=table_of([_row(team)], _COLUMNS))


@app.command("set-members")
def set_members(
    name: Name,
    *,
    viewer: Groups = None,
    developer: Groups = None,
    lead: Groups = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Say which groups give which role; a role that is not named keeps its groups."""
    roles = {"viewer": viewer, "developer": developer, "lead": lead}
    groups = {role: given for role, given in roles.items() if given is not None}
    if not groups:
        fail("Name at least one group.", ExitCode.REFUSED, fix="add --lead, --developer, --viewer")
    with portal() as client:
        found = client.put(f"/teams/{name}/members", {"groups": groups})
    rows = [one | {"seen": str(one["seen"])} for one in found["groups"]]
    show(found, output, table=table_of(rows, ["name", "role", "seen"]))
    if output is Output.TABLE:
        _tell_unseen(found["groups"])


def _tell_unseen(groups: list[dict[str, Any]]) -> None:
    for group in groups:
        if not group["seen"]:
            console.print(f"{group['name']} matches nobody seen so far.", markup=False)


def _read(file: Path) -> dict[str, Any]:
    try:
        body = yaml.safe_load(file.read_text())
    except (OSError, yaml.YAMLError) as error:
        fail(f"{file} cannot be read: {error}.", ExitCode.REFUSED)
    if not isinstance(body, dict):
        fail(f"{file} holds no team.", ExitCode.REFUSED)
    return {key: value for key, value in body.items() if key not in _READ_ONLY}
