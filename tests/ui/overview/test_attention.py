"""What needs somebody stands in the order of harm, each with its reason and the way to it."""

from dataclasses import replace

from nsaas_app.directory.rows import HealthReason
from nsaas_app.domain.actors import Role
from nsaas_app.domain.names import NamespaceName
from nsaas_app.ui.overview.attention import attention_of
from tests.directory.samples import ADMIN, AUDITOR, FRONTEND, member
from tests.ui.examples import NOW, failed_request, row, running_request


def test_the_most_harmful_comes_first_and_each_leads_somewhere() -> None:
    rows = (
        row("full", reasons=(HealthReason("near-quota", "At 95 %.", 15),)),
        row("gone", reasons=(HealthReason("missing", "The namespace is missing.", 60),)),
        row("fine"),
        row("edited", reasons=(
            HealthReason("near-quota", "At 95 %.", 15), HealthReason("drifted", "Not as asked.", 25)
        )),
    )  # fmt: skip
    found = attention_of(
        rows, actor=ADMIN, now=NOW, failing=(failed_request(),), waiting=(running_request(),)
    )
    assert [(one.name, one.message, one.more, one.href) for one in found] == [
        ("gone", "The namespace is missing", "", "/namespaces/gone"),
        ("frontend-shop-dev", "Create failed: Policy x refused it", "", "/requests/req-1"),
        ("edited", "Not as asked", "· 1 more", "/namespaces/edited"),
        ("full", "At 95 %", "", "/namespaces/full?tab=quota"),
        ("frontend-shop-dev", "Create waits for you to decide", "", "/approvals?id=req-1"),
    ]
    assert [one.tone for one in found] == ["bad", "bad", "warn", "warn", "waiting"]
    ways = ["Open", "See failure", "See drift", "Open quota", "Decide"]
    assert [f"{one.way} {one.way_to}".strip() for one in found] == ways


def test_a_failed_namespace_is_told_once() -> None:
    failed = replace(failed_request(), namespace=NamespaceName("shop"))
    rows = (row("shop", reasons=(HealthReason("failed", "The namespace is failed.", 60),)),)
    assert [one.href for one in attention_of(rows, actor=ADMIN, now=NOW, failing=(failed,))] == [
        "/namespaces/shop"
    ]


def test_only_who_may_renew_is_offered_it() -> None:
    ends = row("ends", reasons=(HealthReason("expiring", "It ends.", 5),))
    asks = row("asks", reasons=(HealthReason("certify", "To be confirmed.", 5),))
    readers = {
        "auditor": AUDITOR,
        "viewer": member(FRONTEND, role=Role.VIEWER),
        "developer": member(FRONTEND, role=Role.DEVELOPER),
        "lead": member(FRONTEND, role=Role.LEAD),
    }
    assert {
        reader: [one.renew for one in attention_of([asks, ends], actor=actor, now=NOW)]
        for reader, actor in readers.items()
    } == {
        "auditor": ["", ""],
        "viewer": ["", ""],
        "developer": ["", "Renew"],
        "lead": ["Confirm", "Renew"],
    }
