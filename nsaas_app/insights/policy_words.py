"""NetworkPolicies in words: one sentence a rule. Pure functions over objects as they are."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["pods_of", "sentence_of_rule", "sentences_of"]

_NAME_LABEL: Final = "kubernetes.io/metadata.name"


def sentences_of(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what a policy closes and what it lets through, one sentence a rule."""
    return tuple(_sentences(spec))


def pods_of(spec: Mapping[str, Any]) -> str:
    """Say which pods a policy speaks of; empty when it is all of them."""
    selector = spec.get("podSelector") or {}
    return _selector(selector) if _is_narrow(selector) else ""


def sentence_of_rule(rule: Mapping[str, Any], *, is_inward: bool) -> str:
    """Say what one rule lets through."""
    way, end = ("In from", "from") if is_inward else ("Out to", "to")
    peers = " or ".join(_peer(peer) for peer in rule.get(end) or ()) or "anywhere"
    return f"{way} {peers}{_ports(rule)}"


def _sentences(spec: Mapping[str, Any]) -> Iterator[str]:
    kinds = spec.get("policyTypes") or ["Ingress"]
    for kind in ("Ingress", "Egress"):
        if kind not in kinds:
            continue
        rules = spec.get(kind.lower()) or []
        if not rules:
            yield f"Nothing {'in' if kind == 'Ingress' else 'out'} but what other policies allow"
        for rule in rules:
            yield sentence_of_rule(rule, is_inward=kind == "Ingress")


def _ports(rule: Mapping[str, Any]) -> str:
    ports = [_port(entry) for entry in rule.get("ports") or ()]
    return f", {' and '.join(ports)}" if ports else ""


def _port(entry: Mapping[str, Any]) -> str:
    protocol, port = entry.get("protocol", "TCP"), entry.get("port")
    if port is None:
        return f"all of {protocol}"
    last = entry.get("endPort")
    return f"{protocol} {port} to {last}" if last else f"{protocol} {port}"


def _peer(peer: Mapping[str, Any]) -> str:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        left_out = ", ".join(block.get("except") or ())
        return f"{block['cidr']} without {left_out}" if left_out else f"{block['cidr']}"
    pods, namespaces = peer.get("podSelector"), peer.get("namespaceSelector")
    which = f"pods with {_selector(pods)}" if pods and _is_narrow(pods) else "all pods"
    if namespaces is None:
        return f"{which} of this namespace"
    return f"{which} of {_namespaces(namespaces)}"


def _namespaces(selector: Mapping[str, Any]) -> str:
    if not _is_narrow(selector):
        return "every namespace"
    labels = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or []
    if set(labels) == {_NAME_LABEL} and not expressions:
        return f"namespace {labels[_NAME_LABEL]}"
    if not labels and [one["key"] for one in expressions] == [_NAME_LABEL]:
        values = ", ".join(expressions[0].get("values") or ())
        if expressions[0]["operator"] == "In":
            return f"namespaces {values}"
    return f"namespaces with {_selector(selector)}"


def _is_narrow(selector: Mapping[str, Any]) -> bool:
    return bool(selector.get("matchLabels") or selector.get("matchExpressions"))


def _selector(selector: Mapping[str, Any]) -> str:
    words = [f"{key}={value}" for key, value in (selector.get("matchLabels") or {}).items()]
    for one in selector.get("matchExpressions") or ():
        values = ", ".join(one.get("values") or ())
        words.append(
            {
                "In": f"{one['key']} one of {values}",
                "NotIn": f"{one['key']} none of {values}",
                "Exists": f"any {one['key']}",
                "DoesNotExist": f"no {one['key']}",
            }[one["operator"]]
        )
    return " and ".join(words)
