"""Rules that hold for every module of the package, read from its syntax tree."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "nsaas_app"
MODULES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.rglob("*.py")
    if "versions" not in path.parts
)

KEY = re.compile(r"(?<![\w.-])platform\.io/")
"""`nsaas.platform.io/v1`, the version of our own documents, is no key on an object."""
KEYS = "domain/keys.py"
OWN_WORDS = ("localcluster/",)
"""The local control plane knows nothing of the product's modules, so it has its own copies."""
CLOCKS = ("runtime/", "api/", "ui/", "cli/", "localcluster/")
"""The composition root and the edges read the clock; everybody else is given `now`."""


def docstrings(tree: ast.Module) -> set[int]:
    """Identify the constants that are documentation, those under an assignment included."""
    return {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }


def keys_in(source: str) -> Iterator[int]:
    """Yield the lines of strings that look like a key of ours on a cluster object."""
    tree = ast.parse(source)
    documentation = docstrings(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and KEY.search(node.value)
            and id(node) not in documentation
        ):
            yield node.lineno


def clocks_in(source: str) -> Iterator[int]:
    """Yield the lines that ask the machine for the date."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if name in {"datetime", "date"}:
                yield node.lineno


def declares_all(tree: ast.Module) -> bool:
    for statement in tree.body:
        targets = (
            statement.targets
            if isinstance(statement, ast.Assign)
            else [statement.target]
            if isinstance(statement, ast.AnnAssign)
            else []
        )
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return True
    return False


def test_a_module_says_what_lives_here_and_what_it_offers() -> None:
    wrong = []
    for name in MODULES:
        tree = ast.parse((PACKAGE / name).read_text())
        if not ast.get_docstring(tree):
            wrong.append(f"{name}: no module docstring")
        if not declares_all(tree):
            wrong.append(f"{name}: no __all__")
    assert wrong == []


def test_keys_on_cluster_objects_have_one_home() -> None:
    strays = [
        f"{name}:{line}"
        for name in MODULES
        if name != KEYS and not name.startswith(OWN_WORDS)
        for line in keys_in((PACKAGE / name).read_text())
    ]
    assert strays == []
    assert list(keys_in((PACKAGE / KEYS).read_text()))


def test_only_the_edges_read_the_clock() -> None:
    strays = [
        f"{name}:{line}"
        for name in MODULES
        if not name.startswith(CLOCKS)
        for line in clocks_in((PACKAGE / name).read_text())
    ]
    assert strays == []


def test_the_readers_see_what_they_look_for() -> None:
    source = (
        '"""platform.io/a is documentation."""\nx = f"platform.io/{y}"\nnow = dt.datetime.now()\n'
    )
    assert list(keys_in(source)) == [2]
    assert list(clocks_in(source)) == [3]
    assert not declares_all(ast.parse(source))
