"""The portal's own access: a short-lived ServiceAccount token in a file, renewed at half life."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from .certificates import AUTHORITY, Pair
from .components import Start
from .errors import LocalClusterError
from .installation import PORTAL_ACCOUNT, PORTAL_NAMESPACE
from .kubeconfig import token_kubeconfig, write_private

__all__ = ["PortalCredentials"]

_ANSWER_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 1.0
"""How often the wall clock is read: a sleep of half an hour would not notice a suspended laptop."""


class PortalCredentials:
    """Writes the token and its kubeconfig, and keeps the token fresh while the cluster runs."""

    def __init__(
        self,
        start: Start,
        *,
        kubectl: Callable[..., Awaitable[str]],
        lifetime: timedelta,
        renew_after: timedelta | None = None,
    ) -> None:
        self._start = start
        self._kubectl = kubectl
        self._lifetime = lifetime
        self._renew_after = renew_after or lifetime / 2
        self._renewer: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Request the first token and write both files.

        Raises:
            LocalClusterError: The API server gives no token; mostly the manifests are missing.
        """
        await self._renew()
        layout = self._start.layout
        authority = Pair.of(layout.pki, AUTHORITY).certificate
        config = token_kubeconfig(self._start.server, authority, layout.portal_token)
        await asyncio.to_thread(write_private, layout.portal_kubeconfig, config)
        self._renewer = asyncio.create_task(self._keep_fresh())

    async def close(self) -> None:
        """Stop renewing; the last token stays valid until it expires."""
        if self._renewer is not None:
            self._renewer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewer

    async def _renew(self) -> None:
        token = await self._kubectl(
            "create",
            "token",
            PORTAL_ACCOUNT,
            f"--namespace={PORTAL_NAMESPACE}",
            f"--duration={self._lifetime.total_seconds():.0f}s",
            f"--request-timeout={_ANSWER_SECONDS:.0f}s",
        )
        await asyncio.to_thread(write_private, self._start.layout.portal_token, token.strip())

    async def _keep_fresh(self) -> None:
        renewed = time.time()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if time.time() - renewed < self._renew_after.total_seconds():
                continue
            # An API server that is down for a while costs nothing: half the life is left.
            with contextlib.suppress(LocalClusterError):
                await self._renew()
                renewed = time.time()
