"""Values that tests of the pages share."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from nsaas_app.directory.rows import Health, HealthReason, NamespaceRow, QuotaUse
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import NamespaceName, TeamName
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.requests import STEPS as DOMAIN_STEPS
from nsaas_app.domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestFailure,
    RequestKind,
    Step,
    StepName,
    StepStatus,
)
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.tiers import Tier

STEPS = DOMAIN_STEPS[RequestKind.PROVISION]

__all__ = ["NOW", "failed_request", "finished_request", "row", "running_request", "spec"]

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def spec(**changes: Any) -> NamespaceSpec:
    """A spec of team frontend."""
    plain = NamespaceSpec(
        name=NamespaceName("frontend-shop-dev"),
        team=TeamName("frontend"),
        environment=Environment.DEVELOPMENT,
        tier=Tier.SMALL,
        network=NetworkSpec(NetworkPreset.TEAM_SHARED, Egress.INTERNET_HTTPS),
        owner="frontend-dev",
        cluster="local",
        access=(),
        expires_at=NOW + timedelta(days=30),
        cost_center="frontend",
    )
    return replace(plain, **changes)


def row(
    name: str = "frontend-shop-dev",
    *,
    quota: Mapping[str, QuotaUse] | None = None,
    reasons: tuple[HealthReason, ...] = (),
    state: NamespaceState = NamespaceState.ACTIVE,
) -> NamespaceRow:
    """A row of the directory."""
    asked = spec()
    return NamespaceRow(
        name=name,
        cluster="local",
        team=asked.team,
        environment=asked.environment,
        tier=asked.tier,
        network=asked.network.preset,
        state=state,
        owner=asked.owner,
        request_id="req-1",
        created_at=NOW - timedelta(days=10),
        expires_at=NOW + timedelta(days=20),
        uid=f"uid-{name}",
        quota=quota or {},
        health=Health(100 - sum(reason.points for reason in reasons), reasons),
    )


def _step(name: StepName, status: StepStatus, *, error: RequestFailure | None = None) -> Step:
    started = None if status is StepStatus.PENDING else NOW
    ended = status in (StepStatus.DONE, StepStatus.FAILED, StepStatus.SKIPPED)
    finished = NOW + timedelta(milliseconds=250) if ended else None
    return Step(name, status, 1, started, finished, (), error)


def _request(phase: Phase, steps: tuple[Step, ...], **changes: Any) -> ProvisioningRequest:
    asked = spec()
    plain = ProvisioningRequest(
        request_id="req-1",
        kind=RequestKind.PROVISION,
        namespace=asked.name,
        team=asked.team,
        phase=phase,
        spec=asked,
        requested_by="frontend-dev",
        correlation_id="0123456789abcdef",
        created_at=NOW,
        steps=steps,
    )
    return replace(plain, **changes)


def running_request(at: StepName = StepName.QUOTA) -> ProvisioningRequest:
    """A request whose step `at` runs."""
    here = STEPS.index(at)
    states = [
        StepStatus.DONE if index < here else StepStatus.PENDING for index in range(len(STEPS))
    ]
    states[here] = StepStatus.RUNNING
    steps = tuple(_step(name, status) for name, status in zip(STEPS, states, strict=True))
    return _request(Phase.RUNNING, steps)


def finished_request() -> ProvisioningRequest:
    """A request that completed in 2.1 s."""
    steps = tuple(_step(name, StepStatus.DONE) for name in STEPS)
    return _request(Phase.DONE, steps, finished_at=NOW + timedelta(milliseconds=2100))


def failed_request() -> ProvisioningRequest:
    """A request that a policy refused at its network policies."""
    failure = RequestFailure("WEBHOOK_DENIED", "Policy x refused it.", raw="denied the request")
    here = STEPS.index(StepName.NETWORK)
    steps = tuple(
        _step(name, StepStatus.DONE)
        if index < here
        else _step(name, StepStatus.FAILED, error=failure)
        if index == here
        else _step(name, StepStatus.PENDING)
        for index, name in enumerate(STEPS)
    )
    ended = NOW + timedelta(seconds=1)
    return _request(Phase.ROLLED_BACK, steps, finished_at=ended, failure=failure)
