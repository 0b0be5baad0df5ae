"""The programs of the control plane as files on this machine, by whichever way is nearest.

The order: a directory the user names, the user's cache, official builds, a build of our own.
"""

import asyncio
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from .cache import BinaryCache, CacheState, cache_key, user_cache
from .commands import run
from .disk import explained_disk_errors
from .errors import LocalClusterError
from .gobuild import build
from .lock import waiting_for_lock
from .programs import Platform, Program, ReleaseSites, control_plane
from .progress import Progress, quiet
from .releases import download
from .toolchain import find_go

__all__ = ["Binaries", "Sources", "ensure_binaries"]

ASSETS_VARIABLE: Final = "KUBEBUILDER_ASSETS"


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where each program lies."""

    paths: Mapping[str, Path]

    def path(self, name: str) -> Path:
        """Return the file of a program."""
        return self.paths[name]


@dataclass(frozen=True, slots=True)
class Sources:
    """Which programs are wanted and where to look for them.

    Attributes:
        programs: What must be there in the end.
        assets: A directory of the user's own; `None` if none was named.
        cache: The directory for what is downloaded and built.
        search_path: Where a Go compiler is looked for.
    """

    programs: tuple[Program, ...]
    assets: Path | None
    cache: Path
    search_path: str

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, sites: ReleaseSites | None = None
    ) -> Self:
        """Read the variables KUBEBUILDER_ASSETS, XDG_CACHE_HOME and PATH."""
        where = Platform.here()
        assets = environment.get(ASSETS_VARIABLE)
        return cls(
            programs=control_plane(sites or ReleaseSites(), where),
            assets=Path(assets) if assets else None,
            cache=user_cache(environment, where),
            search_path=environment.get("PATH", os.defpath),
        )

    def binary_cache(self) -> BinaryCache:
        """Return the cache of exactly these programs."""
        modules = {program.module for program in self.programs}
        return BinaryCache(self.cache / "controlplane" / cache_key(modules, Platform.here()))


async def ensure_binaries(
    progress: Progress = quiet, *, sources: Sources | None = None
) -> Binaries:
    """Find, download or build every program; say which way was taken.

    Raises:
        LocalClusterError: A program cannot be had in any way, or does not run.
    """
    sources = sources or Sources.from_environment()
    paths = await asyncio.to_thread(_in_assets, sources)
    _say(progress, paths, f"from {ASSETS_VARIABLE}")
    if missing := _without(sources.programs, paths):
        cache = sources.binary_cache()
        with explained_disk_errors(sources.cache, variable="XDG_CACHE_HOME"):
            cached = await asyncio.to_thread(_in_cache, cache, missing)
            _say(progress, cached, "from the cache")
            paths |= cached
            if still_missing := _without(missing, cached):
                paths |= await _obtain(still_missing, cache, sources, progress=progress)
    return Binaries(paths)


async def _obtain(
    programs: tuple[Program, ...], cache: BinaryCache, sources: Sources, *, progress: Progress
) -> dict[str, Path]:
    """Fill the cache with what it lacks; two checkouts never do that at once."""
    waiting = "Waiting for another process that prepares the same programs"
    async with waiting_for_lock(cache.lock, progress=progress, phase=waiting):
        # The one we waited for may have brought everything.
        paths = await asyncio.to_thread(_in_cache, cache, programs)
        for program in _without(programs, paths):
            if await asyncio.to_thread(cache.state, program.name) is CacheState.DAMAGED:
                progress(f"{program.name} in the cache is damaged and is replaced")
        with cache.staging() as staging:
            if missing := _without(programs, paths):
                got = await download(missing, staging, progress=progress)
                paths |= await _install(missing, got, cache, "official build", progress=progress)
            if missing := _without(programs, paths):
                go = await find_go(
                    sources.cache, search_path=sources.search_path, progress=progress
                )
                got = await build(missing, staging, go=go, progress=progress)
                paths |= await _install(missing, got, cache, "built with Go", progress=progress)
    return paths


async def _install(
    programs: Iterable[Program],
    staged: Mapping[str, Path],
    cache: BinaryCache,
    way: str,
    *,
    progress: Progress,
) -> dict[str, Path]:
    installed: dict[str, Path] = {}
    for program in programs:
        if (path := staged.get(program.name)) is None:
            continue
        await asyncio.to_thread(path.chmod, 0o755)
        await _ensure_runs(program, path)
        installed[program.name] = await asyncio.to_thread(
            cache.install, program.name, path, way=way
        )
    _say(progress, installed, way)
    return installed


async def _ensure_runs(program: Program, path: Path) -> None:
    try:
        done = await run([str(path), *program.version_arguments])
    except OSError as error:
        problem = str(error)
    else:
        if done.code == 0:
            return
        problem = (done.errors or done.output).strip()
    raise LocalClusterError(
        f"{program.name} was prepared in {path.parent} but does not run there ({problem}).",
        "Set XDG_CACHE_HOME to a directory from which programs may be started.",
    )


def _in_assets(sources: Sources) -> dict[str, Path]:
    if sources.assets is None:
        return {}
    candidates = {program.name: sources.assets / program.name for program in sources.programs}
    return {name: path for name, path in candidates.items() if os.access(path, os.X_OK)}


def _in_cache(cache: BinaryCache, programs: Iterable[Program]) -> dict[str, Path]:
    return {
        program.name: cache.path(program.name)
        for program in programs
        if cache.state(program.name) is CacheState.GOOD
    }


def _without(programs: Iterable[Program], found: Mapping[str, Path]) -> tuple[Program, ...]:
    return tuple(program for program in programs if program.name not in found)


def _say(progress: Progress, found: Mapping[str, Path], way: str) -> None:
    if found:
        progress(f"{', '.join(sorted(found))}: {way}")
