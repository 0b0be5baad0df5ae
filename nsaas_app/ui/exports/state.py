"""State of the kept exports: one line each, the newest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

import reflex as rx

from ... import runtime
from ...domain.actors import Actor
from ...domain.exports import Export
from ...identity.permissions import Permission, may
from ..figures import count, iso
from ..guard import guarded
from ..live import LivePage, follow

__all__ = ["ExportLine", "ExportsState"]

_AGE: Final = timedelta(seconds=5)
"""How old what comes from the database may be: the page turns oftener than that."""
_LONGEST: Final = 63
"""No namespace has a longer name."""
_KIBIBYTE: Final = 1024


@dataclass(frozen=True)
class ExportLine:
    """One kept archive."""

    export_id: str
    namespace: str
    team: str
    created_at: str
    kept_until: str
    objects: str
    size: str
    href: str
    reason: str
    """Why it cannot be downloaded by this reader; empty when it can."""

    @classmethod
    def of(cls, export: Export, actor: Actor, *, kept_until: datetime) -> Self:
        """Describe one for one reader."""
        is_allowed = may(actor, Permission.NAMESPACE_EXPORT, export.team)
        return cls(
            export_id=export.export_id,
            namespace=export.namespace,
            team=str(export.team),
            created_at=iso(export.created_at),
            kept_until=iso(kept_until),
            objects=count(export.objects),
            size=f"{count(-(-export.size // _KIBIBYTE))} KiB",
            href=f"/api/v1/exports/{export.export_id}",
            reason="" if is_allowed else f"Your role in team {export.team} reads only.",
        )


class ExportsState(LivePage, rx.State):
    """Vars of the page."""

    lines: list[ExportLine] = []
    namespace: str = ""
    """The one namespace that the list is narrowed to."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Keep the list current."""
        asked = self.router.url.query_parameters.get("namespace", "")
        namespace = asked[:_LONGEST]
        kept, read_at = list[ExportLine](), runtime.current().clock() - _AGE

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal kept, read_at
            portal = runtime.current()
            exports = portal.lifetime.exports
            if portal.clock() - read_at >= _AGE:
                found = await exports.kept(actor=actor, namespace=namespace)
                kept = [
                    ExportLine.of(one, actor, kept_until=exports.kept_until(one)) for one in found
                ]
                read_at = portal.clock()
            return {"lines": kept, "namespace": namespace}

        await follow(self, topics=(), read=read)
