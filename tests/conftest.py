"""What every test may use: the real control plane, both databases, a running portal."""

import asyncio
import gc
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Final

import hypothesis
import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.cluster.mirror import Mirror
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from nsaas_app.store.database import Database
from tests.support.controlplane import ControlPlane, running_controlplane
from tests.support.databases import Databases, migrated_home
from tests.support.managed import ManagedNamespaces, watching_managed
from tests.support.names import fresh_name
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.served import ServedPortal

# How long an example takes says how busy the machine is, nothing about the code.
hypothesis.settings.register_profile(
    "unhurried",
    parent=hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("unhurried")


# Two million objects are loaded to stay, and each look for garbage among them takes half a second:
# nobody looks while they are loaded, and later seldom. What is young is looked through as ever.
gc.disable()
SELDOM: Final = 200


SHARED: Final = {"pages": "pages", "served": "served", "attacked": "served", "patient": "served"}
"""What takes long to start, and the group of the tests that use it: it starts in one worker."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares something; a group that a test names itself goes before."""
    for item in items:
        used = SHARED.keys() & set(getattr(item, "fixturenames", ()))
        if used and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(SHARED[min(used)]))
    # What is long does not begin when the others are about to end.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside what failed stands what the portals said that it used."""
    report = yield
    used = {one for one in item.funcargs.values() if isinstance(one, ServedPortal)}
    if report.failed:
        report.sections += [(f"log of {portal.url}", portal.last_words()) for portal in used]
    return report


def pytest_collection_finish() -> None:
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
    gc.enable()


@pytest.fixture(scope="session")
def controlplane(
    own_controlplane: ControlPlane, managed: ManagedNamespaces
) -> Iterator[ControlPlane]:
    """The control plane of all tests. Whatever they did, the portal kept to its namespaces."""
    yield own_controlplane
    managed.ensure_nothing_was_written_outside(own_controlplane.audit_log)


@pytest.fixture(scope="session")
def own_controlplane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    with running_controlplane(tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="session")
def managed(own_controlplane: ControlPlane) -> Iterator[ManagedNamespaces]:
    """Which namespaces were ever the portal's."""
    with watching_managed(own_controlplane.kubectl_command) as watching:
        yield watching


@pytest.fixture
async def cluster(controlplane: ControlPlane) -> AsyncIterator[Cluster]:
    """The client with the portal's own, confined access."""
    opened = await connect(ClusterAddress(kubeconfig=controlplane.portal_kubeconfig))
    yield opened
    await opened.close()


@pytest.fixture
async def mirror(cluster: Cluster) -> AsyncIterator[Mirror]:
    """The living picture of the cluster, whole."""
    made = Mirror(cluster)
    running = asyncio.create_task(made.run())
    await asyncio.wait_for(made.wait_synced(), 60)
    yield made
    running.cancel()
    await asyncio.wait([running])


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind: a test that uses it runs twice."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'nsaas.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create_database()
    yield url
    server.drop_database(url)


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Databases:
    return Databases.make(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> AsyncIterator[Database]:
    """A migrated, empty database of each kind: a test that uses it runs twice."""
    opened = Database(databases.empty(request.param, tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
def settings(tmp_path: Path, controlplane: ControlPlane) -> Settings:
    """Settings of a local run on the test's control plane, with a migrated SQLite."""
    home = migrated_home(tmp_path / "home")
    return Settings(home=home, env="dev", kubeconfig=controlplane.portal_kubeconfig, port=8000)


@pytest.fixture
async def portal(settings: Settings) -> AsyncIterator[Runtime]:
    """A running portal without its pages."""
    async with serving(settings) as runtime:
        yield runtime


@pytest.fixture(params=["sqlite", "postgresql"])
async def portal_on_both(
    request: pytest.FixtureRequest, settings: Settings, databases: Databases, tmp_path: Path
) -> AsyncIterator[Runtime]:
    """A running portal on each database."""
    url = databases.empty(request.param, tmp_path)
    on_this = settings.model_copy(update={"database_url": url})
    async with serving(on_this) as runtime:
        yield runtime


@pytest.fixture
def name() -> str:
    """A name of a namespace that no other test uses."""
    return fresh_name()
