"""State of the calculator: three fields, and the answer for every tier or for one namespace."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import reflex as rx

from ... import runtime
from ...domain.errors import InvalidFieldsError, NotFoundError
from ...domain.fitting import Wish, shortfalls
from ...domain.quantities import parse_quantity
from ...domain.tiers import TIERS, Tier
from ...identity.permissions import Permission
from ..guard import actor_of, guarded
from ..live import assign
from ..words import Tone, word_of

__all__ = ["FIELDS", "FitLine", "Fitting", "answers"]

FIELDS: Final = ("replicas", "cpu", "memory")
_LONGEST: Final = 32


@dataclass(frozen=True)
class FitLine:
    """One answer."""

    key: str
    label: str
    text: str
    tone: str


def answers(wish: Wish, offers: Mapping[str, Mapping[str, Decimal]]) -> list[FitLine]:
    """Compare a wish with what each of several quotas has left."""
    lines = []
    for key, left in offers.items():
        short = shortfalls(wish, left)
        text = f"Short by {', '.join(short.values())}" if short else "Fits"
        tone = Tone.BAD if short else Tone.OK
        lines.append(FitLine(key, word_of(key), text, tone.value))
    return lines


class Fitting(rx.State):
    """Vars of the calculator."""

    form: dict[str, str] = {"replicas": "3", "cpu": "250m", "memory": "256Mi"}
    errors: dict[str, str] = {}
    about: str = ""
    """The namespace that is answered for; empty for the tiers."""
    lines: list[FitLine] = []

    @guarded(Permission.NAMESPACE_READ)
    async def edit(self, about: str, field: str, value: str) -> None:
        """Take in one field and answer again."""
        if field in FIELDS and isinstance(value, str):
            self.form = {**self.form, field: value[:_LONGEST].strip()}
            await self._answer(str(about))

    @guarded(Permission.NAMESPACE_READ)
    async def ask(self, about: str) -> None:
        """Answer for the numbers as they are."""
        await self._answer(str(about))

    async def _answer(self, about: str) -> None:
        try:
            wish = Wish.parse(*(self.form[field] for field in FIELDS))
        except InvalidFieldsError as error:
            errors = {issue.field: issue.message for issue in error.issues}
            assign(self, {"errors": errors, "lines": [], "about": about})
            return
        offers = await self._left(about) if about else _tiers()
        assign(self, {"errors": {}, "lines": answers(wish, offers), "about": about})

    async def _left(self, name: str) -> Mapping[str, Mapping[str, Decimal]]:
        try:
            row = runtime.current().directory.row(name, actor=await actor_of(self))
        except NotFoundError:
            return {}
        left = {
            resource: parse_quantity(use.hard) - parse_quantity(use.used)
            for resource, use in row.quota.items()
        }
        return {name: left}


def _tiers() -> Mapping[str, Mapping[str, Decimal]]:
    return {
        tier.value: {resource: parse_quantity(text) for resource, text in TIERS[tier].quota.items()}
        for tier in Tier
    }
