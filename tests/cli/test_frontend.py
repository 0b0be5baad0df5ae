"""The front end is built once, kept as long as its sources stay, and asks no other host."""

import asyncio
import fcntl
import logging
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import reflex as rx

from nsaas_app.cli.frontend import (
    INGREDIENTS,
    FrontendError,
    client_files,
    ensure_built,
    stamp,
    wrong_icons,
)
from nsaas_app.frontend_env import env_script, env_script_name
from nsaas_app.localcluster import quiet

ROOT = Path(__file__).parents[2]
LOADED = re.compile(
    r"""<(?:link|script|img|iframe)[^>]+(?:href|src)=["']?(?P<tag>(?:https?:)?//[^"'\s>]+)"""
    r"""|url\(\s*["']?(?P<css>(?:https?:)?//[^"')]+)"""
    r"""|@import\s*["'](?P<sheet>(?:https?:)?//[^"']+)"""
    r"""|(?:\bimport|\bfrom|importScripts\(|import\()\s*["'`](?P<module>(?:https?:)?//[^"'`]+)""",
    re.VERBOSE,
)


class Reports:
    """Remembers what a progress callback was told, and when."""

    def __init__(self) -> None:
        self.phases: list[str] = []

    def __call__(
        self, phase: str, *, fraction: float | None = None, elapsed: float | None = None
    ) -> None:
        self.phases.append(phase)


@pytest.fixture(scope="module")
def built() -> Path:
    """The product's own front end, built by the first test that needs it."""
    return asyncio.run(ensure_built(quiet))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with one page."""
    shutil.copy(ROOT / "rxconfig.py", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "toolchain", tmp_path / "toolchain")
    (tmp_path / "assets").mkdir()
    package = tmp_path / "nsaas_app"
    for folder in ("ui", "domain", "store"):
        (package / folder).mkdir(parents=True)
        (package / folder / "words.py").write_text("WORD = 'a'\n")
    (package / "__init__.py").touch()
    (package / "nsaas_app.py").write_text(
        "import reflex as rx\n\napp = rx.App()\napp.add_page(lambda: rx.text('hello'), route='/')\n"
    )
    return tmp_path


async def test_a_second_call_costs_nothing_and_says_nothing(built: Path) -> None:
    reports = Reports()
    began = time.monotonic()
    assert await ensure_built(reports) == built
    assert time.monotonic() - began < 5, "a build takes longer on any machine"
    assert reports.phases == []


def test_a_build_leaves_its_own_sources_as_they_are(built: Path) -> None:
    assert built.name == stamp(ROOT)


def test_the_bundle_is_whole(built: Path) -> None:
    client = client_files(built)
    assert (client / "index.html").is_file()
    assert (client / "favicon.ico").is_file()
    assert list((client / "fonts").glob("*.woff2"))
    assert (built / "backend").is_dir()
    template = (client / env_script_name(client)).read_text()
    assert "ws://localhost:8000/_event" in template
    assert "wss://nsaas.example/_event" in env_script("https://nsaas.example", template)


def test_no_other_script_knows_an_address(built: Path) -> None:
    client = client_files(built)
    knowing = [
        path.relative_to(client).as_posix()
        for path in client.rglob("*")
        if path.suffix in {".js", ".html", ".css"} and "localhost:8000" in path.read_text()
    ]
    assert knowing == [env_script_name(client)]


def test_a_page_loads_nothing_from_another_host(built: Path) -> None:
    files = [
        path
        for path in client_files(built).rglob("*")
        if path.suffix in {".html", ".css", ".js", ".svg"}
    ]
    assert len(files) > 5
    assert [
        f"{path.name}: {match[0]}" for path in files for match in LOADED.finditer(path.read_text())
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        '<link rel="stylesheet" href="https://fonts.example/css">',
        "<script async src='//cdn.example/x.js'></script>",
        "body { background: url(https://cdn.example/x.png) }",
        '@import "https://fonts.example/css";',
        'import{x}from"https://cdn.example/x.js"',
    ],
)
def test_the_search_for_other_hosts_finds_them(text: str) -> None:
    assert LOADED.search(text)


def test_an_unknown_icon_is_recognised_in_reflex_own_words(
    caplog: pytest.LogCaptureFixture, reflex_log: logging.Logger
) -> None:
    with caplog.at_level(logging.WARNING, logger=reflex_log.name):
        rx.icon("plus-circle")
        rx.icon("circle-plus")
    assert wrong_icons(caplog.text) == ["plus-circle"]


@pytest.fixture
def reflex_log(caplog: pytest.LogCaptureFixture) -> Iterator[logging.Logger]:
    """Reflex's logger, listened to although it does not pass its records on."""
    logger = logging.getLogger("reflex_components_lucide.icon")
    logger.addHandler(caplog.handler)
    yield logger
    logger.removeHandler(caplog.handler)


@pytest.mark.parametrize(
    ("changed", "matters"),
    [
        ("nsaas_app/ui/words.py", True),
        ("nsaas_app/domain/words.py", True),
        ("nsaas_app/nsaas_app.py", True),
        ("assets/app.css", True),
        ("rxconfig.py", True),
        ("reflex.lock/bun.lock", True),
        ("nsaas_app/store/words.py", False),
        ("nsaas_app/ui/__pycache__/words.pyc", False),
    ],
)
def test_what_the_bundle_is_made_from_decides_whether_it_is_fresh(
    project: Path, changed: str, *, matters: bool
) -> None:
    before = stamp(project)
    (project / changed).parent.mkdir(exist_ok=True)
    with (project / changed).open("a") as file:
        file.write("\n# changed\n")
    assert (stamp(project) != before) is matters


def test_the_ingredients_are_there() -> None:
    assert [name for name in INGREDIENTS if not (ROOT / name).exists()] == []


def test_all_that_pages_import_is_an_ingredient() -> None:
    imported = {
        f"nsaas_app/{match[1]}"
        for page in (ROOT / "nsaas_app" / "ui").rglob("*.py")
        for match in re.finditer(
            rf"^from \.{{{len(page.relative_to(ROOT / 'nsaas_app').parts)}}}(\w+)",
            page.read_text(),
            re.MULTILINE,
        )
    }
    assert "nsaas_app/domain" in imported
    # Pages ask the running process through its root; nothing of it is there while they compile.
    assert imported - {"nsaas_app/runtime"} <= set(INGREDIENTS)


def test_layout_of_a_package_list_is_no_change(project: Path) -> None:
    package = project / "reflex.lock" / "package.json"
    package.parent.mkdir()
    package.write_text('{"a": 1, "b": 2}')
    before = stamp(project)
    package.write_text('{\n  "b": 2,\n  "a": 1\n}\n')
    assert stamp(project) == before
    package.write_text('{"a": 1, "b": 3}')
    assert stamp(project) != before


async def test_a_page_that_fails_is_told_with_the_end_of_the_log(project: Path) -> None:
    page = project / "nsaas_app" / "nsaas_app.py"
    page.write_text(page.read_text().replace("rx.text(", "rx.no_such_part("))
    reports = Reports()
    with pytest.raises(FrontendError, match="does not build") as caught:
        await ensure_built(reports, root=project)
    assert "no_such_part" in caught.value.log_tail
    assert "Building the front end" in reports.phases
    assert not (project / ".frontend" / stamp(project)).exists()


async def test_a_second_builder_waits_and_takes_what_the_first_made(project: Path) -> None:
    reports = Reports()
    shelf = project / ".frontend"
    shelf.mkdir()
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = asyncio.create_task(ensure_built(reports, root=project))
        async with asyncio.timeout(30):
            while not reports.phases:  # noqa: ASYNC110 - a condition with a deadline
                await asyncio.sleep(0.01)
        first = shelf / stamp(project)
        client_files(first).mkdir(parents=True)
        (client_files(first) / "index.html").write_text("made by the first")
    assert await second == first
    assert set(reports.phases) == {"Waiting for another build of the front end"}


async def test_an_installation_without_sources_says_so(tmp_path: Path) -> None:
    with pytest.raises(FrontendError, match="does not hold the sources"):
        await ensure_built(quiet, root=tmp_path)
