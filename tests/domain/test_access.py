"""Access: who may be let in, and what a team gives by default."""

import pytest

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind, grant_issues
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.teams import Team, TeamGroups
from tests.support.specs import FRONTEND, NOW

GROUP, USER, ACCOUNT = SubjectKind.GROUP, SubjectKind.USER, SubjectKind.SERVICE_ACCOUNT
VIEWER, DEVELOPER, LEAD = AccessRole.VIEWER, AccessRole.DEVELOPER, AccessRole.LEAD


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (GROUP, "frontend-devs"),
        (GROUP, "oidc:Frontend Developers"),
        (USER, "ada@example.com"),
        (USER, "x" * 253),
        (ACCOUNT, "default"),
        (ACCOUNT, "ci.deployer-2"),
    ],
)
def test_a_subject_may_be_called_this(kind: SubjectKind, name: str) -> None:
    assert grant_issues((AccessGrant(kind, name, VIEWER),)) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (USER, ""),
        (USER, " "),
        (USER, " ada"),
        (USER, "x" * 254),
        (USER, "ada\n"),
        (USER, "\ud800"),
        (GROUP, "system:authenticated"),
        (USER, "system:admin"),
        (ACCOUNT, "system:serviceaccount:kube-system:default"),
        (GROUP, "*"),
        (GROUP, "frontend-*"),
        (ACCOUNT, "Deployer"),
        (ACCOUNT, "ci_deployer"),
        (ACCOUNT, "ci..deployer"),
        (ACCOUNT, "kube-system/default"),
    ],
)
def test_a_subject_may_not_be_called_that(kind: SubjectKind, name: str) -> None:
    issues = grant_issues((AccessGrant(kind, name, VIEWER),))
    assert [issue.field for issue in issues] == ["access[0].name"]


def test_a_subject_has_each_role_once_whatever_its_end() -> None:
    twice = (AccessGrant(USER, "ada", VIEWER), AccessGrant(USER, "ada", VIEWER, NOW))
    assert [issue.field for issue in grant_issues(twice)] == ["access[1].name"]
    both = (AccessGrant(USER, "ada", VIEWER), AccessGrant(USER, "ada", LEAD))
    assert grant_issues(both) == []
    namesakes = (AccessGrant(USER, "ada", VIEWER), AccessGrant(GROUP, "ada", VIEWER))
    assert grant_issues(namesakes) == []


def test_fifty_grants_are_allowed() -> None:
    many = tuple(AccessGrant(USER, f"u{n}", VIEWER) for n in range(51))
    assert grant_issues(many[:50]) == []
    assert [issue.field for issue in grant_issues(many)] == ["access"]


def test_each_role_is_one_cluster_role_of_ours() -> None:
    assert [role.cluster_role for role in AccessRole] == [
        "nsaas-viewer",
        "nsaas-developer",
        "nsaas-lead",
    ]


@pytest.mark.parametrize("environment", Environment)
def test_a_team_gives_its_groups_their_roles_and_developers_only_view_production(
    environment: Environment,
) -> None:
    inside = VIEWER if environment is Environment.PRODUCTION else DEVELOPER
    assert FRONTEND.default_access(environment) == (
        AccessGrant(GROUP, "frontend-leads", LEAD),
        AccessGrant(GROUP, "frontend-devs", inside),
        AccessGrant(GROUP, "frontend-viewers", VIEWER),
    )


def test_a_group_of_two_roles_that_become_one_is_granted_once() -> None:
    team = Team(TeamName("solo"), groups=TeamGroups(("all",), ("all",), ("all",)))
    assert team.default_access(Environment.PRODUCTION) == (
        AccessGrant(GROUP, "all", LEAD),
        AccessGrant(GROUP, "all", VIEWER),
    )
