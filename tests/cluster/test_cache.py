"""The cache: what was seen last, by key and by namespace, each change told once."""

from nsaas_app.cluster.cache import Cache, Change
from nsaas_app.cluster.objects import Metadata, Object

Told = list[tuple[Change, str | None, str]]


def item(name: str, version: str, *, uid: str = "u", namespace: str = "ns") -> Object:
    return Object(Metadata(name=name, namespace=namespace, uid=uid, resource_version=version))


def cache() -> tuple[Cache[Object], Told]:
    made, told = Cache[Object](), Told()

    def note(change: Change, before: Object | None, now: Object) -> None:
        old = before.metadata.resource_version if before else None
        told.append((change, old, now.metadata.resource_version))

    made.listen(note)
    return made, told


def test_an_object_comes_changes_and_goes() -> None:
    made, told = cache()
    made.put(item("a", "1"))
    made.put(item("a", "2"))
    assert made.get("a", "ns") == item("a", "2")
    made.drop(("ns", "a"))
    assert made.get("a", "ns") is None
    assert told == [
        (Change.ADDED, None, "1"),
        (Change.MODIFIED, "1", "2"),
        (Change.DELETED, "2", "2"),
    ]


def test_the_same_version_again_is_no_change() -> None:
    made, told = cache()
    made.put(item("a", "1"))
    made.put(item("a", "1"))
    made.drop(("ns", "unknown"))
    assert len(told) == 1


def test_another_uid_is_a_deletion_and_a_new_object() -> None:
    made, told = cache()
    made.put(item("a", "1", uid="first"))
    made.put(item("a", "2", uid="second"))
    assert told == [
        (Change.ADDED, None, "1"),
        (Change.DELETED, "1", "1"),
        (Change.ADDED, None, "2"),
    ]
    assert len(made) == 1


def test_objects_are_found_by_namespace() -> None:
    made, _ = cache()
    made.put(item("a", "1"))
    made.put(item("b", "2"))
    made.put(item("a", "3", namespace="other"))
    assert {each.metadata.name for each in made.in_namespace("ns")} == {"a", "b"}
    assert made.in_namespace("nowhere") == ()
    made.drop(("other", "a"))
    assert made.in_namespace("other") == ()
    assert made.keys() == {("ns", "a"), ("ns", "b")}
    assert {each.metadata.resource_version for each in made} == {"1", "2"}


def test_a_listener_that_stumbles_stops_neither_the_picture_nor_the_others() -> None:
    made, told = Cache[Object](), list[str]()

    def stumble(change: Change, before: Object | None, now: Object) -> None:
        raise ValueError(now.metadata.name)

    made.listen(stumble)
    made.listen(lambda change, before, now: told.append(now.metadata.name))
    made.put(item("a", "1"))
    made.drop(("ns", "a"))
    assert told == ["a", "a"]
    assert len(made) == 0
