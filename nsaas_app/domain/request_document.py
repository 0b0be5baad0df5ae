"""A namespace as the document that asks for it: what people keep in Git and `nsaas apply` takes."""

from collections.abc import Mapping
from typing import Any, Final

from .spec import NamespaceSpec
from .spec_document import spec_to_document

__all__ = ["API_VERSION", "KIND", "asked_of", "request_document"]

API_VERSION: Final = "nsaas.platform.io/v1"
KIND: Final = "NamespaceRequest"


def request_document(spec: NamespaceSpec) -> dict[str, Any]:
    """Write a spec as a document; applying it where it came from changes nothing."""
    return asked_of(spec_to_document(spec))


def asked_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Do the same with a spec that is a document in the contract's field names already."""
    spec = {key: value for key, value in document.items() if value not in ("", [], {}, None)}
    spec.pop("certified_at", None)
    # Left out, the environment's own schedule would take its place elsewhere.
    spec.setdefault("sleep", None)
    name = spec.pop("name")
    return {"apiVersion": API_VERSION, "kind": KIND, "metadata": {"name": name}, "spec": spec}
