"""What remains of a request in the numbers once it is too old for lists: its end and its time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from .names import TeamName
from .requests import Phase, ProvisioningRequest, RequestKind

__all__ = ["COUNTED_KINDS", "COUNTED_PHASES", "EndedRequest", "Told"]

COUNTED_KINDS: Final = (RequestKind.PROVISION, RequestKind.ADOPT, RequestKind.DELETE)
"""Of these, numbers over a window are made."""
COUNTED_PHASES: Final = (Phase.DONE, Phase.ROLLED_BACK)
"""What people ended themselves does not count."""


class Told(Protocol):
    """What numbers need of a request, whether all of it is known or only this."""

    @property
    def kind(self) -> RequestKind:
        """What was asked."""

    @property
    def team(self) -> TeamName:
        """Whose it was."""

    @property
    def phase(self) -> Phase:
        """How it ended."""

    @property
    def created_at(self) -> datetime:
        """When it was handed in."""

    @property
    def duration(self) -> timedelta | None:
        """From submit to the end without the wait for approval; None while it runs."""


@dataclass(frozen=True, slots=True)
class EndedRequest:
    """One request of the counted kinds that came to a counted end."""

    request_id: str
    kind: RequestKind
    team: TeamName
    phase: Phase
    created_at: datetime
    duration: timedelta | None

    @classmethod
    def of(cls, request: ProvisioningRequest) -> "EndedRequest | None":
        """Keep what counts of a request; None where none of it does."""
        if request.kind not in COUNTED_KINDS or request.phase not in COUNTED_PHASES:
            return None
        return cls(
            request.request_id,
            request.kind,
            request.team,
            request.phase,
            request.created_at,
            request.duration,
        )
