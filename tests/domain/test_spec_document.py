"""A spec as a document: nothing is lost on the way to the database and back."""

import json

import pytest
from hypothesis import given

from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.spec_document import spec_from_document, spec_to_document
from tests.support.specs import spec_of, specs

FIELDS = {
    "name", "team", "environment", "tier", "network", "features", "display_name", "description",
    "cost_center", "owner", "labels", "annotations", "access", "expires_at", "sleep", "cluster",
    "overrides",
}  # fmt: skip


@given(specs())
def test_every_spec_comes_back_the_same_through_json(spec: NamespaceSpec) -> None:
    document = json.loads(json.dumps(spec_to_document(spec)))
    assert spec_from_document(document) == spec


@given(specs())
def test_the_document_has_the_contracts_fields(spec: NamespaceSpec) -> None:
    document = spec_to_document(spec)
    # Nobody asks for a confirmation in a spec: it stands there once somebody gave one.
    assert document.keys() - {"certified_at"} == FIELDS
    assert ("certified_at" in document) == (spec.certified_at is not None)
    assert document["network"].keys() == {"preset", "egress", "accept_from_gateway", "cidrs"}


@pytest.mark.parametrize("field", ["name", "team", "environment", "tier", "network", "access"])
def test_a_document_without_a_field_is_none(field: str) -> None:
    document = spec_to_document(spec_of())
    del document[field]
    with pytest.raises(KeyError, match=field):
        spec_from_document(document)


@pytest.mark.parametrize(
    ("field", "value"), [("name", "Shop"), ("environment", "moon"), ("tier", "huge")]
)
def test_a_document_with_an_impossible_value_is_none(field: str, value: str) -> None:
    document = spec_to_document(spec_of()) | {field: value}
    with pytest.raises((ValueError, InvalidFieldsError)):
        spec_from_document(document)
