"""Who is told: the owner and the leads, or the one person whose business it is."""

from dataclasses import replace

import pytest

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.notices import Notice, NoticeKind, concerns
from nsaas_app.lifecycle.notices import addresses_of, receivers_of
from tests.support.actors import actor
from tests.support.specs import NOW, spec_of

SPEC = replace(
    spec_of(),
    owner="ada",
    access=(AccessGrant(SubjectKind.GROUP, "frontend-leads", AccessRole.LEAD),),
)
RECORD = ManagedNamespace(
    name=SPEC.name, team=SPEC.team, cluster="local", intent=Intent.ACTIVE, spec=SPEC,
    request_id="r-1", created_at=NOW,
)  # fmt: skip


def notice(kind: NoticeKind, owner: str) -> Notice:
    return Notice(
        notice_id="n-1", key="k-1", kind=kind, cluster="local", namespace=str(SPEC.name),
        team=SPEC.team, owner=owner, title="t", text="t", created_at=NOW,
    )  # fmt: skip


def test_the_end_of_a_namespace_is_told_its_owner_and_the_leads() -> None:
    told = receivers_of(notice(NoticeKind.EXPIRING, "ada"), RECORD)
    assert addresses_of(told, domain="mail.test") == ("ada@mail.test", "frontend-leads@mail.test")


@pytest.mark.parametrize("kind", [NoticeKind.QUESTION, NoticeKind.ANSWER])
def test_what_is_between_two_people_reaches_one_of_them_alone(kind: NoticeKind) -> None:
    """Who asked for the request need not own the namespace, and an admin is in no team."""
    asked = notice(kind, "admin")
    assert receivers_of(asked, RECORD) == ("admin",)
    assert concerns(asked, actor("admin"))
    for other in ("frontend-dev", "frontend-lead", "auditor"):
        assert not concerns(asked, actor(other))


def test_who_left_the_team_reads_no_more_of_it() -> None:
    assert not concerns(notice(NoticeKind.QUESTION, "payments-dev"), actor("payments-dev"))
