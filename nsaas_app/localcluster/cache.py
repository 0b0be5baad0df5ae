"""Programs that were downloaded or built once, shared by all checkouts of a user.

Each program is listed in a manifest with its size and hash. What is not listed does not count, so
that a half-written file is never used.
"""

import contextlib
import enum
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from .programs import KUBERNETES_VERSION, GoModule, Platform

__all__ = ["BinaryCache", "CacheState", "cache_key", "user_cache"]

_STAGING_PREFIX: Final = ".staging-"
_EXECUTABLE: Final = 0o755


def user_cache(environment: Mapping[str, str], where: Platform) -> Path:
    """Return the directory for caches of this product."""
    if configured := environment.get("XDG_CACHE_HOME"):
        return Path(configured) / "nsaas"
    if where.system == "darwin":
        return Path.home() / "Library" / "Caches" / "nsaas"
    return Path.home() / ".cache" / "nsaas"


def cache_key(modules: Iterable[GoModule], where: Platform) -> str:
    """Name the set of programs: another version or platform never finds these."""
    digest = hashlib.sha256()
    for directory in sorted({module.directory for module in modules}):
        digest.update((directory / "go.sum").read_bytes())
    return f"{KUBERNETES_VERSION}-{digest.hexdigest()[:12]}-{where.system}-{where.processor}"


class CacheState(enum.Enum):
    """What the cache has of one program."""

    ABSENT = "absent"
    GOOD = "good"
    DAMAGED = "damaged"


class BinaryCache:
    """One set of programs in one directory. Every method touches the disk: call it in a thread."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._manifest = directory / "manifest.json"

    @property
    def lock(self) -> Path:
        """Held by whoever fills the cache."""
        return self.directory / ".lock"

    def path(self, name: str) -> Path:
        """Return where a program lies, or would."""
        return self.directory / name

    def state(self, name: str) -> CacheState:
        """Compare a program with the manifest; its content is read only if it was touched."""
        entry = self._entries().get(name)
        if entry is None:
            return CacheState.ABSENT
        path = self.path(name)
        try:
            seen = path.stat()
        except FileNotFoundError:
            return CacheState.ABSENT
        if seen.st_size != entry["size"]:
            return CacheState.DAMAGED
        if seen.st_mtime_ns != entry["modified"] and _sha256(path) != entry["sha256"]:
            return CacheState.DAMAGED
        return CacheState.GOOD

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """Give a directory on the same file system; what is left in it goes away.

        Only the holder of the lock may call this: it also removes what killed builds left.
        """
        for left in self.directory.glob(f"{_STAGING_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=self.directory))
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def install(self, name: str, staged: Path, *, way: str) -> Path:
        """Move a finished program into the cache; the manifest lists it last."""
        staged.chmod(_EXECUTABLE)
        digest = _sha256(staged)
        final = staged.replace(self.path(name))
        seen = final.stat()
        entries = self._entries()
        entries[name] = {
            "size": seen.st_size,
            "modified": seen.st_mtime_ns,
            "sha256": digest,
            "way": way,
        }
        fresh = self._manifest.with_suffix(".new")
        fresh.write_text(json.dumps(entries, indent=2))
        fresh.replace(self._manifest)
        return final

    def _entries(self) -> dict[str, Any]:
        try:
            entries: dict[str, Any] = json.loads(self._manifest.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return entries


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
