"""Handing in requests the way an edge does, and waiting for how they end."""

import secrets
from typing import Any

from nsaas_app.domain.actors import Actor
from nsaas_app.domain.requests import ProvisioningRequest
from nsaas_app.domain.spec import SpecDraft
from nsaas_app.provisioning.provisioner import Submission
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.waiting import eventually

__all__ = ["REASON", "draft", "ended", "submission", "submit"]


def draft(name: str, **fields: Any) -> SpecDraft:
    """A development namespace of team frontend, unless told otherwise."""
    return SpecDraft(**{"name": name, "team": "frontend", "environment": "development"} | fields)


REASON = "A test asks for it, and says so."
"""What an approver reads."""


def submission(
    who: str | Actor = "frontend-dev", *, key: str = "", justification: str = REASON
) -> Submission:
    return Submission(
        actor=actor(who) if isinstance(who, str) else who,
        idempotency_key=key or secrets.token_hex(8),
        correlation_id=f"test-{secrets.token_hex(6)}",
        source="test",
        justification=justification,
    )


async def submit(
    portal: Runtime, name: str, *, who: str = "frontend-dev", key: str = "", **fields: Any
) -> ProvisioningRequest:
    return await portal.provisioner.submit(draft(name, **fields), submission(who, key=key))


async def ended(
    portal: Runtime, request: ProvisioningRequest, *, within_s: float = 60.0
) -> ProvisioningRequest:
    """Wait until the request is terminal and give it as it is then."""
    admin = actor("admin")

    def now() -> ProvisioningRequest:
        return portal.requests.get(request.request_id, actor=admin)

    await eventually(lambda: now().is_terminal, within_s=within_s, what=f"{now()} ends")
    return now()
