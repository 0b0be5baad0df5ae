import asyncio
import os
import time
from pathlib import Path

import pytest

from nsaas_app.localcluster import LocalClusterError, ensure_binaries
from nsaas_app.localcluster.binaries import Sources
from nsaas_app.localcluster.programs import Artefact, Platform, Program
from nsaas_app.localcluster.releases import download
from tests.localcluster.conftest import Heard
from tests.localcluster.releasesite import (
    RUNS,
    ReleaseSite,
    program,
    silent_site,
    tiny_module,
)


def sources(tmp_path: Path, *programs: Program, assets: Path | None = None) -> Sources:
    return Sources(programs, assets, tmp_path / "cache", os.environ["PATH"])


def executable(path: Path, content: bytes = RUNS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return path


def left_in(cache: Path) -> set[str]:
    return {path.name for path in cache.rglob("*") if path.is_file()}


@pytest.fixture
def module(tmp_path: Path) -> Path:
    return tiny_module(tmp_path / "module", "hello")


@pytest.fixture
def broken_module(tmp_path: Path) -> Path:
    return tiny_module(tmp_path / "module", "hello", code="this is not Go")


async def test_a_named_directory_comes_first(
    tmp_path: Path, site: ReleaseSite, module: Path, heard: Heard
) -> None:
    own = executable(tmp_path / "own" / "hello")
    wanted = sources(
        tmp_path, program("hello", module, site.publish("hello", RUNS)), assets=own.parent
    )

    found = await ensure_binaries(heard, sources=wanted)

    assert found.path("hello") == own
    assert not site.asked
    assert "hello: from KUBEBUILDER_ASSETS" in heard.lines


async def test_what_the_named_directory_lacks_comes_from_the_next_way(
    tmp_path: Path, site: ReleaseSite, module: Path
) -> None:
    own = executable(tmp_path / "own" / "hello")
    (own.parent / "other").write_text("not executable, so not a program")
    published = program("other", module, site.publish("other", RUNS))
    wanted = sources(tmp_path, program("hello", module), published, assets=own.parent)

    found = await ensure_binaries(sources=wanted)

    assert found.path("hello") == own
    assert found.path("other").read_bytes() == RUNS
    assert found.path("other").is_relative_to(tmp_path / "cache")


async def test_an_official_build_is_downloaded_once(
    tmp_path: Path, site: ReleaseSite, module: Path, heard: Heard
) -> None:
    wanted = sources(tmp_path, program("hello", module, site.publish("hello", RUNS)))

    first = await ensure_binaries(heard, sources=wanted)
    second = await ensure_binaries(heard, sources=wanted)

    assert first.path("hello") == second.path("hello")
    assert os.access(first.path("hello"), os.X_OK)
    assert site.asked["/hello"] == 1
    assert [line for line in heard.lines if line.startswith("hello:")] == [
        "hello: official build",
        "hello: from the cache",
    ]


async def test_an_archive_gives_its_program(
    tmp_path: Path, site: ReleaseSite, module: Path
) -> None:
    artefact = site.publish_archive("hello.tar.gz", "hello-1.0/hello", RUNS)

    found = await ensure_binaries(sources=sources(tmp_path, program("hello", module, artefact)))

    assert found.path("hello").read_bytes() == RUNS
    assert left_in(tmp_path / "cache") == {"hello", "manifest.json", ".lock"}


async def test_a_wrong_checksum_is_refused_aloud_and_the_program_is_built(
    tmp_path: Path, site: ReleaseSite, module: Path, heard: Heard
) -> None:
    artefact = site.publish("hello", RUNS, checksum="0" * 64)

    found = await ensure_binaries(
        heard, sources=sources(tmp_path, program("hello", module, artefact))
    )

    assert found.path("hello").read_bytes() != RUNS
    assert "The official build of hello was refused: its SHA-256 is" in heard.text
    assert "hello: built with Go" in heard.lines


async def test_a_publisher_that_never_answers_costs_seconds_and_no_more(
    tmp_path: Path, module: Path, heard: Heard
) -> None:
    with silent_site() as url:
        programs = [
            program(name, module, Artefact(f"{url}/{name}", f"{url}/{name}.sha256"))
            for name in ("one", "two", "three")
        ]
        began = time.monotonic()
        arrived = await download(programs, tmp_path, progress=heard)

    assert arrived == {}
    assert time.monotonic() - began < 9, "they are asked side by side"
    assert heard.lines[-1] == "Official builds are not reachable from here"


async def test_without_a_publisher_the_program_is_built(
    tmp_path: Path, module: Path, heard: Heard
) -> None:
    nobody = Artefact("http://127.0.0.1:9/hello", "http://127.0.0.1:9/hello.sha256")

    found = await ensure_binaries(
        heard, sources=sources(tmp_path, program("hello", module, nobody))
    )

    assert os.access(found.path("hello"), os.X_OK)
    assert "hello: built with Go" in heard.lines


async def test_half_a_download_and_a_failed_build_leave_nothing(
    tmp_path: Path, site: ReleaseSite, broken_module: Path, heard: Heard
) -> None:
    artefact = site.publish("hello", RUNS)
    site.cut_short.add("/hello")

    with pytest.raises(LocalClusterError, match=r"could not be built.*syntax error"):
        await ensure_binaries(
            heard, sources=sources(tmp_path, program("hello", broken_module, artefact))
        )

    assert "The official build of hello did not arrive" in heard.text
    assert left_in(tmp_path / "cache") == {".lock"}


async def test_what_a_killed_build_left_is_removed(
    tmp_path: Path, site: ReleaseSite, module: Path
) -> None:
    wanted = sources(tmp_path, program("hello", module, site.publish("hello", RUNS)))
    left = executable(wanted.binary_cache().directory / ".staging-killed" / "hello")

    found = await ensure_binaries(sources=wanted)

    assert found.path("hello") != left
    assert left_in(tmp_path / "cache") == {"hello", "manifest.json", ".lock"}


@pytest.mark.parametrize(
    "damaged",
    [RUNS[:-5], RUNS.replace(b"1.0", b"6.6")],
    ids=["truncated", "same size, other content"],
)
async def test_a_damaged_cache_is_noticed_and_mended(
    tmp_path: Path, site: ReleaseSite, module: Path, heard: Heard, damaged: bytes
) -> None:
    wanted = sources(tmp_path, program("hello", module, site.publish("hello", RUNS)))
    cached = (await ensure_binaries(sources=wanted)).path("hello")
    executable(cached, damaged)

    found = await ensure_binaries(heard, sources=wanted)

    assert found.path("hello").read_bytes() == RUNS
    assert "hello in the cache is damaged and is replaced" in heard.lines


async def test_a_program_that_does_not_run_never_enters_the_cache(
    tmp_path: Path, site: ReleaseSite, module: Path
) -> None:
    artefact = site.publish("hello", b"#!/bin/sh\necho wrong processor >&2; exit 1\n")

    with pytest.raises(LocalClusterError, match=r"does not run there .wrong processor") as refused:
        await ensure_binaries(sources=sources(tmp_path, program("hello", module, artefact)))

    assert "XDG_CACHE_HOME" in refused.value.fix
    assert left_in(tmp_path / "cache") == {".lock"}


async def test_two_that_need_the_same_program_wait_for_one_another(
    tmp_path: Path, site: ReleaseSite, module: Path, heard: Heard
) -> None:
    wanted = sources(tmp_path, program("hello", module, site.publish("hello", RUNS)))

    first, second = await asyncio.gather(
        ensure_binaries(heard, sources=wanted), ensure_binaries(heard, sources=wanted)
    )

    assert first == second
    assert site.asked["/hello"] == 1
    assert "Waiting for another process that prepares the same programs" in heard.lines


def test_the_environment_says_where_to_look(tmp_path: Path) -> None:
    found = Sources.from_environment(
        {"KUBEBUILDER_ASSETS": "/opt/assets", "XDG_CACHE_HOME": str(tmp_path), "PATH": "/opt/go"}
    )

    assert found.assets == Path("/opt/assets")
    assert found.search_path == "/opt/go"
    directory = found.binary_cache().directory
    assert directory.parent == tmp_path / "nsaas" / "controlplane"
    assert directory.name.startswith("1.36.3-")
    assert directory.name.endswith(f"-{Platform.here().system}-{Platform.here().processor}")
    assert {program.name for program in found.programs} == {
        "etcd",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kubectl",
        "kwok",
    }
