"""Run the image's own command on this machine, without building an image.

A temporary directory gets what the image has: the locked runtime packages and no other, linked
from this environment, the wheel, the built front end. The environment and the command are read
from the Dockerfile, its paths moved below that directory and its address to a free port of the
loopback. Status 0 means: the portal answered on /healthz, wrote nothing beside its data, and ended
when it was asked to.
"""

import asyncio
import contextlib
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import cache_from_source
from pathlib import Path

from nsaas_app.cli.frontend import FrontendError, ensure_built
from nsaas_app.cli.progress_display import ProgressDisplay

__all__ = ["FinalStage", "main", "read_final_stage"]

ROOT = Path(__file__).resolve().parent.parent
MOVED = ("/opt/nsaas", "/app", "/var/lib/nsaas", "/tmp")  # nosec B108  # noqa: S108 - the image's
START_LIMIT_S = 90.0
STOP_LIMIT_S = 20.0
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


@dataclass(frozen=True)
class FinalStage:
    """What the last stage of the Dockerfile decides about the running program."""

    command: tuple[str, ...]
    environment: dict[str, str]
    directory: str


def main() -> None:
    """Prepare the directory, run the command, and leave with the verdict."""
    stage = read_final_stage((ROOT / "Dockerfile").read_text())
    image = Path(tempfile.mkdtemp(prefix="nsaas-image-"))
    try:
        with ProgressDisplay() as display:
            display.line(f"Filling {image} as the image is filled")
            _fill(image, asyncio.run(ensure_built(display)))
        sys.exit(_run(stage, image))
    except FrontendError as error:
        sys.exit(str(error))
    finally:
        shutil.rmtree(image)


def read_final_stage(dockerfile: str) -> FinalStage:
    """Read CMD, ENV and WORKDIR of the last stage.

    Raises:
        ValueError: There is no CMD in exec form.
    """
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    instructions = re.sub(r"\\\n", " ", "\n".join(lines)).splitlines()
    last_from = max(i for i, line in enumerate(instructions) if line.startswith("FROM "))
    command: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    directory = "/"
    for line in instructions[last_from:]:
        name, _, rest = line.partition(" ")
        if name == "CMD":
            command = tuple(json.loads(rest))
        elif name == "ENV":
            environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        elif name == "WORKDIR":
            directory = rest.strip()
    if not command:
        raise ValueError("The last stage has no CMD.")
    return FinalStage(command, environment, directory)


def _fill(image: Path, built: Path) -> None:
    for folder in MOVED:
        (image / folder[1:]).mkdir(parents=True)
    home, wheels = image / "opt" / "nsaas", image / "wheels"
    python = str(home / "bin" / "python")
    build = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(wheels))
    install = ("install", "--no-compile", "--no-deps", "--no-index")
    _call(sys.executable, "-m", "venv", "--without-pip", str(home))
    _link_locked(next(home.glob("lib/python*/site-packages")))
    _call(sys.executable, *PIP, "wheel", *build, str(ROOT))
    _call(sys.executable, *PIP, "--python", python, *install, str(next(wheels.glob("*.whl"))))
    shutil.copytree(built, image / "app" / ".web")
    shutil.copy(ROOT / "rxconfig.py", image / "app")
    shutil.copytree(ROOT / "apps" / "portal", image / "app" / "apps" / "portal")


def _call(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _link_locked(packages: Path) -> None:
    """Link the files of every package the runtime lock names, as far as this platform has it."""
    lock = (ROOT / "requirements-runtime.lock").read_text()
    for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE):
        with contextlib.suppress(PackageNotFoundError):
            for file in distribution(name).files or ():
                target = packages / file
                if ".." in file.parts or "__pycache__" in file.parts:
                    continue
                source = Path(str(file.locate()))
                _link(source, target)
                if target.suffix == ".py":
                    # Compiled as in the image, or the first start would take most of a minute.
                    _link(Path(cache_from_source(source)), Path(cache_from_source(target)))


def _link(source: Path, target: Path) -> None:
    if not source.is_file() or target.exists():
        # A package's record may name a file that was never made.
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)  # another disk


def _run(stage: FinalStage, image: Path) -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    # The only words of the command that change: where it listens.
    here = {"0.0.0.0": "127.0.0.1", "8000": port}  # nosec B104  # noqa: S104 - replaced
    command = [here.get(word, word) for word in stage.command]
    environment = {name: _moved(value, image) for name, value in stage.environment.items()}
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        return _verdict(f"{command[0]} is not on the image's PATH.")
    before = _own_files(image)
    with (image / "output").open("w+") as output:
        child = subprocess.Popen(
            [program, *command[1:]],
            cwd=image / stage.directory[1:],
            env=environment | _deployment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            trouble = _await_health(child, port) or _await_end(child)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        output.seek(0)
        printed = output.read()[-3000:]
    if not trouble and (changed := _own_files(image) ^ before):
        trouble = f"It wrote into its own files: {sorted(changed)[:5]}"
    return _verdict(trouble, printed)


def _deployment() -> dict[str, str]:
    """Give what every deployment must give; no cluster, for what is tried here is the image."""
    keys = {name: secrets.token_hex(32) for name in ("NSAAS_SECRET_KEY", "NSAAS_AUDIT_KEY")}
    return keys | {"NSAAS_NO_CLUSTER": "true"}


def _moved(value: str, image: Path) -> str:
    parts = value.split(os.pathsep)
    return os.pathsep.join(f"{image}{part}" if part.startswith(MOVED) else part for part in parts)


def _own_files(image: Path) -> set[tuple[str, int]]:
    return {
        (str(path.relative_to(image)), path.stat().st_mtime_ns)
        for folder in ("opt", "app")
        for path in (image / folder).rglob("*")
        if path.is_file()
    }


def _await_health(child: subprocess.Popen[bytes], port: str) -> str:
    began = time.monotonic()
    while time.monotonic() - began < START_LIMIT_S:
        if child.poll() is not None:
            return f"It ended by itself with status {child.returncode}."
        try:
            url = f"http://127.0.0.1:{port}/healthz"
            with urllib.request.urlopen(url, timeout=2) as answer:  # nosec B310
                sys.stderr.write(
                    f"/healthz answered {answer.status} after {time.monotonic() - began:.1f} s\n"
                )
                return ""
        except OSError:
            time.sleep(0.1)
    return f"/healthz did not answer 200 within {START_LIMIT_S:.0f} s."


def _await_end(child: subprocess.Popen[bytes]) -> str:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        return f"It did not end within {STOP_LIMIT_S:.0f} s of SIGTERM."
    return ""


def _verdict(trouble: str, printed: str = "") -> int:
    if trouble:
        sys.stderr.write(f"{printed}\n{trouble}\n")
        return 1
    sys.stderr.write("The image's command starts, answers and ends.\n")
    return 0


if __name__ == "__main__":
    main()
