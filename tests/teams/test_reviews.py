"""Reviews of access: seen from every process, and looked for only in what is new of the log."""

from dataclasses import dataclass, field
from typing import Any

from nsaas_app.domain.audit import AuditEvent, AuditFilter
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.database import Database
from nsaas_app.teams.change import TeamChange
from nsaas_app.teams.reviews import ACTION, AccessReviews
from tests.identity.desk import IdentityDesk, opened
from tests.support.actors import actor

LEAD = TeamChange(actor("frontend-lead"), "test")


@dataclass
class WatchedLog(AuditStore):
    """A log that remembers from where reviews were looked for."""

    key: bytes = b"k" * 32
    looked_after: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(key=self.key)

    async def find(self, connection: Any, wanted: AuditFilter, **how: Any) -> list[AuditEvent]:
        if wanted.action == ACTION:
            self.looked_after.append(wanted.after_seq)
        return await super().find(connection, wanted, **how)


def reviews(desk: IdentityDesk, log: AuditStore) -> AccessReviews:
    return AccessReviews(
        database=desk.database,
        audit=log,
        teams=desk.teams,
        clock=lambda: desk.now,
        changed=lambda: None,
        refresh_s=0.0,
    )


async def test_a_team_nobody_reviewed_is_looked_for_only_in_what_is_new(
    database: Database,
) -> None:
    desk, log = await opened(database), WatchedLog()
    here, elsewhere = reviews(desk, log), reviews(desk, desk.audit)
    reader = actor("frontend-viewer")

    first = await here.of("frontend", actor=reader)
    again = await here.of("frontend", actor=reader)
    assert first == again
    assert first.reviewed_at is None
    whole, rest = log.looked_after
    assert whole == 0
    assert rest > 0

    desk.wait(days=1)
    await elsewhere.confirm("frontend", LEAD)
    seen = await here.of("frontend", actor=reader)
    assert (seen.reviewed_at, seen.reviewed_by) == (desk.now, "frontend-lead")
    assert seen.known_since == first.known_since
    assert await here.of("frontend", actor=reader) == seen
    desk.wait(days=1)
    assert (await here.confirm("frontend", LEAD)).reviewed_at == desk.now
