"""Long documents of the YAML section are folded; what is copied stays whole."""

from typing import Any

import pytest

from nsaas_app.insights.objects import ObjectReport
from nsaas_app.ui.namespace.yaml_view import FOLD, yaml_vars

_AROUND = len(("data", "kind", "metadata", "name"))


def shown(number: int, **query: str) -> dict[str, Any]:
    """What shows of an object whose YAML has so many lines."""
    data = {f"key-{index:04}": "x" for index in range(number - _AROUND)}
    document = {"data": data, "kind": "ConfigMap", "metadata": {"name": "long"}}
    one = ObjectReport("ConfigMap/long", document, None, (), is_ours=True)
    values: dict[str, Any] = yaml_vars("shop", [one], query)
    assert values["object_lines"] == number
    return values


def test_a_document_that_is_not_long_shows_whole() -> None:
    values = shown(FOLD)
    assert (values["object_head"], values["object_whole_href"]) == ("", "")
    assert len(values["object_yaml"].splitlines()) == FOLD


def test_a_long_document_shows_its_head_and_is_copied_whole() -> None:
    values = shown(FOLD + 1)
    assert len(values["object_head"].splitlines()) == FOLD
    assert values["object_yaml"].startswith(values["object_head"])
    assert len(values["object_yaml"].splitlines()) == FOLD + 1
    assert values["object_whole_href"] == (
        "/namespaces/shop?tab=yaml&object=ConfigMap%2Flong&lines=all"
    )


@pytest.mark.parametrize("side", ["desired", "diff"])
def test_all_lines_show_where_the_address_asks_for_them(side: str) -> None:
    values = shown(FOLD + 1, object="ConfigMap/long", side=side, lines="all")
    assert (values["object_head"], values["object_whole_href"]) == ("", "")
    assert len(values["object_diff"]) == (FOLD + 1 if side == "diff" else 0)


def test_a_long_comparison_is_folded_too() -> None:
    values = shown(FOLD + 1, side="diff")
    assert len(values["object_diff"]) == FOLD
    assert len(values["object_yaml"].splitlines()) == FOLD + 1
    assert values["object_whole_href"].endswith("&side=diff&lines=all")
