"""The command `nsaas`: one entry, a module per noun."""

from typing import Annotated, Any, Final

import typer
import yaml

from ..settings import SettingsError, load_settings
from . import (
    adoption,
    audit,
    cleanup,
    day_two,
    dev,
    files,
    lifetime,
    namespaces,
    personal,
    platform,
    previews,
    requests,
    sets,
    teams,
    tokens,
)
from .client import portal, store_login
from .console import ExitCode, Output, OutputOption, fail, show, table_of
from .serve import serve
from .status import status
from .up import down, up
from .words import quantity

__all__ = ["app", "main"]

_ADDED = (day_two,)
"""Modules that add their commands to another one's when they are read."""

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)
app.command()(up)
app.command()(down)
app.command()(status)
app.command()(serve)
app.command()(platform.preflight)
app.command()(platform.integrations)
app.command()(requests.request)
app.command()(sets.request_set)
app.command()(files.apply)
app.command()(adoption.adopt)
app.command()(files.export)
app.command()(previews.preview)
app.add_typer(requests.app, name="requests")
app.add_typer(namespaces.app, name="namespaces")
app.add_typer(teams.app, name="teams")
app.add_typer(lifetime.exports, name="exports")
app.add_typer(lifetime.inbox, name="inbox")
app.add_typer(audit.app, name="audit")
app.add_typer(tokens.app, name="tokens")
app.add_typer(personal.drafts, name="drafts")
app.add_typer(personal.views, name="views")
app.add_typer(personal.preferences, name="preferences")
app.add_typer(cleanup.app, name="cleanup")
app.add_typer(dev.app, name="dev")

_SHOWN: Final = {
    "cpu": "requests.cpu",
    "memory": "requests.memory",
    "storage": "requests.storage",
    "pods": "pods",
}
"""What the catalog tells of each tier."""

config = typer.Typer(no_args_is_help=True, help="Settings.")
app.add_typer(config, name="config")


@app.command()
def login(
    url: Annotated[str, typer.Option(envvar="NSAAS_URL", help="Where the portal is.")],
    token: Annotated[str, typer.Option(envvar="NSAAS_TOKEN", prompt=True, hide_input=True)],
) -> None:
    """Remember a portal and an API token."""
    store_login(url, token)
    with portal() as client:
        who = client.get("/me")
    typer.echo(f"Signed in at {url} as {who['subject']}.")


@app.command()
def whoami(output: OutputOption = Output.TABLE) -> None:
    """Show who the portal takes you for."""
    with portal() as client:
        who = client.get("/me")
    roles = [*who["roles"], *(f"{role} in {team}" for team, role in who["teams"].items())]
    rows = [{"subject": who["subject"], "roles": ", ".join(roles), "auth": who["auth"]}]
    show(who, output, table=table_of(rows, ["subject", "roles", "auth"]))


@app.command()
def catalog(
    *,
    templates: Annotated[bool, typer.Option("--templates", help="Templates alone.")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Show what can be asked for."""
    with portal() as client:
        found = client.get("/catalog")
    if templates:
        rows = [one | {"parameters": _parameters_of(one)} for one in found["templates"]]
        columns = ["id", "title", "tier", "parameters"]
        show(found["templates"], output, table=table_of(rows, columns))
        return
    rows = [
        {"tier": name} | {short: quantity(key, tier["quota"][key]) for short, key in _SHOWN.items()}
        for name, tier in found["tiers"].items()
    ]
    show(found, output, table=table_of(rows, ["tier", *_SHOWN]))


def _parameters_of(template: dict[str, Any]) -> str:
    return ", ".join(
        f"{one['name']} (required)" if one["required"] else f"{one['name']}={one['default']}"
        for one in template["parameters"]
    )


@config.command("show")
def show_config() -> None:
    """Print the effective settings, of the local run if one goes on; secrets are masked."""
    dev.take_local_run()
    try:
        settings = load_settings()
    except SettingsError as error:
        fail(str(error), ExitCode.REFUSED)
    typer.echo(yaml.safe_dump(settings.masked(), sort_keys=True), nl=False)


def main() -> None:
    """Run the command line."""
    app()
