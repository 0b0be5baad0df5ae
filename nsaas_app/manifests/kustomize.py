"""Manifests as a kustomization: one file an object, and the list of them that kustomize reads.

What kustomize builds from it is what went in; text and archive are made elsewhere.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .manifest import Manifest

__all__ = ["INDEX", "kustomization", "kustomized", "path_of"]

INDEX: Final = "kustomization.yaml"
"""The name that kustomize looks for in a directory."""


def kustomized(manifests: Iterable[Manifest]) -> dict[str, Manifest]:
    """Lay manifests out as documents by path, the index first.

    Kustomize keeps the order of its list, so they are applied in the order given.
    """
    files: dict[str, Manifest] = {}
    for manifest in manifests:
        files[_free(path_of(manifest), files)] = manifest
    return {INDEX: kustomization(files), **files}


def kustomization(paths: Iterable[str]) -> dict[str, Any]:
    """Write the index of these files."""
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        # Left to itself kustomize sorts by kind, and the order of a bundle has its reasons.
        "sortOptions": {"order": "fifo"},
        "resources": list(paths),
    }


def path_of(manifest: Manifest) -> str:
    """Name the file of an object: `kind/name.yaml`, without what a file system refuses."""
    return f"{manifest['kind'].lower()}/{manifest['metadata']['name'].replace(':', '_')}.yaml"


def _free(path: str, taken: Mapping[str, Any]) -> str:
    """Two names may differ in a colon alone; each needs a file of its own."""
    candidate, number = path, 2
    while candidate in taken:
        candidate = f"{path.removesuffix('.yaml')}-{number}.yaml"
        number += 1
    return candidate
