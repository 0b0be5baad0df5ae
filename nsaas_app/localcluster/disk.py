"""Disks that are full or closed: said in one sentence with what to do about it."""

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .errors import LocalClusterError

__all__ = ["DISK_FULL", "disk_full", "ensure_room", "explained_disk_errors", "is_disk_full"]

DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_CLOSED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextlib.contextmanager
def explained_disk_errors(directory: Path, *, variable: str) -> Iterator[None]:
    """Turn a full or read-only disk into an error that names the variable which moves the files.

    Raises:
        LocalClusterError: In place of the `OSError`.
    """
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise disk_full(directory, variable=variable) from error
        if error.errno in _CLOSED:
            raise LocalClusterError(
                f"{directory} cannot be written ({error.strerror}).",
                f"Change its permissions, or set {variable} to another directory.",
            ) from error
        raise


def ensure_room(directory: Path, *, megabytes: int, variable: str) -> None:
    """Refuse a disk with too little room before anything on it is half written.

    Raises:
        LocalClusterError: The disk of the directory has less than this left.
    """
    left = shutil.disk_usage(directory).free // 1_000_000
    if left < megabytes:
        raise LocalClusterError(
            f"The disk of {directory} is full: {left} MB are left, {megabytes} MB are needed.",
            f"Free some space, or set {variable} to a directory on another disk.",
        )


def disk_full(directory: Path, *, variable: str) -> LocalClusterError:
    """Say that the disk of a directory is full."""
    return LocalClusterError(
        f"The disk of {directory} is full.",
        f"Free about 6 GB, or set {variable} to a directory on another disk.",
    )


def is_disk_full(output: str) -> bool:
    """Tell whether a program's output complains about a full disk."""
    return "no space left on device" in output.lower() or "disk quota exceeded" in output.lower()
