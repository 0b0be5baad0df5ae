"""Sleep, export and the inbox by the command line, over REST."""

import gzip
from pathlib import Path

import pytest

from nsaas_app.runtime import Runtime
from tests.cli.conftest import DONE, REFUSED, Command
from tests.support.requests import ended, submit


@pytest.mark.long
async def test_a_namespace_is_sent_to_sleep_exported_and_woken(
    portal: Runtime, nsaas: Command, tmp_path: Path, name: str
) -> None:
    await ended(portal, await submit(portal, name))

    slept = await nsaas("namespaces", "sleep", name, "--until", "8h", "--wait")
    again = await nsaas("namespaces", "sleep", name, "--until", "never")
    file = tmp_path / "export.tar.gz"
    exported = await nsaas("namespaces", "export", name, "-f", str(file))
    woken = await nsaas("namespaces", "wake", name, "--wait")
    awake = await nsaas("namespaces", "wake", name)

    assert (slept.code, woken.code, awake.code) == (DONE, DONE, DONE), slept.err + woken.err
    assert "awake already" in awake.out
    assert again.code == REFUSED
    assert exported.code == DONE
    assert b"kustomization.yaml" in gzip.decompress(file.read_bytes())
    assert "Secrets are not in it" in exported.out
    assert (await nsaas("namespaces", "certify", name)).code == REFUSED
    assert (await nsaas("exports", "list", "-o", "json")).document == []
    assert (await nsaas("inbox", "list", "-o", "json")).document["total"] == 0
