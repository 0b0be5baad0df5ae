"""bun comes from the cache where it is there, and only a variant that starts is taken."""

import json
from pathlib import Path

import pytest

from nsaas_app.cli.toolchain import FrontendError, ensure_bun, npm_registry
from nsaas_app.localcluster import quiet

TOOLCHAIN = Path(__file__).parents[2] / "toolchain"
VERSION = "1.4.5"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "nsaas"


def put_bun(cache: Path, variant: str, script: str) -> Path:
    binary = cache / f"bun-{VERSION}" / "node_modules" / "@oven" / variant / "bin" / "bun"
    binary.parent.mkdir(parents=True)
    binary.write_text(f"#!/bin/sh\n{script}\n")
    binary.chmod(0o755)
    return binary


def test_one_version_is_pinned_for_all_platforms() -> None:
    pinned = json.loads((TOOLCHAIN / "package.json").read_text())["optionalDependencies"]
    assert set(pinned.values()) == {VERSION}
    assert {"@oven/bun-linux-x64", "@oven/bun-darwin-aarch64"} <= pinned.keys()


async def test_the_variant_that_starts_is_taken(cache: Path) -> None:
    put_bun(cache, "bun-linux-aarch64", "exit 1")
    starts = put_bun(cache, "bun-linux-x64", f"echo {VERSION}")
    assert await ensure_bun(TOOLCHAIN, quiet) == starts


async def test_no_variant_that_starts_is_one_sentence(cache: Path) -> None:
    put_bun(cache, "bun-linux-x64", "exit 1")
    with pytest.raises(FrontendError, match="No published bun runs on this machine"):
        await ensure_bun(TOOLCHAIN, quiet)


async def test_a_failed_installation_leaves_nothing_behind(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("npm", "node"):
        (programs / name).write_text("#!/bin/sh\necho the registry is away >&2\nexit 1\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    with pytest.raises(FrontendError, match="Installing bun failed") as caught:
        await ensure_bun(TOOLCHAIN, quiet)
    assert "the registry is away" in str(caught.value)
    assert list(cache.iterdir()) == []
    with pytest.raises(FrontendError, match="does not tell its registry"):
        await npm_registry(TOOLCHAIN, quiet)
