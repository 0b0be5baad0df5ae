"""CSV that no spreadsheet takes for formulas."""

import csv
import io
import json
from typing import Any

__all__ = ["csv_cell", "csv_line"]


def csv_line(cells: list[Any]) -> str:
    """Write one line."""
    line = io.StringIO()
    csv.writer(line).writerow([csv_cell(cell) for cell in cells])
    return line.getvalue()


def csv_cell(value: Any) -> str:
    """Write a value so that no spreadsheet takes it for a formula.

    The rule is OWASP's on CSV injection: a leading sign or control character gets an apostrophe.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
