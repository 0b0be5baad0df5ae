"""`nsaas drafts …`, `nsaas views …` and `nsaas preferences …`: what you keep for yourself."""

from typing import Annotated
from urllib.parse import quote

import typer

from .client import portal
from .console import ExitCode, Output, OutputOption, fail, show, table_of

__all__ = ["drafts", "preferences", "views"]

drafts = typer.Typer(no_args_is_help=True, help="Your drafts of new namespaces.")
views = typer.Typer(no_args_is_help=True, help="Your saved views of the list of namespaces.")
preferences = typer.Typer(no_args_is_help=True, help="How you want to see the pages.")

Key = Annotated[str, typer.Argument(metavar="KEY")]


def _list(path: str, output: Output) -> None:
    with portal() as client:
        page = client.get(path)
    show(page, output, table=table_of(page["items"], ["key", "title", "updated_at"]))


def _remove(path: str, key: str) -> None:
    with portal() as client:
        client.delete(f"{path}/{quote(key, safe='')}", {})
    typer.echo(f"Forgot {key}.")


@drafts.command("list")
def list_drafts(output: OutputOption = Output.TABLE) -> None:
    """List them, the newest first."""
    _list("/drafts", output)


@drafts.command("remove")
def remove_draft(key: Key) -> None:
    """Forget one."""
    _remove("/drafts", key)


@views.command("list")
def list_views(output: OutputOption = Output.TABLE) -> None:
    """List them, the newest first."""
    _list("/views", output)


@views.command("save")
def save_view(
    key: Annotated[str, typer.Argument(metavar="NAME")],
    query: Annotated[str, typer.Argument(help="As in the address, such as env=staging&tier=small")],
) -> None:
    """Save a view, in place of one that has the name already."""
    with portal() as client:
        client.put(f"/views/{quote(key, safe='')}", {"document": {"query": query}})
    typer.echo(f"Saved {key}.")


@views.command("remove")
def remove_view(key: Key) -> None:
    """Forget one."""
    _remove("/views", key)


@preferences.command("show")
def show_preferences(output: OutputOption = Output.TABLE) -> None:
    """Show them."""
    with portal() as client:
        found = client.get("/me/preferences")
    show(found, output, table=table_of([found], list(found)))


@preferences.command("set")
def set_preferences(
    *,
    theme: Annotated[str | None, typer.Option(help="system, light or dark.")] = None,
    density: Annotated[str | None, typer.Option(help="comfortable or compact.")] = None,
    page_size: Annotated[int | None, typer.Option(help="20 or 50 rows on a page.")] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="Such as Europe/Berlin; empty for the browser's.")
    ] = None,
    motion: Annotated[str | None, typer.Option(help="system or reduced.")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Change some of them; the others stay."""
    wanted = {
        "theme": theme,
        "density": density,
        "page_size": page_size,
        "time_zone": time_zone,
        "motion": motion,
    }
    chosen = {name: value for name, value in wanted.items() if value is not None}
    if not chosen:
        fail("Say what to change; see nsaas preferences set --help.", ExitCode.REFUSED)
    with portal() as client:
        found = client.put("/me/preferences", client.get("/me/preferences") | chosen)
    show(found, output, table=table_of([found], list(found)))
