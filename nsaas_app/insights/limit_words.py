"""A LimitRange's refusal taken apart: what a container states, what it may, and a way out. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from ..domain.amounts import in_full
from ..domain.quantities import QuantityError

__all__ = ["LimitTrouble", "limit_trouble"]

_DEFAULTED: Final = re.compile(
    r'Invalid value: "(?P<asked>[^"]+)": must be less than or equal to '
    r"(?P<resource>cpu|memory|ephemeral-storage) limit of (?P<limit>[^\s,\]]+)"
)
"""A request above a limit that the container does not state: the template itself was taken."""
_BOUND: Final = re.compile(
    r"(?P<bound>maximum|minimum) (?P<resource>\S+) usage per (?P<of>\w+) is (?P<edge>\S+?)[,.]+ +"
    r"(?:but (?P<what>request|limit) is (?P<stated>[^\s,\]]+)|No (?P<missing>request|limit) is)"
)
_RATIO: Final = re.compile(
    r"(?P<resource>\S+) max limit to request ratio per (?P<of>\w+) is (?P<most>[^\s,]+), "
    r"but (?:provided ratio is (?P<ratio>[0-9.]+)|no request is specified|request is 0)"
)
_NAMES: Final = {"cpu": "CPU", "ephemeral-storage": "scratch space"}
_OWNERS: Final = {"Container": "A container", "Pod": "A pod", "PersistentVolumeClaim": "A claim"}
_HASH: Final = re.compile(r"-[bcdfghjklmnpqrstvwxz2456789]{5,10}$")
"""What a Deployment puts behind its own name to name a ReplicaSet."""


@dataclass(frozen=True, slots=True)
class LimitTrouble:
    """What a LimitRange refused: the value against the bound, and what to do."""

    cause: str
    fix: str


def limit_trouble(message: str, *, about: str = "", namespace: str = "") -> LimitTrouble | None:
    """Read from a refusal what is too much or too little; None when it speaks of none.

    Args:
        message: the cluster's own words.
        about: whose pods were refused, as `Kind/name`; the fix then names a command.
        namespace: where it is.
    """
    try:
        return _defaulted(message, about, namespace) or _bound(message) or _ratio(message)
    except QuantityError:
        return None


def _defaulted(message: str, about: str, namespace: str) -> LimitTrouble | None:
    found = _DEFAULTED.search(message)
    if found is None:
        return None
    resource, asked, limit = found["resource"], found["asked"], found["limit"]
    name, wanted, most = _name(resource), in_full(resource, asked), in_full(resource, limit)
    cause = (
        f"A container requests {_more(name, wanted)}, above its limit of {most}, the default here "
        "for containers that state none."
    )
    fix = f"State a {name} limit of {wanted} or more, or request at most {most}."
    if target := _target(about):
        command = f"kubectl -n {namespace} set resources {target} --limits={resource}={asked}"
        fix = f"{fix} For example: {command}"
    return LimitTrouble(cause, fix)


def _bound(message: str) -> LimitTrouble | None:
    found = _BOUND.search(message)
    if found is None:
        return None
    resource, name = found["resource"], _name(found["resource"])
    whose, edge = _OWNERS.get(found["of"], found["of"]), in_full(resource, found["edge"])
    is_above = found["bound"] == "maximum"
    side = "the most" if is_above else "the least"
    if found["missing"]:
        what = found["missing"]
        cause = f"{whose} states no {name} {what}; {edge} is {side} that is allowed here."
        bound = "at most" if is_above else "at least"
        return LimitTrouble(cause, f"State a {name} {what} of {bound} {edge}.")
    what, stated = found["what"], in_full(resource, found["stated"])
    way = "above" if is_above else "below"
    cause = f"{whose} states a {name} {what} of {stated}, {way} {edge}, {side} that is allowed."
    verb = "Lower" if is_above else "Raise"
    otherwise = ", or ask for an override of the quota" if is_above else ""
    return LimitTrouble(cause, f"{verb} the {what} to {edge}{otherwise}.")


def _ratio(message: str) -> LimitTrouble | None:
    found = _RATIO.search(message)
    if found is None:
        return None
    name, whose = _name(found["resource"]), _OWNERS.get(found["of"], found["of"])
    if found["ratio"] is None:
        cause = f"{whose} states a {name} limit but no request; its limit is held to its request."
        return LimitTrouble(cause, f"State a {name} request of at least 1/{found['most']} of it.")
    ratio = f"{float(found['ratio']):.2f}".rstrip("0").rstrip(".")
    cause = f"{whose} has a {name} limit {ratio} times its request; {found['most']} is the most."
    return LimitTrouble(cause, f"Raise the {name} request or lower the limit.")


def _name(resource: str) -> str:
    return _NAMES.get(resource, resource)


def _more(name: str, wanted: str) -> str:
    """Name the resource unless its unit says it."""
    return wanted if wanted.endswith(name) else f"{wanted} of {name}"


def _target(about: str) -> str:
    """Say which object somebody changes: a ReplicaSet's Deployment."""
    kind, _, name = about.partition("/")
    if kind == "ReplicaSet" and _HASH.search(name):
        return f"deployment/{_HASH.sub('', name)}"
    return f"{kind.lower()}/{name}" if kind in {"StatefulSet", "DaemonSet"} else ""
