"""The reflector: its cache equals the cluster, whatever happens to the stream."""

import asyncio
import json
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.localcluster import Component
from tests.cluster.signals import manifest
from tests.cluster.watching import LIST, WATCH, add, calls, started, watching
from tests.support.controlplane import ControlPlane
from tests.support.faultproxy import FaultProxy, answer, delay
from tests.support.waiting import eventually

GONE = json.dumps({"kind": "Status", "status": "Failure", "code": 410, "reason": "Expired"})


@pytest.fixture
async def place(admin: Cluster, name: str) -> str:
    """An empty namespace that no policy of the product guards."""
    await admin.create(manifest("Namespace", name))
    return name


async def test_what_is_there_is_listed_and_what_comes_is_watched(
    behind: Cluster, admin: Cluster, proxy: FaultProxy, place: str
) -> None:
    uids = await add(admin, place, "old")
    async with watching(behind, place) as watched:
        assert watched.told == [("added", "old", uids["old"])]
        uids |= await add(admin, place, "new")
        await eventually(lambda: watched.names == {"old", "new"})
        await admin.merge("ResourceQuota", "new", {"spec": {"hard": {"pods": "2"}}}, place)
        await admin.delete("ResourceQuota", "old", place, uid=uids["old"])
        await eventually(lambda: watched.names == {"new"})
        cached = watched.reflector.cache.get("new", place)
        assert cached is not None
        assert (cached.spec.hard or {})["pods"] == "2"
        assert watched.changes[-1] == ("deleted", "old")
        assert "new" in watched.modified
    assert calls(proxy) == (1, 1)


async def test_a_cut_stream_is_taken_up_where_it_ended_without_a_list(
    behind: Cluster, admin: Cluster, proxy: FaultProxy, place: str
) -> None:
    async with watching(behind, place) as watched:
        await eventually(lambda: watched.reflector.is_watching)
        await proxy.stop_listening()
        await eventually(lambda: not watched.reflector.is_watching)
        assert watched.reflector.trouble
        await add(admin, place, "meanwhile")
        await proxy.listen()
        await eventually(lambda: watched.names == {"meanwhile"})
        assert watched.reflector.trouble == ""
        assert calls(proxy) == (1, 2)


async def test_a_stream_that_is_open_and_dead_is_given_up(
    behind: Cluster, admin: Cluster, proxy: FaultProxy, place: str
) -> None:
    async with watching(behind, place, silence_s=0.5) as watched:
        await eventually(lambda: watched.reflector.is_watching)
        proxy.freeze()
        await add(admin, place, "unheard")
        await eventually(lambda: watched.reflector.trouble != "")
        proxy.thaw()
        await eventually(lambda: watched.names == {"unheard"})
        assert calls(proxy)[0] == 1


async def test_a_quiet_stream_is_kept_open_and_is_no_trouble(
    behind: Cluster, proxy: FaultProxy, place: str
) -> None:
    async with watching(behind, place, silence_s=60) as watched:
        await eventually(lambda: watched.reflector.is_watching)
        await asyncio.sleep(0.5)
        assert calls(proxy) == (1, 1)
        assert watched.reflector.is_watching


@pytest.mark.parametrize("form", ["status", "event"])
async def test_a_position_that_is_too_old_is_listed_anew_and_missed_deletes_are_told(
    behind: Cluster, admin: Cluster, proxy: FaultProxy, place: str, form: str
) -> None:
    uids = await add(admin, place, "kept", "lost")
    event = f'{{"type":"ERROR","object":{GONE}}}\n'.encode()
    gone = answer(410) if form == "status" else answer(200, body=event)
    gone.path, gone.times = WATCH, 1
    async with watching(behind, place) as watched:
        await proxy.stop_listening()
        await admin.delete("ResourceQuota", "lost", place, uid=uids["lost"])
        proxy.faults.append(gone)
        await proxy.listen()
        await eventually(lambda: watched.names == {"kept"})
        assert watched.told[-1] == ("deleted", "lost", uids["lost"])
        await add(admin, place, "later")
        await eventually(lambda: watched.names == {"kept", "later"})
        assert calls(proxy)[0] == 2


async def test_a_killed_api_server_is_found_again_and_its_word_for_too_old_understood(
    controlplane: ControlPlane, behind: Cluster, admin: Cluster, proxy: FaultProxy, place: str
) -> None:
    await add(admin, place, "there")
    control = controlplane.cluster

    async def off_loop(call: Coroutine[Any, Any, None]) -> None:
        await asyncio.to_thread(controlplane.run, call)

    async with watching(behind, place) as watched:
        await eventually(lambda: watched.reflector.is_watching)
        await off_loop(control.kill(Component.APISERVER))
        await eventually(lambda: watched.reflector.trouble != "")
        # Older than anything the new process can know.
        watched.reflector._version = "1"
        await off_loop(control.start_component(Component.APISERVER))
        await off_loop(control.wait_until_ready())
        await eventually(lambda: calls(proxy)[0] == 2)
        await add(admin, place, "after")
        await eventually(lambda: watched.names == {"there", "after"})
        # The quota controller may write its status in between; what was made is told once.
        told = [change for change in watched.changes if change[0] != "modified"]
        assert told == [("added", "there"), ("added", "after")]
    # Other tests need them, and controllers may wait long before they look for the server again.
    await off_loop(control.kill(Component.CONTROLLER_MANAGER))
    await off_loop(control.start_component(Component.CONTROLLER_MANAGER))


async def test_an_object_that_was_made_again_meanwhile_is_gone_and_new(
    behind: Cluster, admin: Cluster, proxy: FaultProxy, place: str
) -> None:
    before = await add(admin, place, "twice")
    gone = answer(410, path=WATCH)
    async with watching(behind, place) as watched:
        await proxy.stop_listening()
        await admin.delete("ResourceQuota", "twice", place, uid=before["twice"])
        after = await add(admin, place, "twice")
        proxy.faults.append(gone)
        await proxy.listen()
        await eventually(lambda: len(watched.told) == 3)
        assert watched.told[1:] == [
            ("deleted", "twice", before["twice"]),
            ("added", "twice", after["twice"]),
        ]


def line(kind: str, name: str, version: int, place: str = "far") -> bytes:
    metadata = {
        "name": name,
        "namespace": place,
        "uid": f"u-{name}",
        "resourceVersion": str(version),
    }
    return json.dumps({"type": kind, "object": {"metadata": metadata}}).encode() + b"\n"


async def test_a_burst_of_two_thousand_events_is_taken_at_once(
    behind: Cluster, proxy: FaultProxy
) -> None:
    burst = b"".join(line("ADDED", f"q{n}", 10 + n) for n in range(1500))
    burst += b"".join(line("DELETED", f"q{n}", 2000 + n) for n in range(500))
    proxy.faults.append(answer(200, path=WATCH, body=burst))
    begun = time.monotonic()
    async with watching(behind, "far") as watched:
        await eventually(lambda: len(watched.told) == 2000)
        assert time.monotonic() - begun < 15, "nothing waits between two events"
        assert watched.names == {f"q{n}" for n in range(500, 1500)}


async def test_many_writers_at_once_are_all_heard(
    behind: Cluster, admin: Cluster, place: str
) -> None:
    async with watching(behind, place) as watched:
        uids = await add(admin, place, *(f"q{n}" for n in range(60)))
        removed = [f"q{n}" for n in range(0, 60, 3)]
        await asyncio.gather(
            *(admin.delete("ResourceQuota", n, place, uid=uids[n]) for n in removed)
        )
        await eventually(lambda: watched.names == uids.keys() - set(removed))


async def test_a_bookmark_moves_the_position_and_is_no_object(
    behind: Cluster, proxy: FaultProxy
) -> None:
    mark = b'{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"4711"}}}\n'
    proxy.faults.append(answer(200, path=WATCH, body=mark))
    async with watching(behind, ""):
        await eventually(lambda: calls(proxy)[1] == 2)
    assert "resourceVersion=4711&" in next(
        call.path for call in reversed(proxy.calls) if "watch" in call.path
    )


async def test_a_line_that_came_in_pieces_is_one_line(behind: Cluster, proxy: FaultProxy) -> None:
    # Longer than what is read at once: the pieces have to be put together.
    long = line("ADDED", "long", 7).replace(
        b'"uid"', b'"labels":{"x":"' + b"y" * 300_000 + b'"},"uid"'
    )
    proxy.faults.append(answer(200, path=WATCH, body=long + line("ADDED", "next", 8)))
    async with watching(behind, "far") as watched:
        await eventually(lambda: watched.names == {"long", "next"})


async def test_a_long_list_is_read_in_pages(behind: Cluster, proxy: FaultProxy) -> None:
    def page(name: str, more: str) -> bytes:
        metadata = {"name": name, "namespace": "far", "uid": name, "resourceVersion": "5"}
        return json.dumps(
            {
                "metadata": {"resourceVersion": "9", "continue": more},
                "items": [{"metadata": metadata}],
            }
        ).encode()

    proxy.faults += [
        answer(200, path=LIST, body=page("first", "more")),
        answer(200, path="continue=more", body=page("second", "")),
    ]
    async with watching(behind, "far") as watched:
        assert watched.names == {"first", "second"}
        assert proxy.count(path=r"limit=500(&|$)") == 2
        await eventually(lambda: calls(proxy)[1] == 1)
    assert "resourceVersion=9&" in proxy.calls[-1].path


async def test_an_object_that_cannot_be_read_is_trouble_and_not_the_end(
    behind: Cluster, admin: Cluster, proxy: FaultProxy, place: str
) -> None:
    odd = b'{"type":"ADDED","object":{"metadata":{"labels":["not","a","map"]}}}\n'
    proxy.faults.append(answer(200, path=WATCH, body=odd))
    async with watching(behind, place) as watched:
        await eventually(lambda: watched.reflector.trouble != "")
        await add(admin, place, "good")
        await eventually(lambda: watched.names == {"good"})


async def test_no_trouble_makes_it_hammer_the_server(
    controlplane: ControlPlane, behind: Cluster, proxy: FaultProxy
) -> None:
    """Three seconds of each trouble at the same time, by one reflector each."""
    listed = json.dumps({"metadata": {"resourceVersion": "9"}, "items": []}).encode()
    troubles = {
        "limitranges": [answer(410, times=None)],
        "services": [answer(403, times=None)],
        "pods": [answer(500, times=None)],
        "events": [answer(200, path="limit", body=listed, times=None), answer(410, times=None)],
        "serviceaccounts": [
            answer(200, path="limit", body=listed, times=None),
            answer(200, times=None),
        ],
    }
    tasks = []
    for plural, faults in troubles.items():
        for fault in faults:
            fault.path = f"/{plural}.*{fault.path}"
        proxy.faults += faults
        watched, task = started(behind, "")
        watched.reflector._path = f"/api/v1/{plural}"
        tasks.append(task)
    await asyncio.sleep(3)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for plural in troubles:
        attempts = proxy.count(path=f"/{plural}.*limit") or proxy.count(path=f"/{plural}")
        assert 2 <= attempts + proxy.count(path=f"/{plural}.*watch") <= 12, plural


async def test_who_saw_the_server_answer_ends_one_pause_and_no_more(
    behind: Cluster, proxy: FaultProxy
) -> None:
    proxy.faults.append(answer(500, path=LIST, times=None))
    watched, task = started(behind, "")
    await eventually(lambda: calls(proxy)[0] == 5)
    # The pause after the fifth is four seconds at least, and that after the sixth eight.
    begun = time.monotonic()
    watched.reflector.retry_now()
    await eventually(lambda: calls(proxy)[0] == 6)
    assert time.monotonic() - begun < 3.8
    await asyncio.sleep(0.5)
    assert calls(proxy)[0] == 6
    proxy.faults.clear()
    begun = time.monotonic()
    watched.reflector.retry_now()
    await eventually(lambda: watched.reflector.is_watching)
    assert time.monotonic() - begun < 7
    task.cancel()
    await asyncio.wait([task])


async def test_it_is_not_forgotten_when_an_attempt_is_still_under_way(
    behind: Cluster, proxy: FaultProxy
) -> None:
    proxy.faults += [answer(500, path=LIST, times=4), delay(0.3, path=LIST)]
    proxy.faults.append(answer(500, path=LIST))
    watched, task = started(behind, "")
    await eventually(lambda: calls(proxy)[0] == 5)
    # The fifth attempt is delayed and then succeeds; make it fail by cutting it off.
    watched.reflector.retry_now()
    proxy.cut()
    begun = time.monotonic()
    await eventually(lambda: calls(proxy)[0] >= 7)
    assert time.monotonic() - begun < 3.8, "no pause of four seconds or more was waited for"
    task.cancel()
    await asyncio.wait([task])


async def test_it_ends_when_told_and_leaves_no_stream_behind(
    behind: Cluster, proxy: FaultProxy, place: str
) -> None:
    async with watching(behind, place) as watched:
        await eventually(lambda: watched.reflector.is_watching)
    assert not watched.reflector.is_watching
    await eventually(lambda: proxy.connections <= 1)


async def test_contact_is_noted_with_every_sign_of_life(
    behind: Cluster, admin: Cluster, place: str
) -> None:
    async with watching(behind, place) as watched:
        first = watched.reflector.last_contact
        assert time.time() - first < 60
        await asyncio.sleep(0.02)
        await add(admin, place, "sign")
        await eventually(lambda: watched.names == {"sign"})
        assert watched.reflector.last_contact > first
