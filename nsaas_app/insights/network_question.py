"""A question about the network as people ask it: from, to, port."""

from dataclasses import dataclass
from typing import Final

from ..domain.errors import FieldIssue, InvalidFieldsError
from ..manifests.connectivity import HERE
from ..manifests.peers import Port

__all__ = ["HERE", "PROTOCOLS", "Question"]

PROTOCOLS: Final = ("TCP", "UDP", "SCTP")
_MOST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Question:
    """One connection that somebody asks about; one end is the namespace itself."""

    source: str
    target: str
    protocol: str = "TCP"
    port: str = "443"

    def parsed(self) -> tuple[str, bool, Port]:
        """Read the other end, whether it comes in, and the port.

        Raises:
            InvalidFieldsError: an end is missing, or the port is none.
        """
        issues: list[FieldIssue] = []
        if (self.source == HERE) is (self.target == HERE):
            message = f"One end is {HERE}, the other one is not."
            # Inside the namespace both ends are here: that is a question as well.
            issues += [] if self.source == HERE else [FieldIssue("to", message)]
        is_number = self.port.isascii() and self.port.isdigit() and len(self.port) <= len("65535")
        if not (is_number and 0 < int(self.port) <= _MOST_PORT):
            issues.append(FieldIssue("port", f"A port is a number from 1 to {_MOST_PORT}."))
        if self.protocol not in PROTOCOLS:
            issues.append(FieldIssue("protocol", "TCP, UDP or SCTP."))
        if issues:
            raise InvalidFieldsError(issues)
        is_inward = self.target == HERE
        return (
            (self.source if is_inward else self.target),
            is_inward,
            (self.protocol, int(self.port)),
        )
