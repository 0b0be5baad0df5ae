"""State of the saved views: filters, order and size of the list under a name, for one person."""

from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import parse_qsl

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.errors import InvalidFieldsError, PortalError
from ...identity.permissions import Permission
from ...identity.personal import PersonalItem, PersonalKind
from ..guard import actor_of, guarded
from ..problems import toast_for
from ..toasts import copied, say
from .filters import Filters

__all__ = ["SavedView", "SavedViews"]


@dataclass(frozen=True)
class SavedView:
    """A name with the address it stands for."""

    name: str
    href: str

    @classmethod
    def of(cls, item: PersonalItem) -> Self:
        """Read what was kept; of an address only the query counts, and only what it knows."""
        query = str(item.document.get("query", "")).lstrip("?")
        return cls(item.key, Filters.from_query(dict(parse_qsl(query))).address())


class SavedViews(rx.State):
    """Vars of the menu. They are read when somebody opens it."""

    views: list[SavedView] = []
    is_loaded: bool = False
    error: str = ""

    @guarded(Permission.NAMESPACE_READ)
    async def open_menu(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Read the views when the menu opens."""
        if is_open is True:
            self.error = ""
            await self._read()

    @guarded(Permission.SELF_CHANGE)
    async def save(self, form: dict[str, Any]) -> EventSpec | list[EventSpec] | None:
        """Keep what the address asks for under a name; the same name again replaces it."""
        name = str(form.get("name", "")).strip() if isinstance(form, dict) else ""
        filters = Filters.from_query(self.router.url.query_parameters)
        query = replace(filters, page=1).address().partition("?")[2]
        try:
            await runtime.current().personal.put(
                PersonalKind.VIEW, name, {"query": query}, title=name, actor=await actor_of(self)
            )
        except InvalidFieldsError as error:
            self.error = error.issues[0].message
            return rx.set_focus("field_view")
        except PortalError as error:
            return toast_for(error)
        self.error = ""
        await self._read()
        return [rx.set_value("field_view", ""), say(f"Saved the view {name}.")]

    @guarded(Permission.SELF_CHANGE)
    async def drop(self, name: str) -> EventSpec | None:
        """Forget a view."""
        try:
            await runtime.current().personal.remove(
                PersonalKind.VIEW, str(name), actor=await actor_of(self)
            )
        except PortalError as error:
            return toast_for(error)
        await self._read()
        return None

    @guarded(Permission.NAMESPACE_READ)
    async def copy_link(self) -> EventSpec:
        """Copy the address of the list as it is filtered now."""
        filters = Filters.from_query(self.router.url.query_parameters)
        base = runtime.current().public_url.rstrip("/")
        return copied(f"{base}{filters.address()}", word="Copied the link.")

    async def _read(self) -> None:
        found = await runtime.current().personal.all(PersonalKind.VIEW, actor=await actor_of(self))
        self.views = sorted((SavedView.of(item) for item in found), key=lambda view: view.name)
        self.is_loaded = True
