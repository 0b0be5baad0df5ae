"""What reading a draft brings to light: broken rules and warnings, each at its field."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from ..domain.errors import FieldIssue, InvalidFieldsError
from ..domain.house_rules import HouseRules

__all__ = ["Findings"]

Choice = TypeVar("Choice", bound=StrEnum)
Parsed = TypeVar("Parsed")


@dataclass(slots=True)
class Findings:
    """Collects broken rules while the draft is read."""

    house: HouseRules
    settled: frozenset[str] = frozenset()
    """Fields that stand as they were agreed to: what breaks a rule there is a warning."""
    issues: list[FieldIssue] = field(default_factory=list)
    warnings: list[FieldIssue] = field(default_factory=list)

    def add(self, path: str, message: str, code: str = "INVALID_FIELD") -> None:
        """Take down a broken rule."""
        self.issues.append(FieldIssue(path, message, code))

    def parse(self, read: Callable[[str], Parsed], text: str) -> Parsed | None:
        """Read a text; None when it breaks rules, which are taken down."""
        try:
            return read(text)
        except InvalidFieldsError as error:
            self.issues.extend(error.issues)
            return None

    def choose(self, path: str, text: str, choices: type[Choice]) -> Choice | None:
        """Read one of a few words; None when it is none, which is taken down."""
        if text in set(choices):
            return choices(text)
        allowed = ", ".join(choices)
        self.add(path, f"{text!r} is none of {allowed}." if text else f"Choose one of {allowed}.")
        return None

    def pass_what_is_settled(self) -> None:
        """Make warnings of the broken rules at settled fields."""
        passed = [one for one in self.issues if _field(one.field) in self.settled]
        self.issues = [one for one in self.issues if _field(one.field) not in self.settled]
        self.warnings.extend(passed)


def _field(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
