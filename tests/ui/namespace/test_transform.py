"""One namespace's page."""

from datetime import timedelta
from typing import Any

from nsaas_app.directory.rows import QuotaUse
from nsaas_app.ui.namespace.transform import namespace_vars
from tests.ui.examples import NOW, row


def _vars() -> dict[str, Any]:
    quota = {"pods": QuotaUse("3", "10"), "secrets": QuotaUse("1", "20")}
    return namespace_vars(row(quota=quota), now=NOW)


def test_bars_show_the_headline_resources() -> None:
    found = _vars()
    assert [view.resource for view in found["quotas"]] == ["pods"]


def test_the_lifetime_bar_shows_what_is_over() -> None:
    assert _vars()["life_share"] == 33
    late = namespace_vars(row(), now=NOW + timedelta(days=99))
    assert late["life_share"] == 100
