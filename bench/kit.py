"""What the benchmarks share: percentiles, one table, one JSON file a benchmark."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Final

from rich.console import Console
from rich.table import Table

__all__ = ["RESULTS", "Series", "report"]

RESULTS: Final = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Series:
    """Times of one way to do it, in milliseconds."""

    name: str
    values_ms: tuple[float, ...]

    def percentile(self, percent: int) -> float:
        """One percentile, interpolated between neighbours."""
        if len(self.values_ms) == 1:
            return self.values_ms[0]
        return quantiles(self.values_ms, n=100, method="inclusive")[percent - 1]

    @property
    def p50(self) -> float:
        """The median."""
        return self.percentile(50)

    @property
    def p95(self) -> float:
        """One in twenty is slower."""
        return self.percentile(95)


def report(
    benchmark: str, series: list[Series], *, rival: str, facts: Mapping[str, object]
) -> None:
    """Print the table, each row with its ratio to the rival, and write it down."""
    base = next(one for one in series if one.name == rival)
    table = Table(title=benchmark, title_justify="left")
    for column in ("what", "n", "p50 ms", "p95 ms", f"p50 / {rival}"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for one in series:
        ratio = f"{one.p50 / base.p50:.2f}"
        table.add_row(one.name, str(len(one.values_ms)), f"{one.p50:.0f}", f"{one.p95:.0f}", ratio)
    console = Console()
    console.print(table)
    # Times are worth little while others use the machine; CPU says the same then, too.
    about = {"measured at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "load": os.getloadavg()}
    facts = {**facts, **about, "CPUs": os.cpu_count()}
    for name, value in facts.items():
        console.print(f"{name}: {value}", highlight=False)
    RESULTS.mkdir(exist_ok=True)
    written = {
        "series": {
            one.name: {"n": len(one.values_ms), "p50_ms": one.p50, "p95_ms": one.p95}
            for one in series
        },
        "facts": dict(facts),
    }
    (RESULTS / f"{benchmark}.json").write_text(json.dumps(written, indent=2, default=str))
