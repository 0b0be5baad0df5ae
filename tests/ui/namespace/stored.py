"""Namespaces of team frontend in a portal without a cluster, as its pages find them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from nsaas_app import runtime
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import NamespaceName
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.tiers import Tier
from nsaas_app.identity.dev import DEV_TEAMS
from tests.ui.examples import spec
from tests.ui.tabs import Pages

__all__ = ["stored"]


def stored(
    pages: Pages,
    name: str,
    *,
    environment: Environment = Environment.DEVELOPMENT,
    tier: Tier = Tier.SMALL,
    intent: Intent = Intent.ACTIVE,
    **asked: Any,
) -> ManagedNamespace:
    """A namespace of team frontend as the worker leaves it: recorded and booked."""
    now = datetime.now(UTC)
    lasting = None if environment is Environment.PRODUCTION else now + timedelta(days=5)
    plain = {"access": DEV_TEAMS[0].default_access(environment), "expires_at": lasting}
    wanted = spec(
        name=NamespaceName(name),
        environment=environment,
        tier=tier,
        **plain | asked,
    )
    record = ManagedNamespace(
        name=wanted.name,
        team=wanted.team,
        cluster=wanted.cluster,
        intent=intent,
        spec=wanted,
        request_id="req-test",
        created_at=now,
    )

    async def put() -> None:
        portal = runtime.current()
        async with portal.stores.database.transaction() as connection:
            await portal.stores.namespaces.put(connection, record)
            await portal.stores.ledger.book(connection, wanted, request_id=record.request_id)
        portal.directory.put_record(record)

    pages.run(put())
    return record
