"""What adoption would mean for what runs in a namespace already: its use against a tier. Pure.

Objects are those of the API server, as documents.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from ..domain.quantities import parse_quantity, written
from ..domain.spec import NamespaceSpec
from ..manifests.limit_range import limit_range
from .foreign import Contents

__all__ = ["READ", "ContainerNote", "Impact", "QuotaLine", "impact_of"]

Document: TypeAlias = dict[str, Any]
Amounts: TypeAlias = Counter[str]

READ: Final = ("Pod", "Service", "PersistentVolumeClaim", "Ingress", "Job", "CronJob")
"""Kinds that count."""
_UNREAD: Final = ("secrets", "configmaps")
"""What the quota counts and the portal may not read."""
_ENDED: Final = ("Succeeded", "Failed")
_COUNTED: Final = {
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "Service": "services",
    "Ingress": "count/ingresses.networking.k8s.io",
    "Job": "count/jobs.batch",
    "CronJob": "count/cronjobs.batch",
}


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One resource of the quota, in Kubernetes notation."""

    resource: str
    used: str
    """By what runs now."""
    after_restart: str
    """Once every container has got the defaults it does not state."""
    hard: str
    is_over: bool
    """Whether the use, now or after a restart, is more than the tier allows."""


@dataclass(frozen=True, slots=True)
class ContainerNote:
    """What the new limits mean for a container, the same in every pod of its owner."""

    owner: str
    container: str
    pods: int
    message: str


@dataclass(frozen=True, slots=True)
class Impact:
    """All that changes for what runs already. Nothing of it is stopped by the adoption itself."""

    quota: tuple[QuotaLine, ...]
    defaulted: tuple[ContainerNote, ...]
    """Containers without requests or limits: they get the tier's when their pods restart."""
    refused: tuple[ContainerNote, ...]
    """Containers and claims that the new bounds would not admit again."""
    not_counted: tuple[str, ...] = _UNREAD


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The LimitRange's rows, by name of the resource."""

    container: Document
    claim: Document

    @classmethod
    def of(cls, spec: NamespaceSpec) -> "_Bounds":
        container, claim = limit_range(spec)["spec"]["limits"]
        return cls(container, claim)

    def filled(self, container: Document) -> Document:
        """A container's resources as a restart would fill them in."""
        stated = container.get("resources") or {}
        limits = {**self.container["default"], **(stated.get("limits") or {})}
        # The API server takes a stated limit for the request before any default is looked at.
        own = {**(stated.get("limits") or {}), **(stated.get("requests") or {})}
        return {"limits": limits, "requests": {**self.container["defaultRequest"], **own}}

    def missing(self, container: Document) -> str:
        stated = container.get("resources") or {}
        words = [
            f"{part}.{name}={value}"
            for part, row in (("requests", "defaultRequest"), ("limits", "default"))
            for name, value in self.container[row].items()
            if name not in (stated.get(part) or {})
        ]
        return ", ".join(words)

    def broken(self, container: Document) -> Iterator[str]:
        """Why a restarted container would be refused."""
        filled = self.filled(container)
        for name in self.container["max"]:
            limit, request = filled["limits"][name], filled["requests"][name]
            most, least = self.container["max"][name], self.container["min"][name]
            if parse_quantity(limit) > parse_quantity(most):
                yield f"limits.{name} {limit} is above the maximum {most}"
            if parse_quantity(request) < parse_quantity(least):
                yield f"requests.{name} {request} is below the minimum {least}"
            if parse_quantity(request) > parse_quantity(limit):
                yield f"requests.{name} {request} is above its limit {limit}"
        for name, ratio in self.container["maxLimitRequestRatio"].items():
            limit, request = filled["limits"][name], filled["requests"][name]
            if parse_quantity(limit) > parse_quantity(ratio) * parse_quantity(request):
                yield f"limits.{name} {limit} is more than {ratio} times requests.{name} {request}"


def impact_of(spec: NamespaceSpec, contents: Contents) -> Impact:
    """Measure what runs in a namespace against the tier of a spec."""
    bounds = _Bounds.of(spec)
    pods = [pod for pod in contents["Pod"] if pod["status"].get("phase") not in _ENDED]
    rest = _counts(contents) + _storage(contents["PersistentVolumeClaim"])
    now = rest + _total(pods, lambda container: container.get("resources") or {})
    later = rest + _total(pods, bounds.filled)
    lines = [
        QuotaLine(
            resource=name,
            used=written(name, Decimal(now[name])),
            after_restart=written(name, Decimal(later[name])),
            hard=hard,
            is_over=max(now[name], later[name]) > parse_quantity(hard),
        )
        for name, hard in spec.size.quota.items()
        if name not in _UNREAD
    ]
    return Impact(
        quota=tuple(lines),
        defaulted=_notes(pods, lambda container: filter(None, [bounds.missing(container)])),
        refused=(
            *_notes(pods, bounds.broken),
            *_claim_notes(contents["PersistentVolumeClaim"], bounds.claim),
        ),
    )


def _counts(contents: Contents) -> Amounts:
    found: Amounts = Counter({name: len(contents[kind]) for kind, name in _COUNTED.items()})
    for service in contents["Service"]:
        ports = service["spec"].get("ports") or []
        found["services.nodeports"] += sum(1 for port in ports if port.get("nodePort"))
        found["services.loadbalancers"] += service["spec"].get("type") == "LoadBalancer"
    return found


def _storage(claims: list[Document]) -> Amounts:
    asked = [(claim["spec"].get("resources") or {}).get("requests") or {} for claim in claims]
    return _sum({"requests.storage": parse_quantity(one.get("storage", "0"))} for one in asked)


def _total(pods: list[Document], resources: Callable[[Document], Document]) -> Amounts:
    total = _sum(_of_pod(pod["spec"], resources) for pod in pods)
    total["pods"] = len(pods)
    return total


def _of_pod(spec: Document, resources: Callable[[Document], Document]) -> Mapping[str, Any]:
    """What a pod counts: its containers together, or an init container if that takes more."""
    running = _sum(_flat(resources(one)) for one in spec["containers"])
    beside: Amounts = Counter()
    peak: Amounts = Counter()
    for init in spec.get("initContainers") or ():
        amounts = _flat(resources(init))
        if init.get("restartPolicy") == "Always":
            beside = _sum((beside, amounts))
        else:
            peak |= _sum((beside, amounts))
    whole = _sum((running, beside)) | peak
    # Amounts stated for the pod as a whole stand in place of the sum over its containers.
    stated = _flat(spec.get("resources") or {})
    overhead = spec.get("overhead") or {}
    extra = _flat({"requests": overhead, "limits": overhead})
    return _sum(({**whole, **stated}, extra))


def _flat(resources: Document) -> dict[str, Decimal]:
    return {
        f"{part}.{name}": parse_quantity(amount)
        for part in ("requests", "limits")
        for name, amount in (resources.get(part) or {}).items()
    }


def _sum(parts: Iterable[Mapping[str, Any]]) -> Amounts:
    total: Amounts = Counter()
    for part in parts:
        total.update(part)
    return total


def _owner(pod: Document) -> str:
    owners = pod["metadata"].get("ownerReferences") or ()
    name = pod["metadata"]["name"]
    return f"{owners[0]['kind']}/{owners[0]['name']}" if owners else f"Pod/{name}"


def _notes(
    pods: list[Document], say: Callable[[Document], Iterable[str]]
) -> tuple[ContainerNote, ...]:
    """One note a container and message, however many pods repeat it."""
    found = Counter(
        (_owner(pod), container["name"], message)
        for pod in pods
        for container in (*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"])
        for message in say(container)
    )
    return tuple(
        ContainerNote(owner, container, count, message)
        for (owner, container, message), count in sorted(found.items())
    )


def _claim_notes(claims: list[Document], bounds: Document) -> Iterator[ContainerNote]:
    for claim in claims:
        size = ((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0")
        most, least = bounds["max"]["storage"], bounds["min"]["storage"]
        if not parse_quantity(least) <= parse_quantity(size) <= parse_quantity(most):
            owner = f"PersistentVolumeClaim/{claim['metadata']['name']}"
            yield ContainerNote(owner, "", 0, f"{size} is outside {least} to {most}")
