"""The connectivity matrix: who asks in rows, who is asked in columns. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...insights.network_cells import API_SERVER, DATABASE, HERE, Cell
from ..routes import Pill
from .network_lines import CellLine, slug
from .tabs import tab_address

__all__ = ["MatrixColumn", "MatrixRow", "matrix_vars"]

_LABELS: Final = {
    HERE: "Same namespace",
    "cluster DNS": "DNS",
    API_SERVER: API_SERVER,
    ("internet", "TCP 443"): "Internet 443",
    ("internet", "TCP 80"): "Other internet",
}
_ORDER: Final = (
    HERE, "own team", "other teams", "gateway", "monitoring", "cluster DNS", "internet",
    "metadata service", API_SERVER, DATABASE,
)  # fmt: skip


@dataclass(frozen=True)
class MatrixColumn:
    """One end that is asked, at one port."""

    key: str
    label: str
    port: str


@dataclass(frozen=True)
class MatrixRow:
    """One end that asks."""

    key: str
    label: str
    cells: tuple[CellLine, ...]
    rest: int
    """Columns that its own policies decide, not those of this namespace."""


def matrix_vars(name: str, cells: Sequence[Cell], query: Mapping[str, str]) -> dict[str, object]:
    """Compute the matrix, and the list of one of its rows for narrow screens.

    Args:
        name: of the namespace.
        cells: every connection; one end is the namespace itself.
        query: of the address: `row`, the end whose connections are listed.
    """
    ordered = sorted(cells, key=lambda cell: _rank(cell.target))
    own = [cell for cell in ordered if cell.source == HERE]
    others = [cell for cell in ordered if cell.source != HERE]
    columns = [_column(cell) for cell in own]
    rows = [_row(HERE, own, len(columns))] if own else []
    rows += [_row(cell.source, [cell], len(columns)) for cell in others]
    wanted = query.get("row", "")
    opened = next((row for row in rows if row.key == wanted), rows[0] if rows else None)
    return {
        "matrix": rows,
        "matrix_columns": columns,
        "matrix_row": list(opened.cells) if opened else [],
        "matrix_rows": [
            Pill(
                row.key,
                row.label,
                tab_address(name, "network", row="" if row is rows[0] else row.key),
                row is opened,
            )
            for row in rows
        ],
    }


def _rank(target: str) -> tuple[int, str]:
    """Where a column stands; one of another class of the own team beside that team."""
    name = target.split(",", 1)[0]
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER)), target


def _column(cell: Cell) -> MatrixColumn:
    label = _LABELS.get((cell.target, cell.port)) or _LABELS.get(cell.target)
    key = f"{slug(cell.target)}-{slug(cell.port)}"
    return MatrixColumn(key, label or cell.target.capitalize(), cell.port)


def _row(source: str, cells: Sequence[Cell], width: int) -> MatrixRow:
    lines = tuple(CellLine.of(cell) for cell in cells)
    return MatrixRow(slug(source), source.capitalize(), lines, width - len(lines))
