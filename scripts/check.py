"""Every check that needs nothing running, side by side; a failed one shows what it printed.

`check.py NAME...` runs only those.
"""

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["main"]

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"


@dataclass(frozen=True)
class Check:
    """One command; `fix` tells a person what to do when it fails."""

    name: str
    command: tuple[str, ...]
    fix: str


@dataclass(frozen=True)
class Outcome:
    """How a check ended."""

    check: Check
    passed: bool
    printed: str
    seconds: float


def _checks() -> list[Check]:
    # The longest first: the others fit beside it.
    return [
        Check("types", ("mypy",), "mend the types; no ignore without a code and a reason"),
        Check(
            "secrets",
            ("detect-secrets-hook", "--no-verify", "--baseline", ".secrets.baseline", *_tracked()),
            "take the secret out; a false alarm gets `pragma: allowlist secret` on its line",
        ),
        Check(
            "bandit",
            ("bandit", "-q", "-c", "pyproject.toml", "-r", "nsaas_app", "scripts", "bench"),
            "mend it; what is meant gets `nosec` with the rule, beside its reason",
        ),
        Check("manifests", ("python", "scripts/check_manifests.py"), "mend the manifest"),
        Check("imports", ("lint-imports", "--no-logo"), "CONTRIBUTING.md tells where a line lives"),
        Check(
            "lint",
            ("ruff", "check", "--output-format", "concise", "."),
            "make fmt mends part of it",
        ),
        Check(
            "format", ("ruff", "format", "--check", "--output-format", "concise", "."), "make fmt"
        ),
        Check("dockerfile", ("hadolint", "Dockerfile"), "mend the Dockerfile"),
    ]


def main() -> None:
    """Run the checks and leave with status 1 when one failed."""
    wanted = set(sys.argv[1:])
    chosen = [check for check in _checks() if not wanted or check.name in wanted]
    if unknown := wanted - {check.name for check in chosen}:
        sys.exit(f"There is no check called {', '.join(sorted(unknown))}.")
    failed = asyncio.run(_run_all(chosen))
    sys.exit(f"{failed} of {len(chosen)} checks failed." if failed else 0)


async def _run_all(checks: list[Check]) -> int:
    places = asyncio.Semaphore(max(2, os.cpu_count() or 2))
    failed = 0
    for next_one in asyncio.as_completed([_run(check, places) for check in checks]):
        outcome = await next_one
        mark = "passed" if outcome.passed else "FAILED"
        _tell(f"{mark}  {outcome.check.name:<10} {outcome.seconds:5.1f} s")
        if not outcome.passed:
            failed += 1
            _tell(f"{outcome.printed.strip()}\n-> {outcome.check.fix}\n")
    return failed


async def _run(check: Check, places: asyncio.Semaphore) -> Outcome:
    async with places:
        began = time.monotonic()
        program, *arguments = check.command
        child = await asyncio.create_subprocess_exec(
            str(BIN / program),
            *arguments,
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await child.communicate()
        seconds = time.monotonic() - began
        return Outcome(check, child.returncode == 0, printed.decode(errors="replace"), seconds)


def _tracked() -> list[str]:
    """List the files of the project; what git ignores belongs to nobody."""
    listed = subprocess.run(
        ("/usr/bin/env", "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
