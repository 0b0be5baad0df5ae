"""A kustomization: every object in a file of its own, in the order in which it is applied."""

from nsaas_app.manifests.kustomize import INDEX, kustomized, path_of
from nsaas_app.manifests.manifest import Manifest
from tests.manifests.examples import bundle_of
from tests.support.specs import spec_of


def binding(name: str) -> Manifest:
    return {"kind": "RoleBinding", "metadata": {"name": name}}


def test_the_index_names_every_file_in_the_order_of_the_bundle() -> None:
    manifests = list(bundle_of(spec_of("shop")))
    files = kustomized(manifests)
    index = files.pop(INDEX)
    assert index["resources"] == list(files)
    assert list(files.values()) == manifests
    assert next(iter(files)) == "namespace/shop.yaml"
    assert index["sortOptions"] == {"order": "fifo"}


def test_a_name_that_no_file_may_have_loses_no_object() -> None:
    files = kustomized([binding("a:b"), binding("a_b")])
    assert list(files) == [INDEX, "rolebinding/a_b.yaml", "rolebinding/a_b-2.yaml"]
    assert path_of(binding("a:b")) == "rolebinding/a_b.yaml"
