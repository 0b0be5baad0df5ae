"""Notices by webhook: JSON over HTTP, signed so that the receiver knows who wrote it.

`X-Nsaas-Signature: t=<unix seconds>,v1=<hex>` is the HMAC-SHA256 of `<seconds>.<body>`. A receiver
that has seen the `X-Nsaas-Delivery` before may drop it: what got lost on the way back comes again.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Final

import httpx

from ..domain.notices import Delivery
from .sending import UndeliveredError

__all__ = ["Webhook", "signature"]

TIMEOUT_S: Final = 10.0


def signature(secret: str, body: bytes, *, at: int) -> str:
    """The header's value for a body at a Unix time in seconds."""
    signed = f"{at}.".encode() + body
    return f"t={at},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


class Webhook:
    """Posts notices to one address."""

    def __init__(
        self, *, url: str, secret: str, portal_url: str, clock: Callable[[], datetime]
    ) -> None:
        self._url = url
        self._secret = secret
        self._portal_url = portal_url
        self._clock = clock

    async def send(self, delivery: Delivery) -> None:
        """Post one.

        Raises:
            UndeliveredError: nobody answered, or the answer was not of success.
        """
        notice = delivery.notice
        document = {
            "delivery": delivery.delivery_id,
            "event": f"namespace.{notice.kind.value}",
            "namespace": notice.namespace,
            "cluster": notice.cluster,
            "team": str(notice.team),
            "owner": notice.owner,
            "title": notice.title,
            "text": notice.text,
            "created_at": notice.created_at.isoformat(),
            "url": f"{self._portal_url}/namespaces/{notice.namespace}",
        }
        body = json.dumps(document).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Nsaas-Event": document["event"],
            "X-Nsaas-Delivery": delivery.delivery_id,
            "X-Nsaas-Signature": signature(self._secret, body, at=int(self._clock().timestamp())),
        }
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
                reply = await client.post(self._url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UndeliveredError(f"{type(error).__name__}: {error}") from error
        if not reply.is_success:
            raise UndeliveredError(f"The receiver answered {reply.status_code}.")
