"""Nothing we install is older than the first version without a known hole."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parents[2]
FLOORS = tomllib.loads((ROOT / "security" / "floors.toml").read_text())["python"]
LOCKS = ("requirements.lock", "requirements-runtime.lock")


def below(floors: dict[str, dict[str, str]], lock: str) -> list[str]:
    """What a lock file pins lower than its floor, or not at all."""
    pinned = dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE))
    return [
        f"{name} {pinned.get(name, 'absent')} < {row['floor']}: {row['why']}"
        for name, row in floors.items()
        if name not in pinned or Version(pinned[name]) < Version(row["floor"])
    ]


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_file_pins_what_has_a_known_hole(name: str) -> None:
    assert len(FLOORS) >= 6
    assert below(FLOORS, (ROOT / name).read_text()) == []


def test_nothing_installed_has_a_known_hole() -> None:
    old = {name for name, row in FLOORS.items() if Version(version(name)) < Version(row["floor"])}
    assert old == set()


def test_what_is_too_old_is_named() -> None:
    floors = {"starlette": {"floor": "1.3.1", "why": "a reason"}}
    assert below(floors, "starlette==1.3.0 \\\n    --hash=sha256:x\n") == [
        "starlette 1.3.0 < 1.3.1: a reason"
    ]
    assert below(floors, "starlette==1.10.0\n") == []
    assert below(floors, "other==1.0\n") == ["starlette absent < 1.3.1: a reason"]
