"""Why a deletion does not end, and the way out: read from the conditions of the namespace. Pure.

The portal removes no finalizer. Where nothing else is left it shows the command that would.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["Blocker", "BlockerKind", "blockers_of"]


class BlockerKind(StrEnum):
    """What holds a deletion up."""

    API_SERVICE = "api-service"
    """An aggregated API does not answer, so nobody knows what else is inside."""
    FINALIZER = "finalizer"
    CONTENT = "content"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing in the way."""

    kind: BlockerKind
    what: str
    """The API service, the finalizer, or the kind of what is left."""
    count: int
    objects: tuple[str, ...]
    """Names, for kinds the portal may read."""
    raw: str
    """The cluster's own words."""
    way_out: tuple[str, ...]
    """What to do, the safest first."""
    look: str
    """A command that shows it."""
    force: str = ""
    """The last resort; empty where there is none."""


_GROUP_VERSION: Final = re.compile(r"\b([a-z0-9.-]+\.[a-z0-9.-]+)/(v\d\w*)\b")
_FINALIZER: Final = re.compile(r"([\w./-]+) in (\d+) resource instances")
_CONTENT: Final = re.compile(r"([\w.-]+?)\.? has (\d+) resource instances")


def blockers_of(
    name: str,
    conditions: Mapping[str, str],
    *,
    finalizers: Iterable[str] = (),
    held: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Blocker, ...]:
    """Name everything in the way, the API services first: they hide the rest.

    Args:
        name: of the namespace.
        conditions: types that are true, with their messages.
        finalizers: on the namespace itself.
        held: objects the portal can see, as `Kind/name`, by finalizer they carry.
    """
    found = [
        *_api_services(conditions.get("NamespaceDeletionDiscoveryFailure", "")),
        *_finalizers(name, conditions.get("NamespaceFinalizersRemaining", ""), held or {}),
    ]
    if not any(one.kind is BlockerKind.FINALIZER for one in found):
        found += _content(name, conditions.get("NamespaceContentRemaining", ""))
    found += [_own_finalizer(name, finalizer) for finalizer in finalizers]
    for condition in (
        "NamespaceDeletionContentFailure",
        "NamespaceDeletionGroupVersionParsingFailure",
    ):
        if message := conditions.get(condition, ""):
            found.append(_other(name, message))
    return tuple(found)


def _api_services(message: str) -> list[Blocker]:
    pairs = dict.fromkeys(_GROUP_VERSION.findall(message))
    return [_api_service(f"{version}.{group}", message) for group, version in pairs]


def _api_service(service: str, message: str) -> Blocker:
    return Blocker(
        BlockerKind.API_SERVICE,
        service,
        1,
        (),
        message,
        (
            f"Bring back what serves APIService {service}: look at its status and its Service.",
            f"Is its provider gone for good? Then remove it: kubectl delete apiservice {service}",
        ),
        f"kubectl get apiservice {service} -o yaml",
    )


def _finalizers(name: str, message: str, held: Mapping[str, tuple[str, ...]]) -> list[Blocker]:
    found = []
    for finalizer, count in _FINALIZER.findall(message):
        objects = held.get(finalizer, ())
        found.append(
            Blocker(
                BlockerKind.FINALIZER,
                finalizer,
                int(count),
                objects,
                message,
                (
                    (
                        f"Whoever set {finalizer} takes it away when its own work is done: "
                        "bring its controller back and wait."
                    ),
                    (
                        "Look at its log and at the objects: what it still has to clean up may "
                        "cost money elsewhere."
                    ),
                ),
                _look_for(name, finalizer),
                "\n".join(_forced(name, one) for one in objects) or _forced_unseen(name, finalizer),
            )
        )
    return found


def _content(name: str, message: str) -> list[Blocker]:
    return [
        Blocker(
            BlockerKind.CONTENT,
            kind,
            int(count),
            (),
            message,
            (f"Wait: {kind} are still going away. Pods take as long as their grace period.",),
            f"kubectl get {kind} -n {name}",
        )
        for kind, count in _CONTENT.findall(message)
    ]


def _own_finalizer(name: str, finalizer: str) -> Blocker:
    return Blocker(
        BlockerKind.FINALIZER,
        finalizer,
        1,
        (f"Namespace/{name}",),
        "",
        (
            (
                f"Whoever set {finalizer} on the namespace takes it away when its own work is "
                "done: bring its controller back and wait."
            ),
        ),
        f"kubectl get namespace {name} -o jsonpath='{{.metadata.finalizers}}'",
        f'kubectl patch namespace {name} --type=merge -p \'{{"metadata":{{"finalizers":null}}}}\'',
    )


def _other(name: str, message: str) -> Blocker:
    return Blocker(
        BlockerKind.OTHER,
        "content",
        1,
        (),
        message,
        ("Read the cluster's words below: something refuses to be deleted.",),
        f"kubectl get namespace {name} -o yaml",
    )


def _look_for(name: str, finalizer: str) -> str:
    return (
        "kubectl api-resources --verbs=list --namespaced -o name | xargs -n1 kubectl get "
        f"-n {name} --ignore-not-found -o "
        "jsonpath='{range .items[*]}{.kind}/{.metadata.name} {.metadata.finalizers}{\"\\n\"}{end}' "
        f"| grep '{finalizer}'"
    )


def _forced(name: str, thing: str) -> str:
    kind, _, object_name = thing.partition("/")
    return (
        f"kubectl patch {kind.lower()} {object_name} -n {name} --type=merge "
        '-p \'{"metadata":{"finalizers":null}}\''
    )


def _forced_unseen(name: str, finalizer: str) -> str:
    return (
        f"kubectl patch KIND OBJECT -n {name} --type=merge "
        '-p \'{"metadata":{"finalizers":null}}\''
        f"  # for each object that carries {finalizer}"
    )
