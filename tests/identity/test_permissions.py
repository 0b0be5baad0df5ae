"""The permission table: every permission by every role, for the own team and for another."""

import pytest

from nsaas_app.domain.actors import Actor, Role
from nsaas_app.domain.errors import ForbiddenError, NotFoundError
from nsaas_app.domain.names import TeamName
from nsaas_app.identity.permission_words import DEEDS
from nsaas_app.identity.permissions import (
    TABLE,
    Permission,
    ensure_may,
    ensure_may_anywhere,
    ensure_may_see,
    may,
    may_anywhere,
)

OWN, OTHER = TeamName("frontend"), TeamName("payments")
ACTORS = {
    "viewer": Actor("v", teams={OWN: Role.VIEWER}),
    "developer": Actor("d", teams={OWN: Role.DEVELOPER}),
    "lead": Actor("l", teams={OWN: Role.LEAD}),
    "admin": Actor("a", is_admin=True),
    "auditor": Actor("o", is_auditor=True),
    "nobody": Actor("n"),
}
GLOBAL = {"admin", "auditor"}

EVERYBODY = "viewer developer lead admin auditor"
ALLOWED = {
    "self": EVERYBODY,
    "namespace:read": EVERYBODY,
    "namespace:request": "developer lead admin",
    "namespace:change": "developer lead admin",
    "namespace:release": "developer lead admin",
    "namespace:release-production": "lead admin",
    "namespace:restore": "lead admin",
    "namespace:delete": "admin",
    "namespace:adopt": "admin",
    "namespace:repair": "lead admin",
    "namespace:protect": "lead admin",
    "request:read": EVERYBODY,
    "request:steer": "developer lead admin",
    "request:decide": "lead admin",
    "team:read": EVERYBODY,
    "team:members": "lead admin",
    "team:manage": "admin",
    "catalog:read": EVERYBODY,
    "status:read": EVERYBODY,
    "platform:read": "admin auditor",
    "audit:read": "lead admin auditor",
    "audit:verify": "admin auditor",
    "metrics:read": EVERYBODY,
}
READS = {Permission.SELF, Permission.AUDIT_VERIFY}
"""Permissions that change nothing although they are not called so."""
FOR_ANYBODY = {"self", "catalog:read", "status:read"}


def test_what_is_known_here_is_in_the_table() -> None:
    assert ALLOWED.keys() <= {permission.value for permission in Permission}
    assert set(TABLE) == set(Permission)


@pytest.mark.parametrize("name", ALLOWED)
@pytest.mark.parametrize("who", ACTORS)
def test_a_role_may_do_this_in_the_own_team_and_globally_in_any(name: str, who: str) -> None:
    permission, actor = Permission(name), ACTORS[who]
    is_allowed = who in ALLOWED[name].split()
    assert may(actor, permission, OWN) is is_allowed
    assert may(actor, permission, OTHER) is (is_allowed and who in GLOBAL)
    assert may_anywhere(actor, permission) is (is_allowed or name in FOR_ANYBODY)


@pytest.mark.parametrize("permission", Permission)
def test_no_permission_is_for_nobody_or_reaches_beyond_the_own_team(permission: Permission) -> None:
    assert Role.ADMIN in TABLE[permission]
    assert not may(ACTORS["nobody"], permission, OWN)
    for who in ("viewer", "developer", "lead"):
        assert not may(ACTORS[who], permission, OTHER)


@pytest.mark.parametrize("permission", Permission)
def test_a_stronger_role_may_all_that_a_weaker_one_may(permission: Permission) -> None:
    held = [
        role in TABLE[permission] for role in (Role.VIEWER, Role.DEVELOPER, Role.LEAD, Role.ADMIN)
    ]
    assert held == sorted(held)


@pytest.mark.parametrize("permission", Permission)
def test_an_auditor_only_reads(permission: Permission) -> None:
    if may(ACTORS["auditor"], permission, OWN):
        assert permission in READS or permission.value.endswith(":read")


def test_an_auditor_who_is_also_a_member_may_what_either_may() -> None:
    both = Actor("b", teams={OWN: Role.DEVELOPER}, is_auditor=True)
    assert may(both, Permission.AUDIT_READ, OWN)
    assert may(both, Permission.NAMESPACE_REQUEST, OWN)
    assert may(both, Permission.AUDIT_READ, OTHER)
    assert not may(both, Permission.NAMESPACE_REQUEST, OTHER)


@pytest.mark.parametrize("permission", Permission)
def test_a_token_without_the_scope_may_not_even_as_admin(permission: Permission) -> None:
    allowed = {
        scope
        for scope in ("read", "write", "approve")
        if may(Actor("a", is_admin=True, scopes=frozenset({scope})), permission, OWN)
    }
    if permission is Permission.REQUEST_DECIDE:
        assert allowed == {"approve"}
    else:
        is_read = permission in READS or permission.value.endswith(":read")
        assert allowed == {"read" if is_read else "write"}
    assert not may_anywhere(Actor("a", is_admin=True, scopes=frozenset()), permission)


def test_what_may_not_be_seen_is_absent_before_it_is_forbidden() -> None:
    what = {"kind": "namespace", "name": "shop"}
    with pytest.raises(NotFoundError):
        ensure_may(ACTORS["lead"], Permission.NAMESPACE_REQUEST, OTHER, **what)
    with pytest.raises(NotFoundError):
        ensure_may_see(ACTORS["nobody"], OWN, **what)
    with pytest.raises(ForbiddenError, match=r"role viewer in team .* may not ask for namespaces"):
        ensure_may(ACTORS["viewer"], Permission.NAMESPACE_REQUEST, OWN, **what)
    ensure_may_see(ACTORS["viewer"], OWN, **what)
    ensure_may(ACTORS["developer"], Permission.NAMESPACE_REQUEST, OWN, **what)


def test_a_refusal_says_what_is_refused_and_who_may() -> None:
    assert set(DEEDS) == {permission.value for permission in Permission}
    with pytest.raises(ForbiddenError) as refused:
        ensure_may_anywhere(ACTORS["lead"], Permission.CLEANUP_READ)
    assert refused.value.message == "None of your roles may see what can be cleaned up."
    assert refused.value.failure.who_can_fix == "platform admin"
    assert refused.value.hint == "Ask a platform admin."
    with pytest.raises(ForbiddenError) as refused:
        ensure_may(ACTORS["viewer"], Permission.NAMESPACE_CHANGE, OWN, kind="namespace", name="x")
    assert refused.value.message == "The role viewer in team frontend may not change namespaces."
    assert refused.value.failure.who_can_fix == "developer or lead of a team"


def test_a_token_is_told_the_scope_it_lacks() -> None:
    reader = Actor("a", is_admin=True, scopes=frozenset({"read"}))
    with pytest.raises(ForbiddenError, match="The scopes of this token do not include write"):
        ensure_may_anywhere(reader, Permission.CLEANUP_RUN)
