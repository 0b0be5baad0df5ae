"""What handlers say travels as values: the browser refuses a script that the server sends.

`rx.toast` and `rx.set_clipboard` make such a script when a handler returns them. Bound to an
element they are built with the page and allowed; handlers use `ui.toasts.say` and `copied`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "nsaas_app"
SCRIPTS = frozenset({"toast", "set_clipboard", "call_script", "call_function", "run_script"})


def scripts_in(source: str) -> Iterator[int]:
    """Yield the lines that make a script anywhere but in a function that builds components."""
    yield from _scripts(ast.parse(source))


def _scripts(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.FunctionDef) and "Component" in _returns(node):
        return
    if isinstance(node, ast.Attribute) and node.attr in SCRIPTS and _name(node.value) == "rx":
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from _scripts(child)


def _returns(function: ast.FunctionDef) -> str:
    return ast.unparse(function.returns) if function.returns else ""


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def test_no_handler_sends_a_script() -> None:
    strays = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line in scripts_in(path.read_text())
    ]
    assert strays == []


def test_the_reader_sees_handlers_and_what_they_call() -> None:
    source = """
class Page(rx.State):
    async def save(self) -> EventSpec:
        return rx.toast.error("no")

    def copy(self):
        yield rx.set_clipboard("x")

def told() -> EventSpec:
    return rx.toast("yes")

def button() -> rx.Component:
    return rx.button(on_click=[rx.set_clipboard("x"), rx.toast("Copied.")])
"""
    assert list(scripts_in(source)) == [4, 7, 10]
