"""Day two by the command line: protection, access, what is asked as files, who reaches whom."""

import gzip
from pathlib import Path

from nsaas_app.runtime import Runtime
from tests.cli.conftest import DONE, FAILED, REFUSED, Command
from tests.support.requests import ended, submit


async def test_what_stands_is_shown_and_a_role_is_given_and_taken(
    portal: Runtime, nsaas: Command, tmp_path: Path, name: str
) -> None:
    await ended(portal, await submit(portal, name, preset="isolated"))

    shown = await nsaas("namespaces", "access", name, "-o", "json")
    assert {one["role"] for one in shown.document["grants"]} == {"viewer", "developer", "lead"}
    given = await nsaas("namespaces", "access", name, "--add", "User/kim/viewer", "--wait")
    assert given.code == DONE, given.err
    same = await nsaas("namespaces", "access", name, "--add", "User/kim/viewer")
    assert "as asked already" in same.out
    taken = await nsaas("namespaces", "access", name, "--remove", "User/kim/viewer", "--wait")
    assert taken.code == DONE, taken.err
    for wrong in (("--remove", "User/kim/viewer"), ("--add", "kim")):
        assert (await nsaas("namespaces", "access", name, *wrong)).code == REFUSED

    blocked = await nsaas("namespaces", "reach", name, "--to", "internet")
    assert (blocked.code, "is blocked" in blocked.out) == (FAILED, True)
    inside = ("--from", name, "--to", "this namespace", "--port", "5432")
    through = await nsaas("namespaces", "reach", name, *inside)
    assert (through.code, "gets through" in through.out) == (DONE, True)

    file = tmp_path / "kustomize.tar.gz"
    assert (await nsaas("namespaces", "kustomize", name, "-f", str(file))).code == DONE
    assert b"kustomization.yaml" in gzip.decompress(file.read_bytes())
    for quiet in ("topology", "events"):
        empty = await nsaas("namespaces", quiet, name, "-o", "json")
        assert (empty.code, empty.document["total"]) == (DONE, 0)
    assert (await nsaas("namespaces", "protect", name)).code == REFUSED
