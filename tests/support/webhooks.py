"""A real admission webhook: an HTTPS server of this process that the API server asks."""

import asyncio
import base64
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import yaml

from tests.support.controlplane import ControlPlane

__all__ = ["WEBHOOK", "Webhook", "asking_webhook"]

WEBHOOK = "quotas.example.com"


@dataclass
class Webhook:
    """What it answers and how often it was asked."""

    message: str
    code: int
    asked: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say no to one review."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        assert length
        review = json.loads(await reader.readexactly(int(length[1])))
        self.asked += 1
        verdict: dict[str, Any] = {
            "uid": review["request"]["uid"],
            "allowed": False,
            "status": {"message": self.message, "code": self.code},
        }
        body = json.dumps(
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": verdict}
        ).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def asking_webhook(
    controlplane: ControlPlane,
    namespace: str,
    *,
    message: str = "not today",
    code: int = 403,
    answers: bool = True,
) -> AsyncIterator[Webhook]:
    """Let the API server ask about every new quota of one namespace, for a block.

    With `answers=False` nobody listens where it asks.
    """
    pki = controlplane.cluster.layout.pki
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(pki / "kube-apiserver.crt", pki / "kube-apiserver.key")
    webhook = Webhook(message, code)
    server = await asyncio.start_server(webhook.answer, "127.0.0.1", 0, ssl=tls)
    document = _configuration(
        namespace, server.sockets[0].getsockname()[1], (pki / "ca.crt").read_bytes()
    )
    if not answers:
        server.close()
    await asyncio.to_thread(controlplane.kubectl, "apply", "-f", "-", stdin=document)
    try:
        yield webhook
    finally:
        await asyncio.to_thread(controlplane.kubectl, "delete", "-f", "-", stdin=document)
        server.close()


def _configuration(namespace: str, port: int, authority: bytes) -> str:
    rule = {
        "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
        "resources": ["resourcequotas"],
    }  # fmt: skip
    hook = {
        "name": WEBHOOK,
        "clientConfig": {
            "url": f"https://127.0.0.1:{port}/ask",
            "caBundle": base64.b64encode(authority).decode(),
        },
        "rules": [rule],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": 2,
    }
    return yaml.safe_dump(
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": f"ask-{namespace}"},
            "webhooks": [hook],
        }
    )
