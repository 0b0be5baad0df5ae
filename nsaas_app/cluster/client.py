"""The one client: get, create, apply, delete, review, watch. No hidden retries."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

import aiohttp
import msgspec

from ..domain import keys
from .calls import CALL_TIMEOUT_S, Calls, ObservedApi, Query
from .faults import ClusterError, unreachable
from .objects import Object
from .paths import RESOURCES, path_of, resource_of

__all__ = ["Cluster", "Endpoint", "Rule"]

Model = TypeVar("Model", bound=Object)
Answer = TypeVar("Answer")
_JSON = "application/json"


class _Listed(msgspec.Struct):
    items: list[Object]


class _ReviewStatus(msgspec.Struct):
    allowed: bool = False


class _Review(msgspec.Struct):
    status: _ReviewStatus


class _TokenUser(msgspec.Struct, frozen=True):
    username: str = ""


class _TokenStatus(msgspec.Struct):
    authenticated: bool = False
    user: _TokenUser = _TokenUser()
    audiences: list[str] = []


class _TokenReview(msgspec.Struct):
    status: _TokenStatus


class Rule(msgspec.Struct, rename="camel", frozen=True):
    """A right that an account holds: verbs on resources of API groups, perhaps by name."""

    verbs: list[str] = []
    api_groups: list[str] = []
    resources: list[str] = []
    resource_names: list[str] = []


class _RulesStatus(msgspec.Struct, rename="camel"):
    resource_rules: list[Rule] = []
    incomplete: bool = False


class _Rules(msgspec.Struct):
    status: _RulesStatus


class _Version(msgspec.Struct, rename="camel"):
    git_version: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where people reach the API server, and how they know it."""

    server: str = ""
    authority: str = ""
    """The certificate authority as base64; empty where the system's own ones count."""


class Cluster:
    """One Kubernetes cluster. Every method raises `ClusterError` and nothing else."""

    def __init__(
        self,
        api: ObservedApi,
        *,
        name: str,
        endpoint: Endpoint | None = None,
        call_timeout_s: float = CALL_TIMEOUT_S,
    ) -> None:
        self._calls = Calls(api, timeout_s=call_timeout_s)
        self.name = name
        self.endpoint = endpoint or Endpoint()

    async def close(self) -> None:
        """Hear out what is under way, then close at once, without the farewell of TLS."""
        await self._calls.close()

    async def get(
        self, kind: str, name: str, namespace: str = "", *, model: type[Model]
    ) -> Model | None:
        """Read one object; None where there is none."""
        try:
            body = await self._calls.make("GET", RESOURCES[kind].item(name, namespace))
        except ClusterError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return _decoded(body, model)

    async def read(self, manifest: dict[str, Any]) -> dict[str, Any] | None:
        """Read the object a manifest describes, whole; None where there is none."""
        try:
            body = await self._calls.make("GET", path_of(manifest))
        except ClusterError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return _decoded(body, dict[str, Any])

    async def read_managed(self, kind: str, namespace: str) -> list[dict[str, Any]]:
        """Every object of a kind in a namespace that carries our label, whole."""
        path = RESOURCES[kind].collection(namespace)
        body = await self._calls.make("GET", path, query=[("labelSelector", keys.MANAGED_SELECTOR)])
        items: list[dict[str, Any]] = msgspec.json.decode(body)["items"]
        return items

    async def list_managed(self, kind: str, namespace: str) -> list[Object]:
        """Every object of a kind in a namespace that carries our label."""
        path = RESOURCES[kind].collection(namespace)
        body = await self._calls.make("GET", path, query=[("labelSelector", keys.MANAGED_SELECTOR)])
        return _decoded(body, _Listed).items

    async def read_all(self, kind: str, namespace: str) -> list[dict[str, Any]]:
        """Every object of a kind in a namespace, whoever made it, whole."""
        body = await self._calls.make("GET", RESOURCES[kind].collection(namespace), timeout_s=60)
        items: list[dict[str, Any]] = msgspec.json.decode(body)["items"]
        return items

    async def create(self, manifest: dict[str, Any], *, is_dry_run: bool = False) -> Object:
        """POST a manifest. The only way that says "name taken"."""
        metadata = manifest["metadata"]
        path = resource_of(manifest).collection(metadata.get("namespace", ""))
        query = [("fieldManager", keys.FIELD_MANAGER), ("fieldValidation", "Strict")]
        body = await self._calls.make(
            "POST",
            path,
            query=_dry(query, is_dry_run),
            body=manifest,
            is_write=not is_dry_run,
        )
        return _decoded(body, Object, is_write=not is_dry_run)

    async def apply(
        self, manifest: dict[str, Any], *, force: bool, is_dry_run: bool = False
    ) -> Object:
        """Server-side apply. Safe to repeat; `force` takes fields from other managers."""
        query = [
            ("fieldManager", keys.FIELD_MANAGER),
            ("force", "true" if force else "false"),
            ("fieldValidation", "Strict"),
        ]
        body = await self._calls.make(
            "PATCH",
            path_of(manifest),
            query=_dry(query, is_dry_run),
            body=manifest,
            content_type="application/apply-patch+yaml",
            is_write=not is_dry_run,
        )
        return _decoded(body, Object, is_write=not is_dry_run)

    async def try_apply(self, manifest: dict[str, Any], *, force: bool) -> tuple[str, ...]:
        """Server-side apply as a dry run; give what the API server warns of."""
        query = [
            ("fieldManager", keys.FIELD_MANAGER),
            ("force", "true" if force else "false"),
            ("fieldValidation", "Strict"),
            ("dryRun", "All"),
        ]
        warnings: list[str] = []
        await self._calls.make(
            "PATCH",
            path_of(manifest),
            query=query,
            body=manifest,
            content_type="application/apply-patch+yaml",
            is_write=False,
            warnings=warnings,
        )
        return tuple(warnings)

    async def merge(
        self,
        kind: str,
        name: str,
        patch: dict[str, Any],
        namespace: str = "",
        *,
        part: str = "",
        is_dry_run: bool = False,
    ) -> None:
        """JSON merge patch, for the few fields that apply cannot express.

        With a `part`, such as `scale`, that part of the object is written and nothing else.
        """
        path = RESOURCES[kind].item(name, namespace)
        await self._calls.make(
            "PATCH",
            f"{path}/{part}" if part else path,
            query=_dry([("fieldManager", keys.FIELD_MANAGER)], is_dry_run),
            body=patch,
            content_type="application/merge-patch+json",
            is_write=not is_dry_run,
        )

    async def delete(
        self, kind: str, name: str, namespace: str = "", *, uid: str, is_dry_run: bool = False
    ) -> bool:
        """Delete exactly that object; False where it is gone already.

        The uid is a precondition: a hidden repeat can never hit a recreated object.
        """
        options: dict[str, Any] = {
            "preconditions": {"uid": uid},
            "propagationPolicy": "Background",
        }
        if is_dry_run:
            # Where a deletion has a body, the API server reads nothing else: by the query alone
            # it would really delete. The query only shows it in the audit log.
            options["dryRun"] = ["All"]
        try:
            await self._calls.make(
                "DELETE",
                RESOURCES[kind].item(name, namespace),
                query=_dry([], is_dry_run),
                body=options,
                is_write=not is_dry_run,
            )
        except ClusterError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return False
            raise
        return True

    async def review_access(
        self, *, user: str, groups: Sequence[str], verb: str, resource: str, namespace: str,
        api_group: str = "",
    ) -> bool:  # fmt: skip
        """Ask the API server whether somebody may do something in a namespace."""
        attributes = {
            "namespace": namespace, "verb": verb, "resource": resource, "group": api_group,
        }  # fmt: skip
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {"user": user, "groups": list(groups), "resourceAttributes": attributes},
        }
        path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
        body = await self._calls.make("POST", path, body=review, is_write=False)
        return _decoded(body, _Review).status.allowed

    async def review_token(self, token: str, *, audience: str) -> str | None:
        """Ask the API server whose token this is.

        Returns:
            The user's name; None when it is no valid token, or was not made for that audience.
        """
        review = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenReview",
            "spec": {"token": token, "audiences": [audience]},
        }
        path = "/apis/authentication.k8s.io/v1/tokenreviews"
        body = await self._calls.make("POST", path, body=review, is_write=False)
        status = _decoded(body, _TokenReview).status
        # An API server that knows nothing of audiences would leave them out.
        is_ours = status.authenticated and audience in status.audiences
        return status.user.username if is_ours else None

    async def own_rules(self, namespace: str) -> tuple[tuple[Rule, ...], bool]:
        """Ask what we may do in a namespace, and whether the answer is complete."""
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectRulesReview",
            "spec": {"namespace": namespace},
        }
        path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
        body = await self._calls.make("POST", path, body=review, is_write=False)
        status = _decoded(body, _Rules).status
        return tuple(status.resource_rules), not status.incomplete

    async def probe(self, *, timeout_s: float = 2.0) -> None:
        """Ask whether the API server answers and is ready."""
        await self._calls.make("GET", "/readyz", timeout_s=timeout_s)

    async def version(self) -> str:
        """The server's version, for example `v1.36.3`."""
        return _decoded(await self._calls.make("GET", "/version"), _Version).git_version

    async def list_page(self, path: str, query: Query, *, accept: str = _JSON) -> bytes:
        """One page of a list, undecoded."""
        return await self._calls.make("GET", path, query=query, timeout_s=60, accept=accept)

    async def open_watch(
        self, path: str, query: Query, *, read_limit_s: float
    ) -> aiohttp.ClientResponse:
        """Open a watch; the caller reads `content` and closes the response.

        Args:
            path: of the list.
            query: with `watch=true`.
            read_limit_s: how long the stream may be silent; then reading it raises TimeoutError.
        """
        return await self._calls.open_watch(path, query, read_limit_s=read_limit_s)


def _dry(query: list[tuple[str, str]], is_dry_run: bool) -> list[tuple[str, str]]:  # noqa: FBT001
    return [*query, ("dryRun", "All")] if is_dry_run else query


def _decoded(content: bytes, model: type[Answer], *, is_write: bool = False) -> Answer:
    """Read a good answer. One that is no JSON of its kind came from something in between."""
    try:
        return msgspec.json.decode(content, type=model)
    except msgspec.MsgspecError as error:
        raise unreachable(error, is_write=is_write) from error
