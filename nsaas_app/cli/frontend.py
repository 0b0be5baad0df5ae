"""The built front end: made once, kept by the hash of all it is made from, replaced as a whole.

`python -m nsaas_app.cli.frontend` builds it and prints where it is.
"""

import asyncio
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from ..frontend_env import env_script_name
from ..localcluster.commands import Completed, run
from ..localcluster.disk import is_disk_full
from ..localcluster.lock import waiting_for_lock
from ..localcluster.progress import Progress, ticking
from .progress_display import ProgressDisplay
from .toolchain import FrontendError, cache_home, ensure_bun, last_lines, npm_registry

__all__ = [
    "BUILT_FOR",
    "INGREDIENTS",
    "FrontendError",
    "client_files",
    "ensure_built",
    "stamp",
    "wrong_icons",
]

BUILT_FOR: Final = "http://localhost:8000"
"""The address in the bundle; `frontend_env` replaces it while serving."""

INGREDIENTS: Final = (
    "nsaas_app/nsaas_app.py",
    "nsaas_app/ui",
    # What pages import, and so may write into a script: words, states, permissions.
    "nsaas_app/cleanup",
    "nsaas_app/insights",
    "nsaas_app/lifecycle",
    "nsaas_app/provisioning",
    "nsaas_app/directory",
    "nsaas_app/teams",
    "nsaas_app/runtime/findings.py",
    "nsaas_app/identity",
    "nsaas_app/domain",
    "assets",
    "rxconfig.py",
    "reflex.lock",
    "toolchain/package-lock.json",
)
"""All that a page's text is made from. A change in any other file leaves the bundle as it is."""

_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_BUILD_LIMIT_S: Final = 600.0
_KEPT: Final = 4
_PASSED_OVER: Final = frozenset({"__pycache__", "external"})
_WRONG_ICON: Final = re.compile(r"Invalid icon tag: (\S+)\.")
_FOREIGN_SETTINGS: Final = ("NSAAS_", "REFLEX_", "__REFLEX_")


async def ensure_built(progress: Progress, *, root: Path | None = None) -> Path:
    """Return the directory of the built front end, building it only when something changed.

    It is what Reflex calls its web directory, so `REFLEX_WEB_WORKDIR` may point there. Nothing in
    it changes later: a portal that serves it is not disturbed by the next build.

    Args:
        progress: Told where a build stands, at least every two seconds.
        root: The checkout; this one when absent.

    Raises:
        FrontendError: It cannot be built; the error carries the end of the log.
    """
    root = _checked(root or _CHECKOUT)
    shelf = root / ".frontend"
    built = shelf / await asyncio.to_thread(stamp, root)
    if not _is_complete(built):
        waiting = "Waiting for another build of the front end"
        async with waiting_for_lock(shelf / "lock", progress=progress, phase=waiting):
            if not _is_complete(built):
                await _build(root, built, progress)
    os.utime(built)
    return built


def client_files(built: Path) -> Path:
    """Return the directory below a built front end whose files a browser loads."""
    return built / "build" / "client"


def stamp(root: Path) -> str:
    """Hash everything the bundle is made from, Reflex's own version included."""
    digest = hashlib.sha256(version("reflex").encode())
    for ingredient in INGREDIENTS:
        for path in _files(root, ingredient):
            content = hashlib.sha256(_meaning(path)).hexdigest()
            digest.update(f"{path.relative_to(root)}={content}\n".encode())
    return digest.hexdigest()[:16]


def wrong_icons(printed: str) -> list[str]:
    """Find icon names the log complains of: Reflex shows a question mark instead and only warns."""
    return sorted({name.replace("_", "-") for name in _WRONG_ICON.findall(printed)})


def _files(root: Path, ingredient: str) -> Iterator[Path]:
    start = root / ingredient
    for path in [start, *sorted(start.rglob("*"))]:
        if path.is_file() and not _PASSED_OVER & set(path.relative_to(root).parts):
            yield path


def _meaning(path: Path) -> bytes:
    """Read a file; JSON without its layout, which Reflex changes at will."""
    if path.suffix != ".json":
        return path.read_bytes()
    return json.dumps(json.loads(path.read_text()), sort_keys=True).encode()


def _checked(root: Path) -> Path:
    if not (root / "rxconfig.py").is_file():
        raise FrontendError(
            "This installation does not hold the sources of the front end.",
            "Run it from a checkout, or use the image, which brings the front end built.",
        )
    return root


def _is_complete(built: Path) -> bool:
    return (client_files(built) / "index.html").is_file()


async def _build(root: Path, built: Path, progress: Progress) -> None:
    bun = await ensure_bun(root / "toolchain", progress)
    registry = await npm_registry(root / "toolchain", progress)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    async with ticking(progress, "Building the front end"):
        try:
            async with asyncio.timeout(_BUILD_LIMIT_S):
                done = await run(command, directory=root, environment=_environment(bun, registry))
        except TimeoutError as error:
            raise FrontendError(
                f"Building the front end took over {_BUILD_LIMIT_S:.0f} s.",
                "Check the network and the registry npm is configured for, then try again.",
            ) from error
        _lay_out(root / "reflex.lock" / "package.json")
        _refuse_bad_build(done)
        await asyncio.to_thread(_publish, root / ".web", built)


def _lay_out(package: Path) -> None:
    """Give the committed list of packages one layout, so that a build shows no false change."""
    if package.is_file():
        package.write_text(json.dumps(json.loads(package.read_text()), indent=2) + "\n")


def _environment(bun: Path, registry: str) -> dict[str, str]:
    """Leave out every setting of a portal, so that the same sources give the same bundle."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN_SETTINGS)}
    return inherited | {
        "PATH": f"{bun.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "NPM_CONFIG_REGISTRY": registry,
        "REFLEX_API_URL": BUILT_FOR,
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(cache_home() / "reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_USE_SYSTEM_BUN": "1",
        # A wide terminal: a warning that is looked for must stand on one line.
        "COLUMNS": "200",
        "NO_COLOR": "1",
    }


def _refuse_bad_build(done: Completed) -> None:
    printed = done.output + done.errors
    if is_disk_full(printed):
        raise FrontendError(
            f"The front end does not build: the disk of {_CHECKOUT} is full.",
            "Free about 1 GB, then try again.",
        )
    if done.code != 0:
        raise FrontendError(
            "The front end does not build.", "Its log ends so:", last_lines(printed)
        )
    if wrong := wrong_icons(printed):
        raise FrontendError(
            f"No icon is called {', '.join(wrong)}.", "Use a name of the lucide icon set."
        )


def _publish(web: Path, built: Path) -> None:
    """Move the fresh bundle to its place in one step and forget the oldest ones."""
    env_script_name(web / "build" / "client")
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=built.parent))
    staging.chmod(0o755)
    client_files(staging).parent.mkdir()
    (web / "build" / "client").rename(client_files(staging))
    shutil.copytree(web / "backend", staging / "backend")
    shutil.rmtree(built, ignore_errors=True)
    staging.rename(built)
    shelf = sorted(
        (path for path in built.parent.iterdir() if path.is_dir()),
        key=lambda path: path.stat().st_mtime,
    )
    for old in shelf[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _main() -> None:
    began = time.monotonic()
    try:
        with ProgressDisplay() as display:
            built = asyncio.run(ensure_built(display))
    except FrontendError as error:
        sys.exit(str(error))
    sys.stderr.write(f"The front end is ready after {time.monotonic() - began:.1f} s.\n")
    sys.stdout.write(f"{built}\n")


if __name__ == "__main__":
    _main()
