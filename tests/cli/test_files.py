"""Namespaces as documents: what `export` writes, `apply` takes, and nothing changes by it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from nsaas_app.runtime import Runtime
from tests.cli.conftest import DONE, Command
from tests.support.requests import ended, submit


async def test_what_is_exported_changes_nothing_when_it_is_applied(
    portal: Runtime, nsaas: Command, tmp_path: Path, name: str
) -> None:
    lead = {"kind": "Group", "name": "frontend-leads", "role": "lead"}
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    kim = {"kind": "User", "name": "kim", "role": "viewer", "expires_at": until}
    wished: dict[str, Any] = {
        "annotations": {"note": "two\nlines"},
        "sleep_windows": (),
        "access": (lead, kim),
    }
    await ended(portal, await submit(portal, name, **wished))

    said = await nsaas("export", name)
    assert said.code == DONE, said.err
    (document,) = yaml.safe_load_all(said.out)
    assert document["metadata"] == {"name": name}
    assert document["spec"]["access"] == [lead, kim]
    file = tmp_path / "exported.yaml"
    file.write_text(said.out)
    applied = await nsaas("apply", "-f", str(file), "-o", "json")
    assert [row["result"] for row in applied.document] == ["unchanged"], applied.out
