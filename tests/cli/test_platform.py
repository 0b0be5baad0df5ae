"""`nsaas preflight`: it ends well only when something was looked at and no right lacks."""

import pytest

from nsaas_app.settings import Settings
from tests.cli.conftest import FAILED, Command


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A portal that has no cluster."""
    return settings.model_copy(update={"no_cluster": True})


async def test_a_preflight_of_nothing_is_no_success(nsaas: Command) -> None:
    said = await nsaas("preflight", who="auditor")
    assert (said.code, said.out) == (FAILED, "")
    assert "no cluster to ask" in said.err
