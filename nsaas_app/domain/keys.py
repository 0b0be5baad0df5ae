"""Every string that lands on a cluster object. Keys are for ever: a renamed one orphans objects."""

from typing import Final

__all__ = [
    "ADOPT",
    "BEFORE_ADOPTION",
    "CONFIRM_DELETION",
    "COST_CENTER",
    "DESCRIPTION",
    "DISPLAY_NAME",
    "ENVIRONMENT",
    "EXPIRES_AT",
    "FIELD_MANAGER",
    "KEEP",
    "MANAGED",
    "MANAGED_SELECTOR",
    "MANAGED_VALUE",
    "NETWORK",
    "OWNER",
    "POD_SECURITY",
    "PROVISIONED_AT",
    "PROVISIONED_BY",
    "PROVISIONED_BY_VALUE",
    "REQUEST_ID",
    "SCRATCH_PREFIX",
    "SYSTEM",
    "TEAM",
    "TIER",
]

FIELD_MANAGER: Final = "nsaas-portal"
"""Server-side apply identity. Changing it orphans every field we own."""

MANAGED: Final = "platform.io/managed"
"""Label on every object the portal owns; admission policies hang on it."""
MANAGED_VALUE: Final = "true"
MANAGED_SELECTOR: Final = f"{MANAGED}={MANAGED_VALUE}"

TEAM: Final = "platform.io/team"
ENVIRONMENT: Final = "platform.io/environment"
TIER: Final = "platform.io/tier"
NETWORK: Final = "platform.io/network"
SYSTEM: Final = "platform.io/system"
"""Label the platform puts on its own namespaces: `ingress`, `monitoring`."""

PROVISIONED_BY: Final = "platform.io/provisioned-by"
PROVISIONED_BY_VALUE: Final = "namespace-as-a-service"
PROVISIONED_AT: Final = "platform.io/provisioned-at"
"""RFC 3339 in UTC; an annotation, because a label value allows no colon."""
REQUEST_ID: Final = "platform.io/request-id"
"""The request that created the namespace. Proof of ownership when a reply was lost."""
OWNER: Final = "platform.io/owner"
EXPIRES_AT: Final = "platform.io/expires-at"
COST_CENTER: Final = "platform.io/cost-center"
DISPLAY_NAME: Final = "platform.io/display-name"
DESCRIPTION: Final = "platform.io/description"
CONFIRM_DELETION: Final = "platform.io/confirm-deletion"
"""Must equal the name of the namespace before anybody, the portal included, may delete it."""
ADOPT: Final = "platform.io/adopt"
"""An administrator's consent: the id of the one request that may adopt the namespace."""
BEFORE_ADOPTION: Final = "platform.io/before-adoption"
"""While an adoption runs: the labels and annotations it overwrote, as JSON, for the way back."""

KEEP: Final = "platform.io/keep"
"""An administrator's reason why cleanup leaves the namespace alone, whatever speaks for it."""

POD_SECURITY: Final = "pod-security.kubernetes.io"

SCRATCH_PREFIX: Final = "nsaas-dryrun-"
"""Permanent namespaces in which previews are dry-run, one per environment."""
