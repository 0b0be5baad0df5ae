"""What namespaces were given and gave back, as completed requests tell: the past of the ledger."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.bookings import Booking
from ..domain.names import TeamName
from ..domain.overrides import sized
from ..domain.requests import Phase, RequestKind
from ..domain.teams import Resources
from ..domain.tiers import Tier
from .tables import RequestRow

__all__ = ["BookingStore"]

_REQUEST = RequestRow.__table__  # type: ignore[attr-defined]
_GIVE = (RequestKind.PROVISION, RequestKind.ADOPT, RequestKind.CHANGE)
_COUNTED = tuple(kind.value for kind in (*_GIVE, RequestKind.DELETE))


class BookingStore:
    """Reads bookings; nothing is written beside the requests themselves."""

    async def since(
        self, connection: AsyncConnection, revision: int
    ) -> tuple[dict[str, Booking], int]:
        """Bookings by request of those that changed at or after a revision.

        Gives beside them the highest revision seen; the one that was asked for without any.
        """
        query = select(
            _REQUEST.c.request_id, _REQUEST.c.kind, _REQUEST.c.cluster, _REQUEST.c.namespace,
            _REQUEST.c.team, _REQUEST.c.spec["tier"].as_string(), _REQUEST.c.spec["overrides"],
            _REQUEST.c.finished_at, _REQUEST.c.revision,
        ).where(
            _REQUEST.c.revision >= revision,
            _REQUEST.c.phase == Phase.DONE.value,
            _REQUEST.c.kind.in_(_COUNTED),
        )  # fmt: skip
        found: dict[str, Booking] = {}
        for (
            request_id,
            kind,
            cluster,
            namespace,
            team,
            tier,
            overrides,
            at,
            seen,
        ) in await connection.execute(query):
            is_gone = kind == RequestKind.DELETE.value
            amount = Resources() if is_gone else Resources.of(sized(Tier(tier), overrides or {}))
            found[request_id] = Booking(at, TeamName(team), cluster, namespace, amount, is_gone)
            revision = max(revision, seen)
        return found, revision
