"""Roles: from the groups of an identity by the configuration of the teams, the strongest wins."""

import pytest

from nsaas_app.domain.actors import Actor, AuthMethod, Role
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.teams import Team, TeamGroups
from nsaas_app.identity.roles import GlobalGroups, Identity, actor_from

ALPHA, BETA = TeamName("alpha"), TeamName("beta")
TEAMS = (
    Team(ALPHA, groups=TeamGroups(("a-view", "all"), ("a-dev",), ("a-lead", "bosses"))),
    Team(BETA, groups=TeamGroups(("b-view", "all"), ("b-dev", "bosses"), ("b-lead",))),
)


def actor(*groups: str) -> Actor:
    identity = Identity("ada", "Ada", groups, AuthMethod.OIDC)
    return actor_from(identity, teams=TEAMS, global_groups=GlobalGroups(), session="s")


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        ((), {}),
        (("unknown",), {}),
        (("a-view",), {ALPHA: Role.VIEWER}),
        (("a-dev",), {ALPHA: Role.DEVELOPER}),
        (("a-lead",), {ALPHA: Role.LEAD}),
        (("a-view", "a-dev"), {ALPHA: Role.DEVELOPER}),
        (("a-lead", "a-view", "a-dev"), {ALPHA: Role.LEAD}),
        (("all",), {ALPHA: Role.VIEWER, BETA: Role.VIEWER}),
        (("bosses",), {ALPHA: Role.LEAD, BETA: Role.DEVELOPER}),
        (("all", "b-dev"), {ALPHA: Role.VIEWER, BETA: Role.DEVELOPER}),
        (("A-LEAD",), {}),
        (("a-lead ",), {}),
    ],
)
def test_groups_give_roles(groups: tuple[str, ...], roles: dict[TeamName, Role]) -> None:
    assert actor(*groups).teams == roles


@pytest.mark.parametrize(
    ("groups", "admin", "auditor"),
    [
        (("a-lead",), False, False),
        (("platform-admins",), True, False),
        (("platform-auditors",), False, True),
        (("platform-admins", "platform-auditors"), True, True),
    ],
)
def test_two_groups_reach_over_all_teams(
    groups: tuple[str, ...], *, admin: bool, auditor: bool
) -> None:
    found = actor(*groups)
    assert (found.is_admin, found.is_auditor) == (admin, auditor)


def test_without_any_team_or_group_of_ours_nobody_sees_anything() -> None:
    found = actor("strangers")
    assert not found.sees_all_teams
    assert found.role_in(ALPHA) is None
