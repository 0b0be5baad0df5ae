"""Keycloak for the tests: fetched and built once into the user's cache, then run until told to end.

`prepare` only makes it ready. `run FILE` writes its address, or why it cannot be had, to FILE and
stays; the signal that ends it ends Keycloak too.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["main"]

VERSION: Final = "26.4.0"
ARTIFACT: Final = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nsaas/keycloak"
HOME: Final = CACHE / f"keycloak-{VERSION}"
BUILT: Final = HOME / "built-by-nsaas"
# A small heap, and no time spent on compiling what runs for minutes only.
JAVA: Final = "-Xms64m -Xmx256m -XX:MetaspaceSize=96M -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
ADMIN: Final = {
    "KC_BOOTSTRAP_ADMIN_USERNAME": "admin",
    "KC_BOOTSTRAP_ADMIN_PASSWORD": "admin",  # pragma: allowlist secret
}


class MissingError(Exception):
    """It cannot be had here; the message says what to do."""


def prepare() -> None:
    """Fetch, unpack and build it, once per machine.

    Raises:
        MissingError: a program is missing, or a step failed.
    """
    if not shutil.which("java"):
        raise MissingError("Keycloak needs Java 17 or newer: install it and run the tests again.")
    with _one_at_a_time():
        if BUILT.exists():
            return
        if not shutil.which("mvn"):
            raise MissingError("Fetching Keycloak needs Maven: install it and run the tests again.")
        shutil.rmtree(HOME, ignore_errors=True)
        archive = CACHE / "fetched" / f"keycloak-quarkus-dist-{VERSION}.zip"
        _step("mvn", "-q", "-B", "dependency:get", "-Dtransitive=false", f"-Dartifact={ARTIFACT}")
        _step(
            "mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}",
            f"-DoutputDirectory={archive.parent}", "-Dmdep.useBaseVersion=true",
        )  # fmt: skip
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(CACHE)
        archive.unlink()
        (HOME / "bin/kc.sh").chmod(0o755)
        _step(str(HOME / "bin/kc.sh"), "build", "--db=dev-mem")
        BUILT.touch()


def run(file: Path) -> int:
    """Serve until a signal comes."""
    try:
        prepare()
    except MissingError as error:
        _tell(file, {"error": str(error)})
        return 1
    port = _free_port()
    command = [
        str(HOME / "bin/kc.sh"), "start", "--optimized", "--http-enabled=true",
        "--hostname-strict=false", "--cache=local", "--http-host=127.0.0.1",
        f"--http-port={port}",
    ]  # fmt: skip
    log = file.with_suffix(".log").open("wb")
    # A group of its own: the script in between would leave Java running.
    child = subprocess.Popen(
        command, env=os.environ | ADMIN | {"JAVA_OPTS": JAVA}, stdin=subprocess.DEVNULL,
        stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip

    def end(*_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)

    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, end)
    _tell(file, {"url": f"http://127.0.0.1:{port}"})
    return child.wait()


def main() -> None:
    """Do what the first word says."""
    match sys.argv[1:]:
        case ["prepare"]:
            try:
                prepare()
            except MissingError as error:
                sys.exit(str(error))
        case ["run", file]:
            sys.exit(run(Path(file)))
        case _:
            sys.exit(__doc__)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _step(*command: str) -> None:
    done = subprocess.run(
        command, env=os.environ | {"JAVA_OPTS": JAVA} if "kc.sh" in command[0] else None,
        check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        raise MissingError(f"Keycloak cannot be made ready: {command[0]} failed.\n{last}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _tell(file: Path, found: dict[str, str]) -> None:
    """Write it whole or not at all: somebody may be waiting for it."""
    new = file.with_suffix(".new")
    new.write_text(json.dumps(found))
    new.rename(file)


if __name__ == "__main__":
    main()
