"""What may be installed is pinned, byte for byte, and from no named host."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON_LOCKS = (
    "requirements.lock",
    "requirements-runtime.lock",
    "toolchain/build.lock",
    "toolchain/nodejs.lock",
    "toolchain/postgres.lock",
)
ADDRESS = re.compile(r"(https?|git|ssh)://|git\+|@https?:")


def test_no_lock_file_is_forgotten() -> None:
    found = {path.name for path in [*ROOT.glob("*.lock"), *ROOT.glob("toolchain/*.lock")]}
    assert found - {"reflex.lock"} == {Path(name).name for name in PYTHON_LOCKS}


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_python_package_is_pinned_and_hashed(name: str) -> None:
    text = "\n".join(
        line for line in (ROOT / name).read_text().splitlines() if not line.lstrip().startswith("#")
    )
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9][a-z0-9._-]*==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert not ADDRESS.search(text)


def test_the_toolchain_names_no_host() -> None:
    text = (ROOT / "toolchain" / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    pinned = [entry for name, entry in packages.items() if name]
    assert pinned
    assert all(entry["integrity"].startswith("sha512-") for entry in pinned)
    assert not ADDRESS.search(text)


def test_the_bundle_is_made_from_pinned_packages() -> None:
    lock = (ROOT / "reflex.lock" / "bun.lock").read_text()
    declared = json.loads((ROOT / "reflex.lock" / "package.json").read_text())
    versions = [*declared["dependencies"].values(), *declared["devDependencies"].values()]
    assert versions
    assert all(re.fullmatch(r"v?\d+\.\d+\.\d+\S*", version) for version in versions)
    assert "sha512-" in lock
    assert not ADDRESS.search(lock)
