"""What the dialogs ask for: a merge patch of the spec, or a sentence at the field."""

from datetime import timedelta

import pytest

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.ui.namespace.patches import fields_of, form_field, grant_key, patch_of
from nsaas_app.ui.pairs import lines_of
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


def words(opened: dict[str, str], typed: str) -> object:
    form = {"labels": lines_of(opened), "annotations": ""}
    return patch_of("labels", form | {"labels": typed}, record(), now=NOW, opened=form)["labels"]


def test_of_labels_only_what_was_touched_is_asked_for() -> None:
    opened = {"app": "shop", "old": "yes"}
    patch = words(opened, "app=shop\n\n tier = gold \n")
    assert patch == {"old": None, "tier": "gold"}
    assert words(opened, lines_of(opened)) == {}


def test_a_label_that_somebody_else_put_on_meanwhile_stays() -> None:
    # The record has `old`; the dialog was opened before.
    assert words({"app": "shop"}, "app=web") == {"app": "web"}


def test_values_of_several_lines_come_back_as_they_were() -> None:
    opened = {"note": "a\nb=c", "path": "C:\\new", "end": "x\n"}
    assert words(opened, lines_of(opened) + "\nmore=1") == {"more": "1"}
    assert words({}, lines_of(opened)) == opened


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
