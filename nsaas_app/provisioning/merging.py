"""A change of a stored spec: the patch merged into it, and what the patch leaves alone. Pure.

What nobody asks to change was agreed to once. Rules that became stricter since then do not stand
in the way of a change of something else, and neither does access that has ended.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from ..directory.rows import QuotaUse
from ..domain.access import AccessGrant
from ..domain.errors import FieldIssue, InvalidFieldsError
from ..domain.merge_patch import merge_patch
from ..domain.quantities import parse_quantity
from ..domain.spec import NamespaceSpec, SpecDraft
from ..domain.spec_draft import draft_from_document

__all__ = ["Merged", "ensure_use_fits"]

_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "tier": ("tier",),
    # What a number may be depends on the tier.
    "overrides": ("tier", "overrides"),
    "network": ("preset", "egress", "accept_from_gateway", "cidrs"),
    "cost_center": ("cost_center",),
    "display_name": ("display_name",),
    "description": ("description",),
    "owner": ("owner",),
    "labels": ("labels",),
    "annotations": ("annotations",),
    "sleep": ("sleep_timezone", "sleep_windows"),
}
"""By field of the spec: the parts of a draft that say it. Access is compared by its grants."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A patch merged into the spec of a namespace."""

    draft: SpecDraft
    settled: frozenset[str]
    """Fields that stay what they were."""
    before: NamespaceSpec
    keeps_lifetime: bool

    @classmethod
    def of(
        cls,
        before: NamespaceSpec,
        document: Mapping[str, Any],
        patch: Mapping[str, Any],
        *,
        now: datetime,
    ) -> "Merged":
        """Merge.

        Args:
            before: the spec as it is.
            document: the same as a document.
            patch: a JSON merge patch of it.
            now: access of before that ended until then is left out of the draft.

        Raises:
            InvalidFieldsError: a field is unknown or of the wrong type.
        """
        target = dict(document)
        target.pop("expires_at")
        network = patch.get("network")
        if isinstance(network, Mapping) and "preset" in network:
            # Another preset brings its own default egress unless one is named.
            target["network"] = {}
        # A schedule that was taken out is gone: the environment's does not come in its place.
        draft = draft_from_document({"sleep": None, **merge_patch(target, patch)})
        is_same_end = draft.expires_at == before.expires_at and draft.expires_in_days is None
        keeps_lifetime = is_same_end or not {"expires_at", "expires_in_days"} & set(patch)
        if keeps_lifetime:
            draft = replace(draft, expires_at=None)
        stored = draft_from_document(document)
        settled = {
            field
            for field, parts in _PARTS.items()
            if all(getattr(draft, part) == getattr(stored, part) for part in parts)
        }
        if draft.access is not None:
            if [_key(one) for one in draft.access] == [_key(one) for one in stored.access or ()]:
                settled.add("access")
            ended = {_key_of(grant) for grant in before.access if grant.has_ended(now)}
            access = tuple(one for one in draft.access if _key(one) not in ended)
            draft = replace(draft, access=access)
        return cls(draft, frozenset(settled), before, keeps_lifetime)

    def completed(self, spec: NamespaceSpec) -> NamespaceSpec:
        """Put back what a draft does not say, into the spec it became."""
        before = self.before
        return replace(
            spec,
            certified_at=before.certified_at,
            expires_at=before.expires_at if self.keeps_lifetime else spec.expires_at,
            access=before.access if "access" in self.settled else spec.access,
        )


_Key = tuple[str, str, str, datetime | str | None]


def _key(entry: Mapping[str, str]) -> _Key:
    """Name a grant of a draft by what it says, however the time is written."""
    until: datetime | str | None = entry.get("expires_at")
    # What is no time stays a text: the rules refuse it, and no grant that is known has it.
    with suppress(ValueError):
        until = datetime.fromisoformat(until) if isinstance(until, str) else None
    return entry.get("kind", ""), entry.get("name", ""), entry.get("role", ""), until


def _key_of(grant: AccessGrant) -> _Key:
    return grant.kind.value, grant.name, grant.role.value, grant.expires_at


def ensure_use_fits(spec: NamespaceSpec, use: Mapping[str, QuotaUse]) -> None:
    """Refuse numbers that what runs now does not fit into, saying both.

    Raises:
        InvalidFieldsError: `QUOTA_EXCEEDED`, at each number that is overridden, else at the tier.
    """
    short = [
        (resource, f"{use[resource].used} used, {hard} allowed")
        for resource, hard in spec.size.quota.items()
        if resource in use and parse_quantity(use[resource].used) > parse_quantity(hard)
    ]
    issues = [
        FieldIssue(f"overrides.{resource}", f"What runs now needs more: {said}.", "QUOTA_EXCEEDED")
        for resource, said in short
        if resource in spec.overrides
    ]
    tiers = [f"{resource}: {said}" for resource, said in short if resource not in spec.overrides]
    if tiers:
        message = f"What runs now does not fit tier {spec.tier}: {'; '.join(tiers)}."
        issues.insert(0, FieldIssue("tier", message, "QUOTA_EXCEEDED"))
    if issues:
        raise InvalidFieldsError(issues)
