"""make wraps the commands: it lists itself, and what is done is not done again."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make(*arguments: str) -> str:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    ).stdout


def test_help_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    listed = re.findall(r"^  make (\w+) +\S", make("help"), re.MULTILINE)
    assert listed == phony[1].split()


def test_help_is_what_make_alone_says() -> None:
    assert make() == make("help")


def test_a_made_environment_is_not_made_again() -> None:
    make(".venv/ready")
    assert "bootstrap" not in make("--dry-run", "check")
