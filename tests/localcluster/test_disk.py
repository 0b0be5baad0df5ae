import errno
import shutil
from pathlib import Path

import pytest

from nsaas_app.localcluster import LocalClusterError
from nsaas_app.localcluster.disk import ensure_room, explained_disk_errors, is_disk_full


def test_a_full_disk_names_the_variable_that_moves_the_files() -> None:
    with (
        pytest.raises(LocalClusterError, match="The disk of /somewhere is full") as refused,
        explained_disk_errors(Path("/somewhere"), variable="XDG_CACHE_HOME"),
        Path("/dev/full").open("w") as file,
    ):
        file.write("no room for this")

    assert "set XDG_CACHE_HOME" in refused.value.fix


def test_a_closed_directory_names_it_too() -> None:
    with (
        pytest.raises(LocalClusterError, match="/somewhere cannot be written"),
        explained_disk_errors(Path("/somewhere"), variable="XDG_CACHE_HOME"),
    ):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_other_errors_stay_what_they_are() -> None:
    with (
        pytest.raises(FileNotFoundError),
        explained_disk_errors(Path("/somewhere"), variable="XDG_CACHE_HOME"),
    ):
        Path("/absent/file").read_text()


@pytest.mark.parametrize("said", ["write: No space left on device", "Disk quota exceeded"])
def test_programs_complaints_are_understood(said: str) -> None:
    assert is_disk_full(said)
    assert not is_disk_full("permission denied")


def test_too_little_room_is_refused_with_the_figures(tmp_path: Path) -> None:
    left = shutil.disk_usage(tmp_path).free // 1_000_000
    with pytest.raises(LocalClusterError, match=f"{left + 1000} MB are needed") as refused:
        ensure_room(tmp_path, megabytes=left + 1000, variable="NSAAS_HOME")

    assert "set NSAAS_HOME" in refused.value.fix
    ensure_room(tmp_path, megabytes=1, variable="NSAAS_HOME")
