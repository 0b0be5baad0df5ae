"""Names of namespaces and teams: their grammar and which the platform keeps for itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final, Self

from .errors import FieldIssue, InvalidFieldsError

__all__ = [
    "MAX_APP",
    "MAX_NAME",
    "MAX_TEAM",
    "NamespaceName",
    "TeamName",
    "app_issues",
    "is_reserved",
    "is_subdomain",
    "suggestions_for",
]

MAX_NAME: Final = 63
MAX_APP: Final = 30
MIN_TEAM: Final = 2
MAX_TEAM: Final = 32
MAX_SUBDOMAIN: Final = 253
_PART: Final = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_LABEL: Final = re.compile(_PART)
_SUBDOMAIN: Final = re.compile(rf"{_PART}(\.{_PART})*")

_RESERVED: Final = re.compile(
    r"default|kube-.*|openshift-.*|istio-.*|aks-.*|platform-.*|nsaas-.*|external-.*|argo.*"
    r"|gatekeeper.*|kyverno.*|calico.*|tigera.*|gmp.*|cert-manager|flux-system|monitoring|velero"
    r"|.*-system"
)
"""Union of the names platforms and their add-ons use; the admission policy holds a subset."""


def is_reserved(text: str) -> bool:
    """Tell whether a name belongs to the platform."""
    return _RESERVED.fullmatch(text) is not None


def is_subdomain(text: str) -> bool:
    """Tell whether Kubernetes takes it where it wants a DNS subdomain (RFC 1123)."""
    return len(text) <= MAX_SUBDOMAIN and _SUBDOMAIN.fullmatch(text) is not None


def _why_not_a_label(text: str) -> str:
    if not text:
        return "is required"
    for position, character in enumerate(text, start=1):
        if not re.fullmatch(r"[a-z0-9-]", character):
            return f"has {character!r} at position {position}: use a-z, 0-9 and dashes"
    return "must start and end with a letter or digit"


@dataclass(frozen=True, slots=True, order=True)
class NamespaceName:
    """A valid, unreserved name of a namespace (RFC 1123 label, 1-63 characters)."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check the grammar and the reserved list.

        Raises:
            InvalidFieldsError: `NS_NAME_INVALID` or `NS_RESERVED` on field `name`.
        """
        if len(text) > MAX_NAME:
            message = f"Name has {len(text)} characters; {MAX_NAME} are allowed."
            raise InvalidFieldsError([FieldIssue("name", message, "NS_NAME_INVALID")])
        if not _LABEL.fullmatch(text):
            message = f"Name {_why_not_a_label(text)}."
            raise InvalidFieldsError([FieldIssue("name", message, "NS_NAME_INVALID")])
        if is_reserved(text):
            message = f"{text} is reserved for the platform."
            raise InvalidFieldsError([FieldIssue("name", message, "NS_RESERVED")])
        return cls(text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, order=True)
class TeamName:
    """A valid team name (label-safe, 2-32 characters)."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check the grammar.

        Raises:
            InvalidFieldsError: on field `team`.
        """
        if not MIN_TEAM <= len(text) <= MAX_TEAM:
            message = f"Team needs {MIN_TEAM} to {MAX_TEAM} characters."
            raise InvalidFieldsError([FieldIssue("team", message)])
        if not _LABEL.fullmatch(text):
            raise InvalidFieldsError([FieldIssue("team", f"Team {_why_not_a_label(text)}.")])
        return cls(text)

    def __str__(self) -> str:
        return self.text


def app_issues(text: str) -> list[FieldIssue]:
    """Check the word for an application that a suggested name is built from; it may be empty."""
    if len(text) > MAX_APP:
        message = f"Application has {len(text)} characters; {MAX_APP} are allowed."
        return [FieldIssue("app", message)]
    if text and not _LABEL.fullmatch(text):
        return [FieldIssue("app", f"Application {_why_not_a_label(text)}.")]
    return []


def suggestions_for(name: str, *, is_taken: Callable[[str], bool]) -> tuple[str, ...]:
    """Offer up to three free names close to a taken one."""
    stem = name[: MAX_NAME - 3].rstrip("-")
    offers = (f"{stem}-{n}" for n in range(2, 50))
    free = (offer for offer in offers if not is_reserved(offer) and not is_taken(offer))
    return tuple(islice(free, 3))
