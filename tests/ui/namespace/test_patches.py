"""What the dialogs ask for: a merge patch of the spec, or a sentence at the field."""

from datetime import timedelta

import pytest

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.ui.namespace.patches import fields_of, form_field, grant_key, lines_of, patch_of
from tests.ui.examples import NOW, spec

DEVS = AccessGrant(SubjectKind.GROUP, "frontend-devs", AccessRole.DEVELOPER)
BO = AccessGrant(SubjectKind.USER, "bo", AccessRole.VIEWER)


def record() -> ManagedNamespace:
    wanted = spec(access=(DEVS, BO), labels={"app": "shop", "old": "yes"})
    return ManagedNamespace(
        wanted.name, wanted.team, "local", Intent.ACTIVE, wanted, "req-test", NOW
    )


def asked(action: str, **form: str) -> dict[str, object]:
    return patch_of(action, form, record(), now=NOW)


def refused(action: str, **form: str) -> set[str]:
    with pytest.raises(InvalidFieldsError) as caught:
        asked(action, **form)
    return {issue.field for issue in caught.value.issues}


def test_letting_somebody_in_keeps_everybody_else() -> None:
    wish = {"grant_kind": "User", "grant_name": " kim ", "grant_role": "lead", "grant_days": "7"}
    access = asked("grant", **wish)["access"]
    assert isinstance(access, list)
    assert [one["name"] for one in access] == ["frontend-devs", "bo", "kim"]
    assert access[-1]["expires_at"] == (NOW + timedelta(days=7)).isoformat()
    without_end = asked("grant", **wish | {"grant_days": ""})["access"]
    assert isinstance(without_end, list)
    assert "expires_at" not in without_end[-1]


@pytest.mark.parametrize("days", ["0", "-3", "soon", "1.5", "9999999"])
def test_a_span_that_is_no_number_of_days_is_told_at_its_field(days: str) -> None:
    assert refused("grant", grant_name="kim", grant_days=days) == {"grant_days"}


def test_taking_a_role_away_leaves_the_others() -> None:
    patch = asked("revoke", grant="User/bo/viewer")
    assert patch == {"access": [{"kind": "Group", "name": "frontend-devs", "role": "developer"}]}
    assert grant_key({"kind": "User", "name": "bo", "role": "viewer"}) == "User/bo/viewer"


def test_a_label_that_is_no_line_any_more_is_taken_off() -> None:
    patch = asked("labels", labels="app=shop\n\n tier = gold \n", annotations="")
    assert patch == {"labels": {"app": "shop", "old": None, "tier": "gold"}, "annotations": {}}
    assert lines_of({"b": "2", "a": "1"}) == "a=1\nb=2"


def test_a_line_without_a_value_is_told_at_its_field() -> None:
    assert refused("labels", labels="just words") == {"labels"}
    assert refused("labels", annotations="=nothing") == {"annotations"}


def test_a_lifetime_that_is_no_number_is_one_no_policy_allows() -> None:
    assert asked("renew", expires_in_days="30") == {"expires_in_days": 30}
    assert asked("renew", expires_in_days="soon") == {"expires_in_days": -1}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("access", "grant_name"),
        ("access[3].name", "grant_name"),
        ("access[3].role", "grant_role"),
        ("access[0].expires_at", "grant_days"),
        ("labels.app", "labels"),
        ("annotations", "annotations"),
        ("sleep.asleep[1]", "windows"),
        ("tier", "tier"),
    ],
)
def test_a_path_of_the_spec_is_told_at_the_field_it_is_typed_into(path: str, field: str) -> None:
    assert form_field(path) == field


def test_a_dialog_shows_its_own_fields_only() -> None:
    assert "grant_name" in fields_of("grant")
    assert "grant_name" not in fields_of("renew")
    assert "confirm" in fields_of("release")
