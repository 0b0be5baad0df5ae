"""`nsaas drafts …` and `nsaas views …`: what you keep for yourself."""

from typing import Annotated
from urllib.parse import quote

import typer

from .client import portal
from .console import Output, OutputOption, show, table_of

__all__ = ["drafts", "views"]

drafts = typer.Typer(no_args_is_help=True, help="Your drafts of new namespaces.")
views = typer.Typer(no_args_is_help=True, help="Your saved views of the list of namespaces.")

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
