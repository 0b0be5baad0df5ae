"""GET /events: each change once, in order, to those it concerns, from where one stopped."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.api.problems import problem_in
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal

WITHIN_S = 30.0


@dataclass
class Event:
    """One event of a stream."""

    id: str = ""
    event: str = ""
    data: str = ""

    @property
    def body(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.data)
        return read


@dataclass
class Stream:
    """An open stream, read line by line."""

    reply: httpx.Response
    lines: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.reply.iter_lines()

    def next(self) -> Event:
        """The next event; comments that only keep the line open are passed over."""
        event, end = Event(), time.monotonic() + WITHIN_S
        while time.monotonic() < end:
            line = next(self.lines)
            name, _, value = line.partition(": ")
            if line == "" and event.event:
                return event
            if name in ("id", "event", "data"):
                setattr(event, name, value)
        raise AssertionError(f"no whole event within {WITHIN_S} s")

    def until(self, status: str, request_id: str) -> list[Event]:
        """Events up to the one that says this of the request."""
        events = []
        while True:
            events.append(self.next())
            body = events[-1].body
            if (body.get("request_id"), body.get("status")) == (request_id, status):
                return events


@contextlib.contextmanager
def streaming(client: httpx.Client, *, last: str = "") -> Iterator[Stream]:
    """Open the stream; it is connected when the block begins."""
    headers = {"Last-Event-ID": last} if last else {}
    with client.stream("GET", "/events", headers=headers, timeout=WITHIN_S) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        stream = Stream(reply)
        assert next(stream.lines) == ": connected"
        yield stream


def ask(client: httpx.Client, team: str) -> str:
    spec = {"name": fresh_name(team), "team": team, "environment": "development"}
    asked = client.post("/requests", json={"spec": spec})
    assert asked.status_code == 202, asked.text
    request_id: str = asked.json()["request_id"]
    return request_id


def end(client: httpx.Client, request_id: str) -> None:
    """Wait until the request is completed: nothing of it is told any more."""
    path = f"/requests/{request_id}"
    wait_completed(client, path)


@pytest.fixture
def frontend(served: ServedPortal) -> Iterator[httpx.Client]:
    with served.client("frontend-dev") as client:
        yield client


@pytest.fixture
def payments(served: ServedPortal) -> Iterator[httpx.Client]:
    with served.client("payments-dev") as client:
        yield client


def test_a_request_is_followed_to_its_end_and_the_namespace_with_it(
    frontend: httpx.Client,
) -> None:
    with streaming(frontend) as stream:
        request_id = ask(frontend, "frontend")
        events = stream.until("completed", request_id)

    ids = [int(event.id) for event in events]
    assert ids == sorted(set(ids))
    requests = [event for event in events if event.event == "request.updated"]
    assert {event.body["request_id"] for event in requests} == {request_id}
    done = requests[-1].body
    assert {step["status"] for step in done["steps"]} == {"done", "skipped"}
    namespaces = [event.body for event in events if event.event == "namespace.updated"]
    assert {one["name"] for one in namespaces} == {done["namespace"]}


def test_a_stream_goes_on_where_it_stopped(frontend: httpx.Client) -> None:
    with streaming(frontend) as stream:
        first = ask(frontend, "frontend")
        seen = stream.next()
    end(frontend, first)
    second = ask(frontend, "frontend")
    end(frontend, second)

    with streaming(frontend, last=seen.id) as stream:
        missed = stream.until("completed", second)

    assert int(missed[0].id) > int(seen.id)
    ids = [int(event.id) for event in missed]
    assert ids == sorted(set(ids))
    # What changed several times meanwhile is told once, as it stands now.
    told = [e.body["request_id"] for e in missed if e.event == "request.updated"]
    assert told == [first, second]


def test_other_teams_changes_are_never_told(frontend: httpx.Client, payments: httpx.Client) -> None:
    with streaming(payments) as stream:
        theirs = ask(frontend, "frontend")
        end(frontend, theirs)
        own = ask(payments, "payments")
        events = stream.until("completed", own)

    assert {event.body["team"] for event in events} == {"payments"}
    assert theirs not in "".join(event.data for event in events)

    # Nor when they are asked for by an id from before.
    with streaming(payments, last=str(int(events[0].id) - 20)) as stream:
        again = stream.until("completed", own)
    assert {event.body["team"] for event in again if event.event != "gap"} == {"payments"}


def test_a_stream_that_was_away_too_long_is_told_of_the_gap(frontend: httpx.Client) -> None:
    end(frontend, ask(frontend, "frontend"))

    with streaming(frontend, last="1") as stream:
        gap = stream.next()

    assert (gap.event, gap.body) == ("gap", {})


def test_a_stream_needs_a_credential_and_a_number_to_go_on_from(
    served: ServedPortal, frontend: httpx.Client
) -> None:
    problem_in(httpx.get(f"{served.url}/api/v1/events", trust_env=False), 401, "SIGNED_OUT")
    odd = frontend.get("/events", headers={"Last-Event-ID": "yesterday"})
    problem_in(odd, 422, "INVALID_FIELD", field="Last-Event-ID")


def test_a_stream_ends_with_the_login_session(served: ServedPortal) -> None:
    [(name, value)] = served.cookie("frontend-dev").items()
    headers = {"Cookie": f"{name}={value}"}
    address = f"{served.url}/api/v1/events"
    with httpx.stream("GET", address, headers=headers, timeout=WITHIN_S, trust_env=False) as reply:
        lines = reply.iter_lines()
        assert next(lines) == ": connected"
        began = time.monotonic()
        out = httpx.post(f"{served.url}/auth/logout", headers=headers, trust_env=False)
        assert out.status_code == 303

        rest = list(lines)

    assert time.monotonic() - began < 25
    assert not [line for line in rest if line.startswith("data")]
