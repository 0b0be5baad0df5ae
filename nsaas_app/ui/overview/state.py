"""State of the overview: four numbers, what needs attention, what is under way."""

import reflex as rx

from ... import runtime
from ...directory.hub import NAMESPACES, REQUESTS
from ...directory.query import RowQuery
from ...directory.requests import RequestQuery
from ...domain.actors import Actor
from ...domain.environments import Environment
from ...domain.requests import RequestKind
from ...identity.permissions import Permission
from ..figures import iso
from ..guard import guarded
from ..live import LivePage, follow
from ..request_views import RequestLine
from .transform import (
    Attention,
    Column,
    Share,
    Stat,
    attention_of,
    columns_of,
    shares_of,
    stats_of,
    timing_sentence,
)

__all__ = ["OverviewState"]

_LISTED = 8
_CHARTED = 40


class OverviewState(LivePage, rx.State):
    """Vars of the overview, each one that changes by itself apart."""

    as_of: str = ""
    namespaces: Stat = Stat()
    deployments: Stat = Stat()
    success: Stat = Stat()
    time: Stat = Stat()
    attention: list[Attention] = []
    in_flight: list[RequestLine] = []
    recent: list[RequestLine] = []
    by_environment: list[Share] = []
    by_team: list[Share] = []
    columns: list[Column] = []
    timing: str = ""
    total: int = 0

    @guarded(Permission.NAMESPACE_READ, background=True)
    async def watch(self) -> None:
        """Keep the page current while it is open."""
        await follow(self, topics=(NAMESPACES, REQUESTS), read=self._read)

    async def _read(self, actor: Actor) -> dict[str, object]:
        portal = runtime.current()
        summary = portal.directory.summary(actor=actor)
        worst = portal.directory.find(RowQuery(sort="health", limit=_LISTED), actor=actor)
        requests = portal.requests
        made = RequestQuery(kind=RequestKind.PROVISION.value, limit=_CHARTED)
        charted = requests.find(made, actor=actor).items
        environments = tuple(each.value for each in Environment)
        return {
            **stats_of(summary),
            "as_of": iso(summary.as_of),
            "attention": attention_of(worst.items),
            "total": worst.all,
            "by_environment": shares_of(
                worst.facets.get("environment", {}), field="env", order=environments
            ),
            "by_team": shares_of(worst.facets.get("team", {}), field="team"),
            "columns": columns_of(charted),
            "timing": timing_sentence(charted),
            "in_flight": [
                RequestLine.from_request(each) for each in requests.in_flight(actor=actor)[:_LISTED]
            ],
            "recent": [
                RequestLine.from_request(each)
                for each in requests.find(RequestQuery(limit=_LISTED), actor=actor).items
            ],
        }
