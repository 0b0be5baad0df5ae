"""Requests that tests of the pages begin with: handed in as the wizard does it."""

import secrets

from nsaas_app import runtime
from nsaas_app.domain.requests import ProvisioningRequest
from nsaas_app.domain.spec import SpecDraft
from nsaas_app.provisioning.intake import Submission
from tests.support.actors import actor
from tests.ui.tabs import Pages

__all__ = ["submitted"]


def submitted(
    pages: Pages,
    identity: str,
    name: str,
    *,
    environment: str = "production",
    team: str = "frontend",
) -> ProvisioningRequest:
    """A request, of team frontend unless told otherwise; in production it waits for approval."""
    draft = SpecDraft(name=name, team=team, environment=environment, cost_center=team)
    submission = Submission(
        actor=actor(identity),
        idempotency_key=secrets.token_hex(8),
        correlation_id=secrets.token_hex(8),
        source="ui",
        justification="Go-live on the first of December",
    )
    return pages.run(runtime.current().provisioner.submit(draft, submission))
