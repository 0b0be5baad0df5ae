"""Every import contract is broken once on purpose, in a copy, and must be reported by its name."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]

BREACHES = {
    "Layers point down": ("domain/names.py", "import nsaas_app.store"),
    "The domain and the manifests use the standard library only": (
        "manifests/namespace.py",
        "import yaml",
    ),
    "Only ui and the entry know Reflex": ("identity/permissions.py", "import reflex"),
    "Only cluster talks to Kubernetes": ("provisioning/worker.py", "import kubernetes"),
    "Only store talks SQL": ("directory/directory.py", "import sqlalchemy"),
    "Edges go through use cases": ("ui/live.py", "import nsaas_app.cluster"),
    "Settings are read by the composition root only": (
        "teams/__init__.py",
        "import nsaas_app.settings",
    ),
    "The local control plane knows nothing of the rest": (
        "localcluster/ports.py",
        "import nsaas_app.domain",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's modules and the contracts, free to be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module in (ROOT / "nsaas_app").rglob("*.py"):
        target = tmp_path / module.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module, target)
    return tmp_path


def lint_imports(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / ".venv" / "bin" / "lint-imports", "--no-logo", "--no-cache"],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_has_its_breach() -> None:
    assert {contract["name"] for contract in CONTRACTS} == BREACHES.keys()


def test_the_tree_as_it_is_keeps_every_contract(copy: Path) -> None:
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_planted_breach_is_reported(contract: str, copy: Path) -> None:
    name, statement = BREACHES[contract]
    module = copy / "nsaas_app" / name
    module.write_text(f"{module.read_text()}\n{statement}\n")

    done = lint_imports(copy)

    assert done.returncode == 1, done.stdout
    assert f"{contract} BROKEN" in done.stdout
