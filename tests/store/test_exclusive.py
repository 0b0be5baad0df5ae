"""One process per SQLite file: a second one is told, and PostgreSQL serves any number."""

import subprocess
import sys
from pathlib import Path

import pytest

from nsaas_app.domain.errors import UnavailableError
from nsaas_app.store.exclusive import only_process

HOLD = "import sys; from nsaas_app.store.exclusive import only_process\n"
HOLD += "with only_process(sys.argv[1]): print('held', flush=True); sys.stdin.read()"


def test_a_second_holder_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'nsaas.db'}"
    with only_process(url):
        with pytest.raises(UnavailableError, match="SQLite serves one at a time") as caught:
            only_process(url).__enter__()
        assert caught.value.code == "STORE_BUSY"
        with only_process(f"sqlite:///{tmp_path / 'other.db'}"):
            pass
    with only_process(url):
        pass


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nsaas.db'}"
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(UnavailableError):
            only_process(url).__enter__()
        other.kill()
    with only_process(url):
        pass


def test_postgresql_serves_any_number() -> None:
    url = "postgresql://somebody@nowhere/nsaas"
    with only_process(url), only_process(url):
        pass
