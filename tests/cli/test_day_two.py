"""Day two by the command line: protection, access, what is asked as files, who reaches whom."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nsaas_app.cli.day_two import _changed
from nsaas_app.runtime import Runtime
from tests.cli.conftest import DONE, FAILED, REFUSED, Command
from tests.support.controlplane import ControlPlane
from tests.support.requests import ended, submit

NOW = datetime(2030, 1, 2, tzinfo=UTC)


def _grants(**ends: timedelta) -> list[dict[str, str]]:
    return [
        {"kind": "User", "name": name, "role": "viewer", "expires_at": (NOW + end).isoformat()}
        for name, end in ends.items()
    ]


def test_who_is_let_in_again_keeps_the_end_unless_it_is_over() -> None:
    hour, lead = timedelta(hours=1), {"kind": "Group", "name": "leads", "role": "lead"}
    asked = [lead, *_grants(kim=hour, bo=-hour)]
    same = _changed(asked, ["User/kim/viewer"], [], now=NOW)
    assert same == asked
    anew = _changed(asked, ["User/bo/viewer"], ["User/kim/viewer"], now=NOW)
    assert anew == [lead, {"kind": "User", "name": "bo", "role": "viewer"}]
    endless = _changed(asked, ["User/kim/viewer"], ["User/kim/viewer"], now=NOW)
    assert {"kind": "User", "name": "kim", "role": "viewer"} in endless


async def test_a_binding_that_others_deleted_takes_nobodys_access_away(
    portal: Runtime, nsaas: Command, controlplane: ControlPlane, name: str
) -> None:
    before = (await ended(portal, await submit(portal, name))).spec.access
    controlplane.kubectl("delete", "rolebinding", "-n", name, "--all", "--wait=false")
    given = await nsaas("namespaces", "access", name, "--add", "User/kim/viewer", "-o", "json")
    assert given.code == DONE, given.err
    wanted = {grant["name"] for grant in given.document["spec"]["access"]}
    assert wanted == {grant.name for grant in before} | {"kim"}


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
