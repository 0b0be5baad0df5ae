"""What the card of a failed request offers, by code and by who reads it."""

from dataclasses import replace

import pytest

from nsaas_app.domain.requests import ProvisioningRequest, RequestFailure, RequestKind
from nsaas_app.ui.request.fixes import HelpView, fix_actions, who_can_fix
from tests.support.actors import actor
from tests.ui.examples import NOW, failed_request, running_request


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


@pytest.mark.parametrize(
    ("code", "who", "may_ask"),
    [
        ("K8S_FORBIDDEN", "frontend-dev", True),
        ("K8S_FORBIDDEN", "frontend-lead", True),
        ("K8S_FORBIDDEN", "admin", False),
        ("K8S_FORBIDDEN", "frontend-viewer", False),
        ("TEAM_LIMIT", "frontend-lead", False),
        ("APPROVAL_REJECTED", "frontend-dev", False),
    ],
)
def test_who_cannot_mend_it_may_ask_those_who_can(code: str, who: str, *, may_ask: bool) -> None:
    failed = replace(failed_request(), failure=RequestFailure(code, "It failed."))
    assert HelpView.of(failed, actor(who), asked_at=None).may_ask is may_ask
    assert not HelpView.of(failed, actor(who), asked_at=NOW).may_ask


def test_without_a_failure_there_is_nothing_to_ask_about() -> None:
    assert HelpView.of(running_request(), actor("frontend-dev"), asked_at=None) == HelpView()


def test_you_is_whoever_asked_for_it() -> None:
    failure = RequestFailure("NS_EXISTS", "It exists.")
    told = {
        who: who_can_fix(failure, failed_request(), actor(who)) for who in ("frontend-dev", "admin")
    }
    assert told["frontend-dev"].startswith("you (other name)")
    assert told["admin"].startswith("frontend-dev (other name)")
    odd = replace(failed_request(), requested_by="oidc:CORP\\user")
    assert who_can_fix(failure, odd, actor("admin")).startswith("oidc:CORP\\user (other name)")
