"""Actors: which role counts for a thing of a team."""

import pytest

from nsaas_app.domain.actors import SYSTEM_ACTOR, Actor, AuthMethod, Role
from nsaas_app.domain.names import TeamName

OWN, OTHER = TeamName("frontend"), TeamName("payments")


@pytest.mark.parametrize(
    ("actor", "own", "other"),
    [
        (Actor("x"), None, None),
        (Actor("x", teams={OWN: Role.VIEWER}), Role.VIEWER, None),
        (Actor("x", teams={OWN: Role.LEAD}), Role.LEAD, None),
        (Actor("x", is_auditor=True), Role.AUDITOR, Role.AUDITOR),
        (Actor("x", teams={OWN: Role.LEAD}, is_auditor=True), Role.LEAD, Role.AUDITOR),
        (Actor("x", teams={OWN: Role.VIEWER}, is_admin=True), Role.ADMIN, Role.ADMIN),
        (Actor("x", is_auditor=True, is_admin=True), Role.ADMIN, Role.ADMIN),
    ],
)
def test_the_strongest_role_counts(actor: Actor, own: Role | None, other: Role | None) -> None:
    assert actor.role_in(OWN) is own
    assert actor.role_in(OTHER) is other
    assert actor.sees_all_teams == (actor.is_admin or actor.is_auditor)


def test_every_role_that_counts_is_told() -> None:
    actor = Actor("x", teams={OWN: Role.VIEWER}, is_auditor=True)
    assert actor.roles_in(OWN) == {Role.VIEWER, Role.AUDITOR}
    assert actor.roles_in(OTHER) == {Role.AUDITOR}
    assert Actor("x").roles_in(OWN) == frozenset()


def test_the_portal_itself_is_nobodys_member() -> None:
    assert SYSTEM_ACTOR.auth is AuthMethod.SYSTEM
    assert SYSTEM_ACTOR.role_in(OWN) is None
