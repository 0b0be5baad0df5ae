"""What somebody prefers, as it is being chosen: each choice is kept at once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Self

import reflex as rx
from reflex_base.event import EventSpec

from ...domain.errors import InvalidFieldsError, PortalError
from ...domain.preferences import Preferences, time_zones
from ...identity.permissions import Permission
from ..guard import guarded
from ..preferring import put_preference
from ..problems import toast_for
from ..toasts import say

__all__ = ["PreferenceForm", "Wanted", "show_kept", "zones_like"]

_LONGEST: Final = 64
_OFFERED: Final = 12
"""So many zones are offered for what was typed."""
_FIELDS: Final = ("theme", "density", "page_size", "motion")
_UNKNOWN: Final = "There is no such time zone. Type part of its name, such as berlin, and choose."


@dataclass(frozen=True)
class Wanted:
    """Preferences as the fields show them."""

    theme: str = ""
    density: str = ""
    page_size: str = ""
    motion: str = ""
    time_zone: str = ""

    @classmethod
    def of(cls, found: Preferences) -> Self:
        """Show what is kept."""
        return cls(**{name: str(value) for name, value in found.to_document().items()})


def zones_like(text: str) -> list[str]:
    """Time zones whose name has all that was typed, in any case, blanks for underscores."""
    words = text.strip().casefold().replace(" ", "_")
    found = [zone for zone in time_zones() if words in zone.casefold()] if words else []
    return found[:_OFFERED]


class PreferenceForm(rx.State):
    """Vars of the fields."""

    wanted: Wanted = Wanted()
    zone_typed: str = ""
    zones: list[str] = []
    """Offered for what was typed."""
    zone_error: str = ""
    saved: str = ""
    """What was kept last, in words."""

    @guarded(Permission.SELF_CHANGE)
    async def choose(self, field: str, value: str) -> AsyncIterator[EventSpec | None]:
        """Keep one choice."""
        if field in _FIELDS:
            number = value.isascii() and value.isdigit() and len(value) < _LONGEST
            async for event in self._keep(field, int(value) if number else value):
                yield event

    @guarded(Permission.SELF_CHANGE)
    async def type_zone(self, _field: str, text: str) -> AsyncIterator[EventSpec | None]:
        """Offer zones for what is typed; one that is named in full is kept."""
        self.zone_typed, self.zone_error = text[:_LONGEST], ""
        self.zones = zones_like(self.zone_typed)
        typed = self.zone_typed.strip()
        if typed in ("", *self.zones) and typed != self.wanted.time_zone:
            async for event in self._keep("time_zone", typed):
                yield event

    @guarded(Permission.SELF_CHANGE)
    async def leave_zone(self, _field: str) -> None:
        """Say when what was typed is no zone."""
        typed = self.zone_typed.strip()
        self.zone_error = "" if typed in ("", *time_zones()) else _UNKNOWN

    @guarded(Permission.SELF_CHANGE)
    async def forget_zone(self) -> AsyncIterator[EventSpec | None]:
        """Go back to the browser's time zone."""
        self.zone_typed, self.zones, self.zone_error = "", [], ""
        async for event in self._keep("time_zone", ""):
            yield event

    async def _keep(self, field: str, value: str | int) -> AsyncIterator[EventSpec | None]:
        try:
            self.wanted = Wanted.of(await put_preference(self, field, value))
            self.saved = "Saved. It holds on every page and in every browser of yours."
        except InvalidFieldsError as error:
            yield say(error.issues[0].message, tone="error")
        except PortalError as error:
            yield toast_for(error)


def show_kept(form: PreferenceForm, found: Preferences) -> None:
    """Show what is kept, as somebody comes to the page."""
    form.wanted, form.zone_typed = Wanted.of(found), found.time_zone
    form.zones, form.zone_error, form.saved = [], "", ""
