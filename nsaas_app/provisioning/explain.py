"""A cluster's no in people's words: the failure that a request or step ends with."""

import re

from ..cluster.faults import ClusterError
from ..domain.failures import FAILURES
from ..domain.requests import RequestFailure

__all__ = ["explain"]

_MESSAGES = {
    "K8S_FORBIDDEN": (
        r'User "(?P<user>[^"]+)" cannot (?P<verb>\w+) resource "(?P<resource>[^"]+)"',
        "The platform's own account lacks {verb} on {resource}.",
    ),
    "WEBHOOK_DENIED": (
        r"(?P<who>\w+ \w* ?['\"][^'\"]+['\"])[^:]*denied (?:the )?request: (?P<words>.*)",
        "{who} refused: {words}",
    ),
    "FIELD_CONFLICT": (
        r'conflict with "(?P<manager>[^"]+)".*?: (?P<field>\S+)$',
        "{manager} also manages {field}.",
    ),
    "NS_TERMINATING": (
        r'namespaces? "?(?P<name>[a-z0-9-]+)"?',
        "An older {name} is still being deleted.",
    ),
    "NS_EXISTS": (
        r'"(?P<name>[^"]+)" already exists(?P<since> since .+)?',
        "{name} already exists{since}; this request did not create it.",
    ),
    "WEBHOOK_DOWN": (
        r'failed calling webhook "(?P<who>[^"]+)"',
        "Policy service {who} is not answering.",
    ),
    "RBAC_ESCALATION": (
        r'"(?P<binding>[^"]+)" is forbidden',
        "The platform may not hand out the role behind {binding}.",
    ),
}


_NO_ANSWER = frozenset({"API_UNREACHABLE", "OUTCOME_UNKNOWN"})
"""Without a status these are a connection's words; without one all others are the portal's own."""


def explain(error: ClusterError) -> RequestFailure:
    """Turn a cluster error into a failure with facts; the raw words stay beside it."""
    pattern, template = _MESSAGES.get(error.code, ("", ""))
    match = re.search(pattern, error.message, re.DOTALL) if template else None
    if match is not None:
        message = template.format(**match.groupdict(default=""))
    elif not error.status and error.code not in _NO_ANSWER:
        message = error.message
    else:
        message = FAILURES.get(error.code, FAILURES["INTERNAL"]).cause
    return RequestFailure(error.code, message, raw=error.message)
