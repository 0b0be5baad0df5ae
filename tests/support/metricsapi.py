"""A metrics API behind the real API server, which proxies to it by an APIService."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.support.controlplane import ControlPlane

__all__ = ["measured", "metrics_api"]

API = "/apis/metrics.k8s.io/v1beta1"
SERVICE = "v1beta1.metrics.k8s.io"


def measured(namespace: str, pod: str, cpu: str) -> dict[str, Any]:
    """What metrics-server says of a pod."""
    return {
        "metadata": {"name": pod, "namespace": namespace},
        "timestamp": "2026-11-28T12:00:00Z",
        "window": "15s",
        "containers": [{"name": "c", "usage": {"cpu": cpu, "memory": "1Mi"}}],
    }


@asynccontextmanager
async def metrics_api(
    controlplane: ControlPlane, items: list[dict[str, Any]]
) -> AsyncIterator[None]:
    """An extension API server behind the real one: registered as an APIService, called by proxy."""

    async def answer(request: web.Request) -> web.Response:
        if request.path.rstrip("/") == API:
            resource = {"name": "pods", "singularName": "", "namespaced": True,
                        "kind": "PodMetrics", "verbs": ["get", "list"]}  # fmt: skip
            return web.json_response({
                "kind": "APIResourceList", "apiVersion": "v1",
                "groupVersion": "metrics.k8s.io/v1beta1", "resources": [resource],
            })  # fmt: skip
        if request.path == f"{API}/pods":
            return web.json_response({
                "kind": "PodMetricsList", "apiVersion": "metrics.k8s.io/v1beta1",
                "metadata": {}, "items": items,
            })  # fmt: skip
        return web.json_response({"kind": "Status", "code": 404}, status=404)

    pki = controlplane.cluster.layout.pki
    certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.load_cert_chain(pki / "kube-apiserver.crt", pki / "kube-apiserver.key")
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", answer)
    # The API server keeps its connections open: nobody needs to wait for it to close them.
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificate)
    await site.start()
    port = runner.addresses[0][1]
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "metrics", "namespace": "default"},
        "spec": {"type": "ExternalName", "externalName": "localhost"},
    }
    registration = {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": SERVICE},
        "spec": {
            "group": "metrics.k8s.io",
            "version": "v1beta1",
            "service": {"name": "metrics", "namespace": "default", "port": port},
            "insecureSkipTLSVerify": True,
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
        },
    }
    try:
        for each in (service, registration):
            await asyncio.to_thread(
                controlplane.kubectl, "apply", "-f", "-", stdin=json.dumps(each)
            )
        yield
    finally:
        # First the registration: a broken one would hold up every deletion of a namespace.
        for what in (f"apiservice/{SERVICE}", "service/metrics"):
            await asyncio.to_thread(
                controlplane.kubectl, "delete", "--ignore-not-found", "-n", "default", what
            )
        await runner.cleanup()
