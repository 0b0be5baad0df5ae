"""`nsaas tokens …` over REST, from making one to its end."""

import re

from tests.cli.conftest import Command


async def test_a_token_is_made_listed_and_revoked(nsaas: Command) -> None:
    new = await nsaas("tokens", "create", "ci", "--scope", "read", "--days", "3", "-o", "json")
    assert new.code == 0, new.err
    plain = await nsaas("tokens", "create", "script")
    listed = await nsaas("tokens", "list")
    revoked = await nsaas("tokens", "revoke", new.document["id"])
    again = await nsaas("tokens", "revoke", new.document["id"])
    wrong = await nsaas("tokens", "create", "x", "--scope", "everything")

    assert re.fullmatch(r"nsaas_\S{64,}\n", plain.out), "the token alone, for scripts"
    assert "ci" in listed.out
    assert new.document["token"] not in listed.out
    assert revoked.code == 0
    assert (again.code, wrong.code) == (2, 2)
    assert "scopes" in wrong.err
