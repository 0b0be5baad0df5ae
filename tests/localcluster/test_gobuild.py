import os
from pathlib import Path

import pytest

from nsaas_app.localcluster import LocalClusterError
from nsaas_app.localcluster.cache import user_cache
from nsaas_app.localcluster.commands import run
from nsaas_app.localcluster.gobuild import build
from nsaas_app.localcluster.programs import GoModule, Platform, Program
from nsaas_app.localcluster.toolchain import Go, find_go
from tests.localcluster.conftest import Heard
from tests.localcluster.releasesite import program, tiny_module


@pytest.fixture
async def go(heard: Heard) -> Go:
    cache = user_cache(os.environ, Platform.here())
    return await find_go(cache, search_path=os.environ["PATH"], progress=heard)


async def test_programs_of_one_module_are_built_with_its_flags(
    tmp_path: Path, go: Go, heard: Heard
) -> None:
    directory = tiny_module(tmp_path / "module", "one", "two")
    for name in ("one", "two"):
        (directory / name / "main.go").write_text(
            'package main\n\nvar version = "none"\n\nfunc main() { println(version) }\n'
        )
    module = GoModule(directory, "-X main.version=v7")
    wanted = [Program(name, module, f"example.test/tiny/{name}", None) for name in ("one", "two")]

    built = await build(wanted, tmp_path, go=go, progress=heard)

    said = {name: (await run([str(path)])).errors.strip() for name, path in built.items()}
    assert said == {"one": "v7", "two": "v7"}
    assert [line for line in heard.lines if line.startswith("Building")] == [
        "Building one with Go",
        "Building two with Go",
    ]


async def test_a_module_that_nobody_has_is_one_sentence_with_the_fix(
    tmp_path: Path, go: Go, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOPROXY", "http://127.0.0.1:9")
    directory = tiny_module(tmp_path / "module", "hello")
    with (directory / "go.mod").open("a") as file:
        file.write("\nrequire example.test/absent v1.0.0\n")
    (directory / "hello" / "main.go").write_text(
        'package main\n\nimport _ "example.test/absent"\n\nfunc main() {}\n'
    )
    (directory / "go.sum").write_text(
        "example.test/absent v1.0.0 h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        "example.test/absent v1.0.0/go.mod h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    )

    with pytest.raises(LocalClusterError, match=r"modules .* cannot be downloaded") as refused:
        await build([program("hello", directory)], tmp_path, go=go, progress=heard)

    assert "GOPROXY" in refused.value.fix


async def test_a_full_disk_is_one_sentence_with_the_fix(tmp_path: Path, heard: Heard) -> None:
    failing = tmp_path / "go"
    failing.write_text("#!/bin/sh\necho 'write x.a: no space left on device' >&2\nexit 1\n")
    failing.chmod(0o755)

    with pytest.raises(LocalClusterError, match="disk is full") as refused:
        await build(
            [program("hello", tiny_module(tmp_path / "module", "hello"))],
            tmp_path,
            go=Go(failing),
            progress=heard,
        )

    assert "GOCACHE" in refused.value.fix


async def test_settings_of_the_users_own_projects_change_nothing(
    tmp_path: Path, go: Go, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=vendor")
    monkeypatch.setenv("GOOS", "plan9")
    (tmp_path / "go.work").write_text("go 1.26.0\n")
    monkeypatch.setenv("GOWORK", str(tmp_path / "go.work"))
    directory = tiny_module(tmp_path / "module", "hello")

    built = await build([program("hello", directory)], tmp_path, go=go, progress=heard)

    assert (await run([str(built["hello"])])).errors == "version 1.0\n"
