"""Many open pages, held by a process of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from .fleet import TEAMS, member
from .portal import Place, cookies

__all__ = ["TEAM", "open_pages", "shown_names"]

TEAM: Final = 2
"""The team whose namespaces change; its number of the fleet."""
PEOPLE: Final = 50
SHOWN: Final = 20


def shown_names(count: int, today: datetime) -> list[str]:
    """The namespaces that stand on the first page of the team's list."""
    numbers = range(TEAM, count, len(TEAMS))
    return sorted(str(member(n, today=today).name) for n in numbers)[:SHOWN]


@contextmanager
def open_pages(place: Place, paths: list[str], *, url: str = "") -> Iterator[Path]:
    """Hold pages open for a block; what they saw is in the file afterwards.

    Args:
        place: whose portal.
        paths: one for each page.
        url: the way to the portal, if it is another one than its own.
    """
    orders, result = place.home / "orders.json", place.home / "seen.json"
    document = {
        "url": url or place.portal.url,
        "origin": place.portal.url,
        "paths": paths,
        "cookies": cookies(place.portal, PEOPLE),
        "result": str(result),
    }
    orders.write_text(json.dumps(document))
    command = [sys.executable, "-m", "bench.tabs", str(orders)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n", "the pages did not open"
        yield result
        process.communicate()
