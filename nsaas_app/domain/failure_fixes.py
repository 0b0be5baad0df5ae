"""The fix of one failure, where the cluster's own words say more than the catalogue. Pure."""

import re
from typing import Final

from .failures import FAILURES

__all__ = ["fix_of"]

_FORBIDDEN: Final = re.compile(
    r'cannot (?P<verb>\w+) resource "(?P<resource>[^"]+)" in API group "(?P<group>[^"]*)"'
)
_ROLES: Final = "nsaas-viewer, nsaas-developer, nsaas-lead"


def fix_of(code: str, raw: str) -> str:
    """Say what to do about a failure of this code.

    Args:
        code: a code of the catalogue.
        raw: what the cluster said; the exact rule that is missing is read from it.
    """
    usual = FAILURES.get(code, FAILURES["INTERNAL"]).fix
    if code == "K8S_FORBIDDEN" and (found := _FORBIDDEN.search(raw)):
        rule = 'apiGroups: ["{group}"], resources: ["{resource}"], verbs: ["{verb}"]'
        return f"Add to ClusterRole nsaas-portal: {rule.format(**found.groupdict())}."
    if code == "RBAC_ESCALATION":
        rule = f"verb bind on clusterroles, resourceNames {_ROLES}"
        return f"Add to ClusterRole nsaas-portal: {rule}. Never escalate."
    return usual
