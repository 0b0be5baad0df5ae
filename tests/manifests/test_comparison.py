"""Drift: what the server adds by itself is none; every other difference is found."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.manifests.comparison import Drift, differences
from nsaas_app.manifests.manifest import Manifest
from tests.manifests.examples import bundle_of, golden_files
from tests.support.specs import specs

Path = tuple[str | int, ...]


def as_served(manifest: Manifest) -> Manifest:
    """As the API server gives it back: with its own metadata and status, without empty lists."""
    served: Manifest = _without_empty_lists(copy.deepcopy(manifest))
    served["metadata"] |= {
        "uid": "5d7a2c1e",
        "resourceVersion": "4711",
        "generation": 1,
        "creationTimestamp": "2030-01-02T03:04:05Z",
        "managedFields": [{"manager": "nsaas-portal"}],
    }
    served["metadata"]["labels"]["kubernetes.io/metadata.name"] = "added"
    served["metadata"].setdefault("annotations", {})["somebody.example/note"] = "added"
    served["status"] = {"phase": "Active"}
    if manifest["kind"] == "Namespace":
        served["spec"] = {"finalizers": ["kubernetes"]}
    return served


def _without_empty_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_empty_lists(item) for key, item in value.items() if item != []}
    if isinstance(value, list):
        return [_without_empty_lists(item) for item in value]
    return value


def at(document: Any, path: Path) -> Any:
    for part in path:
        document = document[part]
    return document


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every field, list and entry we own, deepest last."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if path == () and key in ("apiVersion", "kind"):
            continue
        if path == ("metadata",) and key in ("name", "namespace"):
            continue
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from paths_of(item, (*path, key))


def spoilt(manifest: Manifest) -> Iterator[tuple[Path, str, Manifest]]:
    """The served object with one thing changed, removed or added, for every such thing."""
    for path in paths_of(manifest):
        value, served = at(manifest, path), as_served(manifest)
        # An empty list is not served at all; what may be added to it is added below.
        if value == []:
            at(served, path[:-1])[path[-1]] = [{}]
            yield path, "added", served
            continue
        *parents, last = path
        removed = copy.deepcopy(served)
        del at(removed, tuple(parents))[last]
        yield path, "removed", removed
        if isinstance(value, dict | list) and path[0] != "metadata":
            added = copy.deepcopy(served)
            _add(at(added, path))
            yield path, "added", added
        if not isinstance(value, dict | list):
            changed = copy.deepcopy(served)
            at(changed, tuple(parents))[last] = f"{value}x" if isinstance(value, str) else 81
            yield path, "changed", changed


def _add(value: Any) -> None:
    if isinstance(value, list):
        value.append(copy.deepcopy(value[-1]))
    else:
        value["added"] = {}


@given(specs())
def test_what_the_server_adds_is_no_difference(spec: NamespaceSpec) -> None:
    for manifest in bundle_of(spec):
        assert differences(manifest, as_served(manifest)) == []
        assert differences(manifest, copy.deepcopy(manifest)) == []


@pytest.mark.parametrize("name", sorted(golden_files()))
def test_every_single_thing_changed_removed_or_added_is_found(name: str) -> None:
    seen = 0
    for manifest in golden_files()[name]:
        for path, what, observed in spoilt(manifest):
            assert differences(manifest, observed), f"{what} {path} of {manifest['metadata']}"
            seen += 1
    assert seen > 20


@given(specs(), st.data())
def test_so_it_is_for_any_spec(spec: NamespaceSpec, data: st.DataObject) -> None:
    manifest = data.draw(st.sampled_from(list(bundle_of(spec))))
    path, what, observed = data.draw(st.sampled_from(list(spoilt(manifest))))
    assert differences(manifest, observed), f"{what} {path}"


def test_a_difference_says_where_and_what() -> None:
    manifest = {"kind": "X", "metadata": {"labels": {"a": "1"}}, "spec": {"rules": [{"port": 53}]}}
    observed = {"metadata": {"labels": {"b": "2"}}, "spec": {"rules": [{"port": 54}], "all": True}}
    assert differences(manifest, observed) == [
        Drift("metadata.labels.a", "1", None),
        Drift("spec.rules[0].port", 53, 54),
        Drift("spec.all", None, observed=True),
    ]


def test_lists_of_different_length_differ_as_a_whole() -> None:
    manifest = {"kind": "X", "subjects": [{"name": "a"}]}
    observed = {"subjects": [{"name": "a"}, {"name": "mallory"}]}
    assert differences(manifest, observed) == [
        Drift("subjects", [{"name": "a"}], [{"name": "a"}, {"name": "mallory"}])
    ]


def test_an_object_that_is_gone_is_one_difference() -> None:
    assert differences({"kind": "ResourceQuota"}, None) == [Drift("", "ResourceQuota", None)]


@pytest.mark.parametrize("peer", [{}, {"namespaceSelector": {}}, {"ipBlock": {"cidr": "::/0"}}])
def test_a_peer_that_was_widened_is_found(peer: dict[str, Any]) -> None:
    same = {"kind": "NetworkPolicy", "spec": {"ingress": [{"from": [{"podSelector": {}}]}]}}
    wide = {"spec": {"ingress": [{"from": [{"podSelector": {}} | peer]}]}}
    assert bool(differences(same, wide)) == bool(peer)
