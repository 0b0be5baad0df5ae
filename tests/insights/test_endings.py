"""How a namespace ends: what holds it up is named, the last resort is not; who had it deleted."""

from dataclasses import replace

import msgspec

from nsaas_app.cluster.objects import Namespace
from nsaas_app.domain.actors import Actor
from nsaas_app.domain.namespaces import Intent
from nsaas_app.domain.requests import RequestKind
from nsaas_app.insights.endings import Endings
from tests.directory.samples import FRONTEND, PAYMENTS, Desk, member, record, request
from tests.support.specs import NOW

MESSAGE = (
    "Some content in the namespace has finalizers remaining: x.example/wait in 2 resource instances"
)


def going(uid: str = "u-shop") -> Namespace:
    condition = {"type": "NamespaceFinalizersRemaining", "status": "True", "message": MESSAGE}
    body = {
        "metadata": {
            "name": "shop",
            "uid": uid,
            "resourceVersion": "99",
            "deletionTimestamp": "2026-11-28T10:00:00Z",
        },
        "status": {"phase": "Terminating", "conditions": [condition]},
    }
    return msgspec.convert(body, type=Namespace)


def endings(desk: Desk) -> Endings:
    return Endings(directory=desk.directory, mirror=desk.mirror, board=desk.board)


def reader() -> Actor:
    return member(FRONTEND)


def test_what_holds_it_is_named_without_the_last_resort() -> None:
    desk = Desk()
    desk.put(record("shop"))
    desk.sync()
    assert endings(desk).blockers("shop", actor=reader()) == ()

    desk.mirror.namespaces.put(going())

    (blocker,) = endings(desk).blockers("shop", actor=reader())
    assert (blocker.what, blocker.count, blocker.force) == ("x.example/wait", 2, "")
    assert blocker.way_out


def test_another_namespace_of_that_name_is_nobodys_business() -> None:
    desk = Desk()
    desk.put(record("shop"))
    desk.sync()
    desk.mirror.namespaces.put(going(uid="u-other"))
    assert endings(desk).blockers("shop", actor=reader()) == ()


def test_its_end_is_told_to_its_team_with_who_asked() -> None:
    desk = Desk()
    gone = record("shop")
    desk.put(gone)
    desk.sync()
    assert endings(desk).ending("shop", actor=reader()) is None

    asked = replace(request("req-1", kind=RequestKind.DELETE), namespace=gone.name)
    desk.board.put(asked)
    desk.directory.put_record(replace(gone, intent=Intent.DELETED))

    found = endings(desk).ending("shop", actor=reader())
    assert found is not None
    assert (found.by, found.at) == ("ada", asked.finished_at)
    assert found.at is not None
    assert found.at > NOW
    assert endings(desk).ending("shop", actor=member(PAYMENTS)) is None


def test_a_released_one_says_by_whom() -> None:
    desk = Desk()
    kept = record("shop")
    desk.put(kept)
    desk.sync()
    assert endings(desk).release("shop", actor=reader()) is None
    desk.board.put(
        replace(request("req-2", kind=RequestKind.RELEASE, requested_by="bo"), namespace=kept.name)
    )
    desk.directory.put_record(replace(kept, intent=Intent.RELEASED))
    found = endings(desk).release("shop", actor=reader())
    assert found is not None
    assert found.by == "bo"
