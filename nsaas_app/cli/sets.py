"""`nsaas request-set`: one base name in several environments, in one go."""

from typing import Annotated, Any

import typer
import yaml

from .client import portal
from .console import ExitCode, Output, OutputOption, console, fail, show, table_of
from .requests import follow

__all__ = ["request_set"]

_COLUMNS = ["namespace", "request_id", "status", "phase", "problem"]


def request_set(
    base: Annotated[str, typer.Argument(help="Names are BASE-dev, BASE-test, BASE-stg.")],
    team: Annotated[str, typer.Option("--team")],
    env: Annotated[list[str], typer.Option("--env", help="Several: one namespace in each.")],
    *,
    tier: Annotated[str | None, typer.Option(help="micro, small, medium, large")] = None,
    network: Annotated[str | None, typer.Option(help="isolated, team-shared, open")] = None,
    description: Annotated[str, typer.Option()] = "",
    cost_center: Annotated[str | None, typer.Option("--cost-center")] = None,
    owner: Annotated[str | None, typer.Option()] = None,
    override: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="What differs: ENVIRONMENT:FIELD=VALUE, such as staging:tier=large."
        ),
    ] = None,
    justification: Annotated[str, typer.Option()] = "",
    idempotency_key: Annotated[str | None, typer.Option("--idempotency-key")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow until all have ended.")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask for a namespace in each of several environments; all are accepted or none."""
    shared: dict[str, Any] = {
        "tier": tier,
        "description": description,
        "cost_center": cost_center,
        "owner": owner,
        "network": {"preset": network} if network else None,
    }
    body = {
        "base": base,
        "team": team,
        "environments": env,
        "spec": {key: value for key, value in shared.items() if value},
        "overrides": _overrides(override or []),
        "justification": justification,
    }
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    with portal() as client:
        accepted = client.post("/namespace-sets", body, **headers)
        if wait:
            quiet = output is not Output.TABLE
            for number, one in enumerate(accepted["requests"]):
                if not quiet:
                    console.print(f"{one['namespace']}:", highlight=False, markup=False)
                accepted["requests"][number] = follow(client, one, quiet=quiet)
    rows = [one | {"problem": (one["error"] or {}).get("message")} for one in accepted["requests"]]
    show(accepted, output, table=table_of(rows, _COLUMNS))
    if any(one["status"] == "failed" for one in rows):
        raise typer.Exit(ExitCode.FAILED)


def _overrides(words: list[str]) -> dict[str, dict[str, Any]]:
    """Read `environment:field.part=value`; a value is read as YAML, so numbers are numbers."""
    found: dict[str, dict[str, Any]] = {}
    for word in words:
        place, has_value, value = word.partition("=")
        environment, has_field, path = place.partition(":")
        if not (has_value and has_field and environment and path):
            fail(f"{word!r} is not ENVIRONMENT:FIELD=VALUE.", ExitCode.REFUSED)
        inner = found.setdefault(environment, {})
        *outer, last = path.split(".")
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = yaml.safe_load(value)
    return found
