"""How a request failed or why it waits, with everything the catalogue promises about it."""

from nsaas_app.domain.failures import FAILURES
from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.requests import ended
from tests.support.waiting import eventually

__all__ = ["failed_with", "now", "waiting_with"]


def now(portal: Runtime, request: ProvisioningRequest) -> ProvisioningRequest:
    """The request as it stands now."""
    return portal.requests.get(request.request_id, actor=actor("admin"))


def _ensure_told(request: ProvisioningRequest, code: str, raw: str) -> None:
    failure = request.failure
    assert failure is not None
    assert failure.code == code, failure
    assert raw in failure.raw, failure.raw
    assert failure.message
    assert failure.catalogued is FAILURES[code]
    assert failure.catalogued.fix
    assert failure.catalogued.who_can_fix


async def failed_with(
    portal: Runtime,
    request: ProvisioningRequest | None,
    code: str,
    *,
    raw: str,
    within_s: float = 30,
) -> ProvisioningRequest:
    """Wait until the request has failed and was taken back, with this code and these words."""
    assert request is not None
    failed = await ended(portal, request, within_s=within_s)
    assert failed.phase is Phase.ROLLED_BACK, failed
    _ensure_told(failed, code, raw)
    return failed


async def waiting_with(
    portal: Runtime,
    request: ProvisioningRequest | None,
    code: str,
    *,
    raw: str,
    within_s: float = 30,
) -> ProvisioningRequest:
    """Wait until the request pauses, with this code and these words; the portal goes on itself."""
    assert request is not None

    def pauses() -> bool:
        seen = now(portal, request)
        assert not seen.is_terminal, seen
        return seen.phase is Phase.RETRYING

    await eventually(pauses, within_s=within_s, what=f"it pauses: {now(portal, request)}")
    seen = now(portal, request)
    _ensure_told(seen, code, raw)
    assert seen.failure is not None
    assert seen.failure.catalogued.retryable
    return seen
