"""Make the virtual environment from the lock file and put the project into it, once.

Standard library only: it runs before anything is installed. `.venv/ready` records what the
environment was made from, so that a second run has nothing to do.
"""

import contextlib
import fcntl
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["main"]

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
READY = VENV / "ready"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
PIP = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input")


def main() -> None:
    """Bring `.venv` up to the lock file.

    Raises:
        SystemExit: With one sentence, and the end of the log, when a step fails.
    """
    with _one_at_a_time():
        if _works() and READY.is_file() and READY.read_text() == _recipe():
            READY.touch()
            return
        if not _works():
            _step("Creating .venv", sys.executable, "-m", "venv", "--clear", str(VENV))
        # pip takes what the lock file names, byte for byte, and looks for no package beside it:
        # asked for an extra of a package, an older pip finds a newer release of it and gives up.
        # Compiling every module of every client library would take half of the time for nothing.
        packages = ("install", "--no-compile", "--no-deps", "--require-hashes")
        _step("Installing Python packages", *PIP, *packages, "--requirement", str(LOCK))
        # Everything the build needs is in the lock file: nothing is fetched for it.
        project = ("install", "--no-deps", "--no-build-isolation", "--no-index", "--editable")
        _step("Installing the project", *PIP, *project, str(ROOT))
        READY.write_text(_recipe())


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _works() -> bool:
    with contextlib.suppress(OSError):
        command = (str(PYTHON), "-c", "import pip")
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0
    return False


def _recipe() -> str:
    """Tell what the environment is made from: lock file, project metadata, interpreter, place."""
    version = subprocess.run(
        (str(PYTHON), "--version"), check=True, capture_output=True, text=True
    ).stdout
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join([*parts, version.encode()])).hexdigest() + "\n"


def _step(what: str, *command: str) -> None:
    began = time.monotonic()
    _tell(what)
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        while (status := _waited(child)) is None:
            _tell(f"{what} ({time.monotonic() - began:.0f} s)", passing=True)
        log.seek(0)
        printed = log.read().decode(errors="replace")
    if "No space left on device" in printed:
        sys.exit(f"{what} failed: the disk is full. Free about 2 GB, then try again.")
    if status != 0:
        last = "\n".join(printed.splitlines()[-15:])
        sys.exit(f"{what} failed. Check the network and pip's settings, then try again.\n{last}")


def _waited(child: subprocess.Popen[bytes]) -> int | None:
    # A person sees a line that counts; a log gets a sign of life now and then.
    patience = 1.5 if sys.stderr.isatty() else 10.0
    with contextlib.suppress(subprocess.TimeoutExpired):
        return child.wait(patience)
    return None


def _tell(line: str, *, passing: bool = False) -> None:
    """Write a line; on a terminal the next one takes the place of a passing line."""
    terminal = sys.stderr.isatty()
    start = "\r\033[K" if terminal else ""
    sys.stderr.write(f"{start}{line}{'' if passing and terminal else chr(10)}")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
