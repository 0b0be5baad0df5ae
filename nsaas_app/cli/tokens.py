"""`nsaas tokens …`: list, create, revoke one's own API tokens."""

from typing import Annotated

import typer

from .client import portal
from .console import Output, OutputOption, show, table_of

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Your API tokens.")


@app.command("list")
def list_tokens(output: OutputOption = Output.TABLE) -> None:
    """List your living tokens, newest first."""
    with portal() as client:
        page = client.get("/tokens")
    rows = [token | {"scopes": ", ".join(token["scopes"])} for token in page["items"]]
    columns = ["id", "name", "scopes", "expires_at", "last_used_at"]
    show(page, output, table=table_of(rows, columns))


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    *,
    scope: Annotated[list[str] | None, typer.Option(help="read, write, approve; repeat.")] = None,
    days: Annotated[int, typer.Option(min=1, max=90, help="Days until it expires.")] = 30,
    output: OutputOption = Output.TABLE,
) -> None:
    """Make a token and print it: it is shown this one time."""
    body = {"name": name, "scopes": scope or ["read"], "expires_in_days": days}
    with portal() as client:
        new = client.post("/tokens", body)
    if output is Output.TABLE:
        # The token alone, so that a script can take it as it is.
        typer.echo(new["token"])
        typer.echo(f"Keep it now: {new['id']} is not shown again.", err=True)
    else:
        show(new, output)


@app.command("revoke")
def revoke(token_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """End a token at once."""
    with portal() as client:
        client.delete(f"/tokens/{token_id}", {})
    typer.echo(f"Revoked {token_id}.")
