"""Pasted YAML: what unfolds, nests without end or is odd is refused at the field."""

import pytest
import yaml

from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.spec_draft import draft_from_document
from nsaas_app.ui.new.plain_yaml import read_plain
from nsaas_app.ui.new.sources import MAX_PASTED, pasted
from tests.support.actors import actor

_LAUGHS = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]


@pytest.mark.parametrize(
    ("text", "said"),
    {
        "\n".join(["a0: &a0 ha", *_LAUGHS, "kind: *a29"]): "in line 2",
        "a: &a [*a]": "aliases",
        "[" * MAX_PASTED: "It is no YAML",
        f"tier: {'9' * 5000}": "It is no YAML",
        "expires_at: 2026-99-99": "It is no YAML",
        "tier: !!bool perhaps": "It is no YAML",
        "tier: !!timestamp then": "It is no YAML",
        "kind: [Namespace]": "no NamespaceRequest",
        "{kind: NamespaceRequest, metadata: {name: 12}}": "metadata.name must be a text",
        "{1: a, b: c}": "There is no such field",
        "labels: {1: a}": "must be a text",
        "expires_at: 2026-12-01T10:00:00": "names no time zone",
    }.items(),
    ids=range(12),
)
async def test_it_is_told_at_the_field(text: str, said: str) -> None:
    with pytest.raises(InvalidFieldsError) as told:
        await pasted(text, actor("frontend-dev"))
    assert said in told.value.issues[0].message


async def test_plain_documents_are_read() -> None:
    text = "a: [1, {b: null}]\n---\n---\nc: '*d'\n"
    assert await read_plain(text) == [{"a": [1, {"b": None}]}, {"c": "*d"}]
    with pytest.raises(yaml.YAMLError):
        await read_plain("a: [")


def test_a_time_with_its_zone_is_taken() -> None:
    document = yaml.safe_load("expires_at: 2026-12-01T10:00:00Z")
    assert str(draft_from_document(document).expires_at) == "2026-12-01 10:00:00+00:00"
