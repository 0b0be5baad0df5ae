"""One namespace's page."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from nsaas_app.directory.joining import health_of
from nsaas_app.directory.rows import QuotaUse
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.insights.objects import ObjectReport
from nsaas_app.ui.figures import iso
from nsaas_app.ui.namespace.transform import namespace_vars, no_way_in, owned_lines
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


def test_nobody_is_told_a_way_in_that_is_none() -> None:
    assert no_way_in(NamespaceState.ACTIVE) == ""
    assert no_way_in(NamespaceState.SLEEPING) == ""
    assert no_way_in(NamespaceState.RELEASED).startswith("Nobody has access while it is released")
    waiting = no_way_in(NamespaceState.PROVISIONING, is_awaiting=True)
    assert waiting == "Nobody gets in before its request is approved and done."


def test_what_goes_away_is_not_called_healthy_nor_its_objects_missing() -> None:
    leaving = namespace_vars(row(state=NamespaceState.TERMINATING), now=NOW)
    assert leaving["unrated"] == "Not rated: it is going away."
    assert "going away" in leaving["quota_gone"]
    assert (_vars()["unrated"], _vars()["quota_gone"]) == ("", "")
    stuck = namespace_vars(row(state=NamespaceState.STUCK), now=NOW)
    assert stuck["unrated"] == "", "what is stuck has a score, and a reason for it"
    quota = ObjectReport("ResourceQuota/nsaas-quota", {}, None, (), is_ours=True)
    (gone,) = owned_lines("shop", [quota], is_ending=True)
    (absent,) = owned_lines("shop", [quota])
    assert (gone.word, absent.word, absent.tone) == ("Gone", "Not there", "bad")


def test_a_released_one_has_another_end() -> None:
    until = NOW + timedelta(days=1)
    released = replace(row(state=NamespaceState.RELEASED), restorable_until=until)
    assert namespace_vars(released, now=NOW)["restorable_until"] == iso(until)
    assert (
        namespace_vars(replace(released, state=NamespaceState.ACTIVE), now=NOW)["restorable_until"]
        == ""
    )
    ending = replace(released, expires_at=NOW + timedelta(days=2))
    assert health_of(ending, now=NOW).reasons == ()
    assert [one.code for one in health_of(replace(row(), expires_at=NOW), now=NOW).reasons] == [
        "expired"
    ]
