"""The few calls to the API server that a start needs itself, as cluster administrator."""

import ssl
from collections.abc import Iterable
from typing import Any, Final, Self

import httpx

from .certificates import ADMIN, AUTHORITY, Pair
from .components import Start

__all__ = ["AdminApi"]

_TIMEOUT_SECONDS: Final = 5.0


class AdminApi:
    """A connection that lives as long as the control plane does."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @classmethod
    def connect(cls, start: Start) -> Self:
        """Prepare the connection; nothing is sent yet."""
        pki = start.layout.pki
        trust = ssl.create_default_context(cafile=str(Pair.of(pki, AUTHORITY).certificate))
        admin = Pair.of(pki, ADMIN)
        trust.load_cert_chain(admin.certificate, admin.key)
        return cls(
            httpx.AsyncClient(
                base_url=start.server,
                verify=trust,
                timeout=_TIMEOUT_SECONDS,
                # A proxy of the environment has no way to this machine's loopback.
                trust_env=False,
            )
        )

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()

    async def is_ready(self) -> bool:
        """Tell whether the API server says that it is ready."""
        return await self.exists("/readyz")

    async def has_ready_nodes(self, names: Iterable[str]) -> bool:
        """Tell whether all these nodes exist and are Ready."""
        for name in names:
            try:
                answer = await self._client.get(f"/api/v1/nodes/{name}")
            except httpx.TransportError:
                return False
            if not answer.is_success:
                return False
            conditions = answer.json()["status"].get("conditions", [])
            if not any(c["type"] == "Ready" and c["status"] == "True" for c in conditions):
                return False
        return True

    async def exists(self, path: str) -> bool:
        """Tell whether a path answers 200; an unreachable server answers nothing."""
        try:
            answer = await self._client.get(path)
        except httpx.TransportError:
            return False
        return answer.is_success

    async def refusal(self, method: str, path: str, body: object, *, user: str) -> str | None:
        """Try a call as another user, as a dry run; return why it is refused.

        `None` means that it was allowed, or that nobody answered.
        """
        try:
            answer = await self._client.request(
                method,
                path,
                params={"dryRun": "All"},
                json=body,
                headers={"Impersonate-User": user},
            )
        except httpx.TransportError:
            return None
        if answer.status_code != httpx.codes.FORBIDDEN:
            return None
        status: dict[str, Any] = answer.json()
        return str(status.get("message", ""))
