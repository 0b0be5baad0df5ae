"""A namespace as the document that asks for it: what `nsaas apply` takes."""

from typing import Any, Final

from .spec import NamespaceSpec
from .spec_document import spec_to_document

__all__ = ["request_document"]

_API_VERSION: Final = "nsaas.platform.io/v1"
_KIND: Final = "NamespaceRequest"


def request_document(spec: NamespaceSpec) -> dict[str, Any]:
    """Write a spec as a document; applying it where it came from changes nothing."""
    document = spec_to_document(spec)
    document.pop("certified_at", None)
    name = document.pop("name")
    asked = {key: value for key, value in document.items() if value not in ("", None, [], {})}
    # Left out, the environment's own schedule would take its place elsewhere.
    asked.setdefault("sleep", None)
    return {"apiVersion": _API_VERSION, "kind": _KIND, "metadata": {"name": name}, "spec": asked}
