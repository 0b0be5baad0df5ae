"""Every page takes its address before it waits for anything.

What a handler in the background sees of the address after it has waited is that of whichever event
came last: the page would show the rows of another address.
"""

import ast
from pathlib import Path

PAGES = Path(__file__).parents[2] / "nsaas_app" / "ui"
OF_THE_ADDRESS = frozenset({"router", "_filters"})


def late_readers(source: str) -> list[int]:
    """Lines on which a page's loop reads the address although it has waited before."""
    found = []
    for loop in ast.walk(ast.parse(source)):
        if not (isinstance(loop, ast.AsyncFunctionDef) and loop.name == "watch"):
            continue
        nodes = list(ast.walk(loop))
        waits = [one.lineno for one in nodes if isinstance(one, ast.Await | ast.AsyncWith)]
        found += [
            one.lineno
            for one in nodes
            if isinstance(one, ast.Attribute)
            and one.attr in OF_THE_ADDRESS
            and one.lineno > min(waits)
        ]
    return found


def test_pages_take_their_address_first() -> None:
    late = [
        f"{path.relative_to(PAGES)}:{line}"
        for path in sorted(PAGES.rglob("*.py"))
        for line in late_readers(path.read_text())
    ]
    assert late == []


def test_a_late_reader_is_found() -> None:
    source = "async def watch(self):\n    await asked(self)\n    query = self.router.url\n"
    assert late_readers(source) == [3]
