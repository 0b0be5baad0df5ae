"""What every command shares: output, one sentence for a failure, exit codes."""

import json
import sys
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Final, NoReturn

import typer
import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .words import cell

__all__ = ["ExitCode", "Output", "OutputOption", "console", "fail", "show", "table_of"]

_WIDE: Final = 10_000
# Where nobody looks on, each row is one line, however long: that is for other programs to read.
console = Console(width=None if sys.stdout.isatty() else _WIDE)
_errors = Console(stderr=True)


class ExitCode(IntEnum):
    """What a script can rely on."""

    DONE = 0
    FAILED = 1
    REFUSED = 2
    SIGNED_OUT = 3
    UNREACHABLE = 4


class Output(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


OutputOption = Annotated[Output, typer.Option("-o", "--output", help="Format of the result.")]


def fail(message: str, code: ExitCode = ExitCode.FAILED, *, fix: str = "") -> NoReturn:
    """Say one sentence on standard error and end."""
    _errors.print(f"nsaas: {message}", style="red", markup=False, highlight=False)
    if fix:
        _errors.print(f"Fix: {fix}", markup=False, highlight=False)
    raise typer.Exit(code)


def table_of(rows: list[dict[str, Any]], columns: list[str]) -> Table:
    """A table of some columns of some rows. Nothing is cut off: names and ids are to be copied."""
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column.replace("_", " ").upper(), no_wrap=number == 0, overflow="fold")
    for row in rows:
        # Paths like labels[team] are no markup of ours.
        table.add_row(*(escape(cell(row.get(column))) for column in columns))
    return table


def show(value: Any, output: Output, *, table: Table | None = None) -> None:
    """Write a result in the wanted format."""
    if output is Output.JSON or (output is Output.TABLE and table is None):
        typer.echo(json.dumps(value, indent=2, default=str))
    elif output is Output.YAML:
        typer.echo(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), nl=False)
    else:
        console.print(table)
