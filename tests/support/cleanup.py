"""Sightings for tests: a namespace in use unless told otherwise, and any there may be."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from nsaas_app.cleanup.sweeps import TURN
from nsaas_app.cluster.mirror import Mirror
from nsaas_app.domain.cleanup_rules import Sighting
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import DuplicateError
from nsaas_app.domain.namespaces import ManagedNamespace, NamespaceState
from nsaas_app.domain.observation import Observation
from nsaas_app.domain.requests import Phase
from nsaas_app.domain.sweeps import Sweep
from nsaas_app.runtime import Runtime
from nsaas_app.store.cleanup import CleanupStore
from nsaas_app.store.database import Database
from nsaas_app.store.turns import TurnStore
from tests.support.requests import ended, submit
from tests.support.specs import NOW
from tests.support.waiting import eventually, eventually_async

__all__ = [
    "anothers_sweep",
    "made",
    "observed",
    "remember_quiet",
    "remembered",
    "sighting",
    "sightings",
    "swept",
    "whole",
]

LONG = timedelta(days=400)


def observed(uid: str = "u-1", **fields: Any) -> Observation:
    """Known for long; something ran and changed a minute ago."""
    busy = NOW - timedelta(minutes=1)
    plain = Observation(
        uid=uid,
        first_at=NOW - LONG,
        last_at=NOW,
        workloads_changed_at=busy,
        event_at=busy,
        watched_at=NOW,
        watched_since=NOW - LONG,
        signs_since=NOW - LONG,
    )
    return replace(plain, **fields)


def sighting(**fields: Any) -> Sighting:
    """A namespace in use, for which nothing speaks."""
    plain = Sighting(
        name="frontend-shop-dev",
        cluster="local",
        uid="u-1",
        state=NamespaceState.ACTIVE,
        is_managed=True,
        team="frontend",
        environment=Environment.DEVELOPMENT,
        owner="frontend-dev",
        observed=observed(),
    )
    return replace(plain, **fields)


_times = st.none() | st.timedeltas(timedelta(days=-40), timedelta(days=1)).map(lambda d: NOW + d)
_observations = st.builds(
    observed,
    first_at=st.timedeltas(timedelta(days=-40), timedelta()).map(lambda d: NOW + d),
    pods_gone_since=_times,
    workloads_changed_at=_times,
    claims_changed_at=_times,
    event_at=_times,
    full_since=st.dictionaries(st.sampled_from(["pods", "requests.cpu"]), st.just(NOW - LONG)),
    owner_gone_since=_times,
)

sightings = st.builds(
    sighting,
    name=st.sampled_from(["frontend-shop-dev", "shop", "x", "kube-system", "default"]),
    uid=st.sampled_from(["u-1", "u-2"]),
    state=st.none() | st.sampled_from(NamespaceState),
    is_managed=st.booleans(),
    environment=st.none() | st.sampled_from(Environment),
    is_protected=st.booleans(),
    expires_at=_times,
    is_leftover=st.booleans(),
    terminating_since=_times,
    is_stuck=st.booleans(),
    kept=st.sampled_from(["", "we need it"]),
    sleeps_by_schedule=st.booleans(),
    cron_job=st.sampled_from(["", "nightly at 03:00"]),
    observed=st.none() | _observations,
)
"""Any namespace the rules could ever look at."""


async def made(portal: Runtime, name: str, **fields: Any) -> ManagedNamespace:
    """A namespace that a request has made; its record. It never sleeps unless told otherwise."""
    # One that sleeps at night is not idle because it sleeps.
    request = await ended(portal, await submit(portal, name, **{"sleep_windows": ()} | fields))
    assert request.phase is Phase.DONE, request.failure
    record = portal.directory.record(name)
    assert record is not None
    await eventually(lambda: portal.directory.find_row(name) is not None, what="it has a row")
    await whole(portal)
    return record


async def whole(portal: Runtime) -> Mirror:
    """Wait until every kind was listed: before, nobody can tell what is not there."""
    mirror = portal.mirror
    assert mirror is not None
    await eventually(
        lambda: all(each.synced.is_set() for each in mirror.reflectors), what="it is whole"
    )
    return mirror


async def remembered(portal: Runtime, name: str, *, quiet_for: timedelta) -> None:
    """Let the sweeps have seen a namespace quiet for a while."""
    record = portal.directory.record(name)
    assert record is not None
    await remember_quiet(portal.database, name, record.uid, quiet_for=quiet_for)


async def remember_quiet(database: Database, name: str, uid: str, *, quiet_for: timedelta) -> None:
    """The same for a portal in another process. It is our turn: no sweep writes in between."""
    turns, store, me = TurnStore(), CleanupStore(), secrets.token_hex(8)

    async def is_our_turn() -> bool:
        try:
            async with database.transaction() as connection:
                return await turns.take(connection, name=TURN, owner=me, lease_ms=30_000)
        except DuplicateError:
            return False

    await eventually_async(is_our_turn, what="it is our turn")
    now = datetime.now(UTC)
    quiet = Observation(
        uid=uid,
        first_at=now - quiet_for,
        last_at=now,
        state="active",
        pods_gone_since=now - quiet_for,
        watched_at=now,
        watched_since=now - quiet_for,
        signs_since=now - quiet_for,
    )
    async with database.transaction() as connection:
        await store.put_observations(connection, {name: quiet}, cluster="local")
        await store.add_sweep(connection, anothers_sweep(now), cluster="local")
        await turns.give_back(connection, name=TURN, owner=me)


def anothers_sweep(at: datetime) -> Sweep:
    """The record that another process's sweep leaves: what it saw is read from the database."""
    return Sweep(secrets.token_hex(8), at, took_ms=1, looked_at=1, found={}, excluded=0)


async def swept(portal: Runtime) -> Sweep:
    """A sweep of ours, once the portal's own has ended."""
    done: list[Sweep] = []

    async def sweep() -> bool:
        if (one := await portal.cleanup.sweeps.sweep()) is not None:
            done.append(one)
        return bool(done)

    await eventually_async(sweep, what="it is our turn")
    return done[0]
