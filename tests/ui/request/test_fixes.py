"""What the card of a failed request offers, by code and by who reads it."""

from dataclasses import replace

import pytest

from nsaas_app.domain.requests import ProvisioningRequest, RequestFailure, RequestKind
from nsaas_app.ui.request.fixes import fix_actions
from tests.support.actors import actor
from tests.ui.examples import failed_request


def _offered(code: str, who: str, request: ProvisioningRequest) -> dict[str, str]:
    failure = RequestFailure(code, "It failed.")
    return {one.key: one.href for one in fix_actions(failure, request, actor(who))}


@pytest.mark.parametrize(
    ("code", "who", "offered"),
    [
        ("NS_EXISTS", "frontend-dev", {"edit": "/new?from=request:req-1"}),
        (
            "NS_EXISTS",
            "admin",
            {"edit": "/new?from=request:req-1", "adopt": "/new?from=adopt:frontend-shop-dev"},
        ),
        ("NS_EXISTS", "frontend-viewer", {}),
        ("TEAM_LIMIT", "frontend-viewer", {"budget": "/teams/frontend"}),
        ("K8S_FORBIDDEN", "frontend-dev", {}),
        ("K8S_FORBIDDEN", "admin", {"rights": "/settings?tab=preflight"}),
        ("WEBHOOK_DOWN", "frontend-dev", {"status": "/status"}),
    ],
)
def test_a_reader_is_offered_what_they_may_do(code: str, who: str, offered: dict[str, str]) -> None:
    assert _offered(code, who, failed_request()) == offered


def test_of_a_change_the_namespace_is_there_to_look_at() -> None:
    change = replace(failed_request(), kind=RequestKind.CHANGE)
    assert _offered("FIELD_CONFLICT", "frontend-dev", change) == {
        "namespace": "/namespaces/frontend-shop-dev"
    }
    assert _offered("QUOTA_EXCEEDED", "frontend-dev", change) == {
        "quota": "/namespaces/frontend-shop-dev?tab=quota"
    }
