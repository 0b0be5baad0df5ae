"""Asking by the command line: previews, templates and sets, in a process of its own over REST."""

from pathlib import Path
from typing import Any

import yaml

from nsaas_app.runtime import Runtime
from tests.cli.conftest import DONE, REFUSED, Command
from tests.support.actors import actor
from tests.support.requests import ended, submit


def a_file(directory: Path, name: str, **spec: Any) -> str:
    document = {
        "apiVersion": "nsaas.platform.io/v1",
        "kind": "NamespaceRequest",
        "metadata": {"name": name},
        "spec": {"team": "frontend", "environment": "development", **spec},
    }
    path = directory / "wanted.yaml"
    path.write_text(yaml.safe_dump(document))
    return str(path)


async def test_a_file_is_previewed_as_apply_would_hand_it_in(
    portal: Runtime, nsaas: Command, tmp_path: Path, name: str
) -> None:
    wanted = a_file(tmp_path, name, tier="medium")

    new = (await nsaas("preview", "-f", wanted, "-o", "json")).document[0]
    await ended(portal, await submit(portal, name))
    change = await nsaas("preview", "-f", wanted, "-o", "json")
    table = await nsaas("preview", "-f", wanted)
    release = await nsaas("preview", name, "--kind", "release")
    unclear = await nsaas("preview", name)

    assert (new["kind"], new["allowed"]) == ("provision", True)
    assert change.code == DONE, change.err
    assert change.document[0]["kind"] == "change"
    assert "ResourceQuota/nsaas-quota" in table.out
    assert "changed" in table.out
    assert "$ 30.06 -> $ 60.52 a month" in table.out
    assert "Restorable until" in release.out
    assert "removed" in release.out
    assert unclear.code == REFUSED
    assert portal.requests.in_flight(actor=actor("admin")) == ()


async def test_a_refused_preview_ends_with_its_reason(
    nsaas: Command, tmp_path: Path, name: str
) -> None:
    said = await nsaas("preview", "-f", a_file(tmp_path, name, tier="huge"))

    assert said.code == REFUSED
    assert "tier: 'huge' is none of" in said.err


async def test_a_template_is_asked_for_with_its_parameters(nsaas: Command, name: str) -> None:
    listed = (await nsaas("catalog", "--templates", "-o", "json")).document
    asking = ("request", name, "--team", "frontend", "--env", "testing", "-o", "json")
    database = ("--template", "microservice-api", "--param", "database_cidr=198.51.100.0/28")

    missing = await nsaas(*asking, "--template", "microservice-api")
    garbled = await nsaas(*asking, "--template", "microservice-api", "--param", "database_cidr")
    asked = await nsaas(*asking, *database, "--wait")

    assert "microservice-api" in {template["id"] for template in listed}
    assert missing.code == REFUSED
    assert "parameters.database_cidr" in missing.err
    assert garbled.code == REFUSED
    assert asked.code == DONE, asked.err
    spec = asked.document["spec"]
    assert spec["network"]["cidrs"] == ["198.51.100.0/28"]
    assert (spec["tier"], spec["network"]["preset"]) == ("medium", "isolated")


async def test_a_set_is_asked_for_and_followed_to_its_end(
    portal: Runtime, nsaas: Command, name: str
) -> None:
    words = ("request-set", name, "--team", "frontend", "--cost-center", "cc",
             "--env", "development", "--env", "testing", "--env", "staging",
             "--set", "staging:tier=small", "--set", "testing:network.preset=isolated")  # fmt: skip

    refused = await nsaas(*words, "--set", "testing:tier=large")
    nonsense = await nsaas(*words, "--set", "testing")
    said = await nsaas(*words, "--wait", "-o", "json")

    assert refused.code == REFUSED
    assert "testing.tier" in refused.err
    assert nonsense.code == REFUSED
    assert said.code == DONE, said.err
    members = said.document["requests"]
    assert [one["status"] for one in members] == ["completed"] * 3
    assert [one["spec"]["tier"] for one in members] == ["small", "small", "small"]
    assert members[1]["spec"]["network"]["preset"] == "isolated"
    assert portal.directory.record(f"{name}-stg") is not None


async def test_what_needs_approval_is_asked_for_with_a_reason(
    portal: Runtime, nsaas: Command, name: str
) -> None:
    await ended(portal, await submit(portal, name, environment="staging", cost_center="cc"))
    renew = ("namespaces", "renew", name, "--days", "200")

    silent = await nsaas(*renew)
    told = await nsaas(*renew, "--justification", "The release candidate stays longer.")

    assert silent.code == REFUSED
    assert "justification" in silent.err
    assert told.code == DONE, told.err
    assert "awaiting-approval" in told.out
