"""The security linter of `make check` bites."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def linted(file: Path) -> subprocess.CompletedProcess[str]:
    program, config = ROOT / ".venv" / "bin" / "bandit", ROOT / "pyproject.toml"
    command = [str(program), "-q", "-c", str(config), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("import subprocess\nsubprocess.run('ls ' + input(), shell=True)", "B602"),
        ("import yaml\nyaml.load(input())", "B506"),
        ("import hashlib\nhashlib.md5(b'x')", "B324"),
    ],
)
def test_a_planted_hole_is_named(tmp_path: Path, line: str, rule: str) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(f"{line}\n")
    found = linted(planted)
    assert (found.returncode, rule in found.stdout) == (1, True), found.stdout + found.stderr


def test_plain_code_passes() -> None:
    assert linted(ROOT / "nsaas_app" / "identity" / "limits.py").returncode == 0
