"""Approvals: who can still answer, and when everybody needed has said yes."""

from dataclasses import replace

import pytest

from nsaas_app.domain.actors import Actor, Role
from nsaas_app.domain.approval import Approval, Decision, Verdict
from nsaas_app.domain.names import TeamName
from tests.support.specs import NOW

TEAM = TeamName("frontend")
LEAD = Actor("lead", teams={TEAM: Role.LEAD})
ADMIN = Actor("admin", is_admin=True)
BOTH = Approval((Role.LEAD, Role.ADMIN), "Production.", NOW)


def said(approval: Approval, role: Role, verdict: Verdict = Verdict.APPROVED) -> Approval:
    word = Decision(f"some {role}", role, verdict, "", NOW)
    return replace(approval, decisions=(*approval.decisions, word))


def test_it_is_granted_when_every_needed_role_said_yes() -> None:
    assert not BOTH.is_granted
    assert BOTH.outstanding == (Role.LEAD, Role.ADMIN)
    half = said(BOTH, Role.ADMIN)
    assert (half.is_granted, half.outstanding) == (False, (Role.LEAD,))
    assert said(half, Role.LEAD).is_granted
    assert half.has_decided("some admin")
    assert not half.has_decided("some lead")


def test_one_no_is_enough() -> None:
    assert not said(said(BOTH, Role.ADMIN), Role.LEAD, Verdict.REJECTED).is_granted


@pytest.mark.parametrize(
    ("actor", "approval", "role"),
    [
        (LEAD, BOTH, Role.LEAD),
        (ADMIN, BOTH, Role.ADMIN),
        (ADMIN, said(BOTH, Role.ADMIN), Role.LEAD),
        (LEAD, said(BOTH, Role.LEAD), None),
        (Actor("dev", teams={TEAM: Role.DEVELOPER}), BOTH, None),
        (Actor("auditor", is_auditor=True), BOTH, None),
        (Actor("rival", teams={TeamName("payments"): Role.LEAD}), BOTH, None),
        (Actor("both", teams={TEAM: Role.LEAD}, is_auditor=True), BOTH, Role.LEAD),
    ],
)
def test_an_actor_answers_the_role_they_have(
    actor: Actor, approval: Approval, role: Role | None
) -> None:
    assert approval.role_for(actor, TEAM) is role
