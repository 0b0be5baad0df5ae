"""Dev sign-in: of thirty-two combinations of its five conditions one lets it exist."""

from dataclasses import fields
from itertools import product

import pytest

from nsaas_app.domain.actors import AuthMethod, Role
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.identity.dev import DEV_IDENTITIES, DEV_TEAMS, DevConditions, dev_identity
from tests.support.actors import actor

CONDITIONS = [field.name for field in fields(DevConditions)]
MATRIX = list(product((True, False), repeat=len(CONDITIONS)))


@pytest.mark.parametrize("holds", MATRIX, ids=lambda holds: "".join("01"[h] for h in holds))
def test_dev_sign_in_exists_only_when_every_condition_holds(holds: tuple[bool, ...]) -> None:
    conditions = DevConditions(**dict(zip(CONDITIONS, holds, strict=True)))
    missing = conditions.missing()
    assert (missing == []) == all(holds)
    assert len(missing) == holds.count(False)
    assert len(set(missing)) == len(missing)


def test_thirty_one_of_thirty_two_refuse() -> None:
    allowed = [holds for holds in MATRIX if not DevConditions(*holds).missing()]
    assert (len(MATRIX), allowed) == (32, [(True,) * 5])


def test_every_condition_says_what_is_wrong() -> None:
    words = DevConditions(*(False,) * 5).missing()
    for said in (
        "NSAAS_ENV",
        "127.0.0.1",
        "KUBERNETES_SERVICE_HOST",
        "identity provider",
        "SQLite",
    ):
        assert any(said in word for word in words), said


ROLES = {
    "admin": None,
    "auditor": None,
    "frontend-lead": Role.LEAD,
    "frontend-dev": Role.DEVELOPER,
    "frontend-viewer": Role.VIEWER,
    "payments-lead": Role.LEAD,
    "payments-dev": Role.DEVELOPER,
}


def test_these_identities_exist() -> None:
    assert DEV_IDENTITIES.keys() == ROLES.keys()
    assert dev_identity("root") is None
    assert dev_identity("admin") is DEV_IDENTITIES["admin"]


@pytest.mark.parametrize("name", ROLES)
def test_an_identity_has_its_role_in_its_team(name: str) -> None:
    found, role = actor(name), ROLES[name]
    assert found.auth is AuthMethod.DEV
    assert found.is_admin == (name == "admin")
    assert found.is_auditor == (name == "auditor")
    assert found.teams == ({TeamName(name.partition("-")[0]): role} if role else {})


def test_the_dev_teams_have_room() -> None:
    assert [str(team.name) for team in DEV_TEAMS] == ["frontend", "payments"]
    for team in DEV_TEAMS:
        assert team.budget.namespaces == 100
        assert team.budget.per_environment == dict.fromkeys(Environment, 100)
        assert team.budget.resources.to_quantities() == {
            "requests.cpu": "200",
            "requests.memory": "400Gi",
            "requests.storage": "4Ti",
        }
