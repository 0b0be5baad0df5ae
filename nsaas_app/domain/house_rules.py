"""House rules: what the administrators of one installation set of the rules themselves."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .errors import FieldIssue
from .overrides import CEILINGS
from .quantities import QuantityError, parse_quantity

__all__ = ["COST_CENTER", "HouseRules"]

COST_CENTER: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}"
"""What a cost centre looks like unless the house says otherwise."""
MAX_COST_CENTER: Final = 50
"""Of any pattern: it stands on every object."""


@dataclass(frozen=True, slots=True)
class HouseRules:
    """Bounds and patterns; the defaults are those of a house that set nothing.

    Raises:
        ValueError: a pattern, quantity or network is none; the message names it.
    """

    cost_center: str = COST_CENTER
    """A regular expression that a cost centre matches whole."""
    apart: tuple[str, ...] = ()
    """Networks that no namespace may name in its egress: those of the API server."""
    ceilings: Mapping[str, str] = field(default_factory=lambda: dict(CEILINGS))
    """How far numbers of a tier may be overridden, by resource."""

    def __post_init__(self) -> None:
        try:
            re.compile(self.cost_center)
        except re.error as error:
            raise ValueError(f"{self.cost_center!r} is no regular expression: {error}") from None
        for network in self.apart:
            ipaddress.ip_network(network)
        for text in self.ceilings.values():
            try:
                is_some = parse_quantity(text) > 0
            except QuantityError as error:
                raise ValueError(str(error)) from None
            if not is_some:
                raise ValueError(f"{text!r} is not more than nothing")

    def cost_center_issues(self, text: str) -> list[FieldIssue]:
        """Check a cost centre; an empty one is none."""
        if len(text) > MAX_COST_CENTER:
            message = f"{len(text)} characters; {MAX_COST_CENTER} are allowed."
            return [FieldIssue("cost_center", message)]
        if not text or re.fullmatch(self.cost_center, text):
            return []
        message = "Use 1 to 50 letters, digits, dots, dashes, underscores; start with a letter."
        if self.cost_center != COST_CENTER:
            message = f"{text!r} does not match {self.cost_center}."
        return [FieldIssue("cost_center", message)]

    def egress_issues(self, cidrs: tuple[str, ...]) -> list[FieldIssue]:
        """Check that no network holds what is kept apart; what is no network is told elsewhere."""
        found = []
        for index, text in enumerate(cidrs):
            try:
                wanted = ipaddress.ip_network(text)
            except ValueError:
                continue
            for network in map(ipaddress.ip_network, self.apart):
                if wanted.version == network.version and wanted.overlaps(network):
                    message = f"{text} holds addresses of the API server ({network})."
                    found.append(FieldIssue(f"network.cidrs[{index}]", message))
        return found
