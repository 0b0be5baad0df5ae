"""`nsaas audit verify`: with the anchors of a log, also what was taken from the end is missed."""

import json
from pathlib import Path

from sqlalchemy import text

from nsaas_app.runtime import Runtime
from tests.cli.conftest import DONE, Command
from tests.support.databases import plain_connection
from tests.support.requests import ended, submit


async def test_the_log_of_the_portal_proves_the_end_of_the_audit_log(
    portal: Runtime, nsaas: Command, tmp_path: Path, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    async with portal.database.reading() as connection:
        head = await portal.stores.audit.head(connection)
    assert head is not None
    lines = [{"event": "served"}, {"event": "audit anchor", "anchor": f"{head[0]}:{head[1]}"}]
    log, empty = tmp_path / "portal.log", tmp_path / "empty.log"
    log.write_text("not JSON: audit anchor\n" + "".join(json.dumps(x) + "\n" for x in lines))
    empty.write_text("audit anchor\n")

    whole = await nsaas("audit", "verify", "--log", str(log), "-o", "json", who="auditor")
    nothing = await nsaas("audit", "verify", "--log", str(empty), who="auditor")
    with plain_connection(portal.settings.database) as connection_:
        connection_.exec_driver_sql("DROP TRIGGER audit_no_delete")
        gone = connection_.execute(text("DELETE FROM audit WHERE seq >= :seq"), {"seq": head[0]})
        assert gone.rowcount >= 1
    short = await nsaas("audit", "verify", "--log", str(log), who="auditor")

    assert (whole.code, whole.document["valid"]) == (DONE, True), whole.err
    assert "holds no anchor" in nothing.err
    assert short.code == 1
    assert f"entry {head[0]}" in short.err
