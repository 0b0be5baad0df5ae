"""What is decoded: only the fields the product uses, and never a whole list lost to one object."""

import msgspec
import pytest

from nsaas_app.cluster.objects import Deployment, Namespace, ResourceQuota, RoleBinding

ODD = b"""{"apiVersion":"v1","kind":"Namespace","unknown":{"a":[1]},
 "metadata":{"name":"x","labels":null,"annotations":null,"managedFields":[{"f":{}}],
             "creationTimestamp":"2030-01-01T00:00:00Z","finalizers":null},
 "spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active","conditions":null}}"""


def test_unknown_fields_and_nothing_where_something_was_meant_are_taken() -> None:
    found = msgspec.json.decode(ODD, type=Namespace)
    assert found.is_active
    assert (found.labels, found.annotations) == ({}, {})
    assert found.key == ("", "x")


def test_a_namespace_that_goes_away_is_not_active_in_either_form() -> None:
    for body in (
        b'{"metadata":{"name":"x"},"status":{"phase":"Terminating"}}',
        b'{"metadata":{"deletionTimestamp":"2030-01-01T00:00:00Z"},"status":{"phase":"Active"}}',
        b'{"metadata":{"name":"x"}}',
    ):
        assert not msgspec.json.decode(body, type=Namespace).is_active


@pytest.mark.parametrize(
    ("status", "available"),
    [("{}", False), ('{"availableReplicas":0}', False), ('{"availableReplicas":1}', True)],
)
def test_a_deployment_is_available_with_one_replica(status: str, *, available: bool) -> None:
    body = f'{{"metadata":{{"name":"d"}},"spec":{{}},"status":{status}}}'
    assert msgspec.json.decode(body, type=Deployment).is_available is available


def test_empty_objects_of_every_kind_are_read() -> None:
    for model in (Namespace, ResourceQuota, RoleBinding, Deployment):
        assert msgspec.json.decode(b'{"metadata":{"name":"x"}}', type=model).metadata.name == "x"
