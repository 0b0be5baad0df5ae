"""A spec somebody wrote as a document: read field by field, or refused by the field's name."""

from typing import Any

import pytest
from hypothesis import given

from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.spec import NamespaceSpec, SpecDraft
from nsaas_app.domain.spec_document import spec_to_document
from nsaas_app.domain.spec_draft import draft_from_document
from tests.support.specs import specs


def test_three_fields_are_enough() -> None:
    document = {"name": "shop-dev", "team": "frontend", "environment": "development"}
    assert draft_from_document(document) == SpecDraft("shop-dev", "frontend", "development")


def test_a_schedule_is_the_environments_own_or_written_or_none() -> None:
    plain = {"name": "shop-dev", "team": "frontend", "environment": "development"}
    assert draft_from_document(plain).sleep_windows is None
    never = draft_from_document(plain | {"sleep": None})
    assert (never.sleep_timezone, never.sleep_windows) == (None, ())
    written = draft_from_document(plain | {"sleep": {"timezone": "UTC", "asleep": ["Sat-Sun"]}})
    assert (written.sleep_timezone, written.sleep_windows) == ("UTC", ("Sat-Sun",))


@given(specs())
def test_a_stored_spec_is_a_draft_of_itself(spec: NamespaceSpec) -> None:
    draft = draft_from_document(spec_to_document(spec))
    assert (draft.name, draft.team) == (str(spec.name), str(spec.team))
    assert (draft.tier, draft.preset, draft.egress) == (
        spec.tier,
        spec.network.preset,
        spec.network.egress,
    )
    assert draft.accept_from_gateway is spec.network.accept_from_gateway
    assert draft.cidrs == spec.network.cidrs
    assert draft.expires_at == spec.expires_at
    assert (draft.labels, draft.annotations) == (spec.labels, spec.annotations)
    assert draft.overrides == spec.overrides
    assert draft.access is not None
    assert [grant["name"] for grant in draft.access] == [grant.name for grant in spec.access]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "red"),
        ("name", 5),
        ("tier", ["small"]),
        ("network", "open"),
        ("labels", {"a": 1}),
        ("labels", []),
        ("overrides", ["requests.cpu"]),
        ("access", "everybody"),
        ("expires_in_days", "30"),
        ("expires_in_days", True),
        ("expires_at", "tomorrow"),
        ("expires_at", "2030-01-01T00:00:00"),
        ("features", "istio"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(field: str, value: Any) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        draft_from_document({field: value})
    assert caught.value.field == field


def test_overrides_are_quantities_plain_numbers_or_taken_back() -> None:
    wish = {"requests.cpu": 2, "limits.memory": " 3Gi ", "pods": None, "limits.cpu": 2.5}
    assert draft_from_document({"overrides": wish}).overrides == {
        "requests.cpu": "2",
        "limits.memory": "3Gi",
        "limits.cpu": "2.5",
    }
    for odd in (True, ["2"]):
        with pytest.raises(InvalidFieldsError) as caught:
            draft_from_document({"overrides": {"pods": odd}})
        assert caught.value.field == "overrides.pods"


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ({"b": 1, "name": "x", "a": 2}, ["a", "b"]),
        ({"network": {"presett": "open"}}, ["network.presett"]),
        ({"access": [{}, {"until": "now"}]}, ["access[1].until"]),
        ({"features": [{"id": "x", "param": 1}]}, ["features[0].param"]),
    ],
)
def test_every_unknown_field_is_told(document: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        draft_from_document(document)
    assert [issue.field for issue in caught.value.issues] == fields
