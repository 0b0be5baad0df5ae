"""Programs built from the Go module proxy, at the versions that go.mod and go.sum pin."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from .commands import Completed, run
from .disk import is_disk_full
from .errors import LocalClusterError
from .programs import GoModule, Program
from .progress import Phase, Progress, ticking
from .toolchain import Go

__all__ = ["build"]

_NETWORK_TROUBLE: Final = re.compile(
    r"dial tcp|no such host|connection refused|i/o timeout|proxyconnect|TLS handshake"
)
_ERROR_LINES: Final = 5


async def build(
    programs: Iterable[Program], staging: Path, *, go: Go, progress: Progress
) -> dict[str, Path]:
    """Build the programs into `staging`; return the file of each.

    Raises:
        LocalClusterError: A module cannot be fetched or compiled.
    """
    by_module: dict[GoModule, list[Program]] = {}
    for program in programs:
        by_module.setdefault(program.module, []).append(program)
    built: dict[str, Path] = {}
    for module, of_module in by_module.items():
        packages = await _fetch(module, of_module, go=go, progress=progress)
        built |= await _compile(module, of_module, staging, packages, go=go, progress=progress)
    return built


async def _fetch(
    module: GoModule, programs: Sequence[Program], *, go: Go, progress: Progress
) -> int:
    """Download the modules that the programs need; return how many packages they consist of."""
    names = ", ".join(program.name for program in programs)
    async with ticking(progress, f"Fetching Go modules for {names}") as phase:
        fetched = 0

        def count(line: str) -> None:
            nonlocal fetched
            if line.startswith("go: downloading"):
                fetched += 1
                phase.text = f"Fetching Go modules for {names} ({fetched} so far)"

        packages = [program.package for program in programs]
        listed = await _go(go, module, ["list", "-deps", *packages], count)
    return len(listed.output.splitlines())


async def _compile(
    module: GoModule,
    programs: Sequence[Program],
    staging: Path,
    packages: int,
    *,
    go: Go,
    progress: Progress,
) -> dict[str, Path]:
    compiled = 0
    built: dict[str, Path] = {}
    flags = ["-trimpath", "-v", "-ldflags", module.link_flags]
    for program in programs:
        async with ticking(progress, f"Building {program.name} with Go") as phase:

            def count(line: str, phase: Phase = phase) -> None:
                nonlocal compiled
                # With -v the compiler names each package that it has not in its own cache.
                if line and " " not in line:
                    compiled += 1
                    phase.fraction = min(compiled / packages, 1.0)

            target = staging / program.name
            await _go(go, module, ["build", *flags, "-o", str(target), program.package], count)
            built[program.name] = target
    return built


async def _go(
    go: Go, module: GoModule, arguments: Sequence[str], on_line: Callable[[str], None]
) -> Completed:
    environment = {
        **os.environ,
        "CGO_ENABLED": "0",
        # Nothing of the user's own projects may change what is built here.
        "GOFLAGS": "-mod=readonly",
        "GOWORK": "off",
        "GOTOOLCHAIN": "local",
        **go.environment,
    }
    for inherited in ("GOOS", "GOARCH"):
        environment.pop(inherited, None)
    done = await run(
        [str(go.program), *arguments],
        environment=environment,
        directory=module.directory,
        on_line=on_line,
    )
    if done.code != 0:
        raise _explained(done.errors)
    return done


def _explained(said: str) -> LocalClusterError:
    if is_disk_full(said):
        return LocalClusterError(
            "A disk is full: the one of Go's caches, or the one of our own.",
            "Free about 6 GB, or set GOCACHE, GOMODCACHE and XDG_CACHE_HOME to another disk.",
        )
    last = " ".join(said.strip().splitlines()[-_ERROR_LINES:])
    if _NETWORK_TROUBLE.search(said):
        return LocalClusterError(
            f"The Go modules of the local control plane cannot be downloaded ({last}).",
            "Check the network, or set GOPROXY to a module proxy that is reachable from here.",
        )
    return LocalClusterError(
        f"The local control plane could not be built ({last}).",
        "Set KUBEBUILDER_ASSETS to a directory that has the programs already.",
    )
