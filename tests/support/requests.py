"""Handing in requests the way an edge does, and waiting for how they end."""

import secrets
from typing import Any

import httpx

from nsaas_app.domain.actors import Actor
from nsaas_app.domain.requests import ProvisioningRequest
from nsaas_app.domain.spec import SpecDraft
from nsaas_app.provisioning.provisioner import Submission
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.waiting import eventually, eventually_sync

__all__ = ["REASON", "draft", "ended", "submission", "submit", "wait_completed"]


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


def wait_completed(client: httpx.Client, path: str, *, within_s: float = 60.0) -> None:
    """Wait until the request at this path of the API is completed; say how it stood if it never is.

    Args:
        client: of somebody who may see the request.
        path: of the request, below the root of the API.
        within_s: how long to wait.
    """
    last: list[str] = []

    def is_completed() -> bool:
        answer = client.get(path)
        last[:] = [answer.text]
        return bool(answer.json()["status"] == "completed")

    try:
        eventually_sync(is_completed, within_s=within_s, what=f"{path} is completed")
    except AssertionError as error:
        raise AssertionError(f"{error}; it is {last[0]}") from error
