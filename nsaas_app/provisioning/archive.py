"""An export as files that Git and kubectl like, packed so that equal content gives equal bytes."""

import gzip
import io
import tarfile
from collections.abc import Iterable, Mapping
from typing import Any, Final

import yaml

from ..domain.exports import Archive
from ..domain.namespaces import ManagedNamespace
from ..domain.sleep import SleepingWorkload
from ..domain.spec_document import spec_to_document
from ..manifests.exported import awake, secrets_named
from ..manifests.kustomize import INDEX, kustomization, kustomized, path_of
from ..manifests.manifest import Manifest

__all__ = ["packed", "packed_kustomization"]

_README: Final = """\
# Export of namespace {name}

{count} objects as they were written, without what a cluster adds to them.

- `nsaas apply -f namespace-request.yaml` asks for a namespace like it; change the name in it.
- `kubectl apply -k . -n NAMESPACE` then brings back what ran inside.

## Not in here

- **Secrets, never**: neither their values nor their objects. {secrets}
- What is stored in volumes: only the claims are here.
- Quota, container defaults, network policies and access of the portal: it makes them anew.
- Roles and objects of kinds that the portal does not read.
{left_out}
Look through the ConfigMaps before you commit them: nothing keeps people from writing a password
into one.
"""


def packed(
    record: ManagedNamespace,
    manifests: Iterable[Manifest],
    *,
    sleepers: Iterable[SleepingWorkload] = (),
    left_out: Iterable[str] = (),
) -> Archive:
    """Pack the manifests of a namespace; what sleeps is written as it is awake."""
    replicas = {(one.kind, one.name): one.replicas for one in sleepers if not one.skipped}
    written = []
    for manifest in manifests:
        key = manifest["kind"], manifest["metadata"]["name"]
        written.append(awake(manifest, replicas[key]) if key in replicas else manifest)
    paths = {path_of(manifest): manifest for manifest in written}
    notes = tuple(left_out)
    name = str(record.name)
    files = {
        "README.md": _readme(name, written, notes),
        INDEX: _yaml(kustomization(paths)),
        "namespace-request.yaml": _yaml(_request(record)),
        **{path: _yaml(manifest) for path, manifest in paths.items()},
    }
    return Archive(_tar(name, files), len(written), notes, files)


def packed_kustomization(name: str, manifests: Iterable[Manifest]) -> bytes:
    """Pack manifests as a directory that `kubectl apply -k` takes, the same bytes each time.

    Args:
        name: of the directory inside the archive.
        manifests: the objects, in the order they are applied.
    """
    documents = kustomized(manifests)
    return _tar(name, {path: _yaml(document) for path, document in documents.items()})


def _request(record: ManagedNamespace) -> dict[str, Any]:
    document = spec_to_document(record.spec)
    # A name of its own, a lifetime of its own, and the cluster it is applied to.
    for field in ("name", "expires_at", "cluster", "certified_at"):
        document.pop(field, None)
    spec = {key: value for key, value in document.items() if value not in ("", None, [], {})}
    # Left out, the environment's own schedule would take its place elsewhere.
    spec.setdefault("sleep", None)
    return {
        "apiVersion": "nsaas.platform.io/v1",
        "kind": "NamespaceRequest",
        "metadata": {"name": str(record.name)},
        "spec": spec,
    }


def _readme(name: str, manifests: list[Manifest], left_out: tuple[str, ...]) -> str:
    named = sorted(set().union(*(secrets_named(manifest) for manifest in manifests)))
    listed = ", ".join(f"`{secret}`" for secret in named)
    return _README.format(
        name=name,
        count=len(manifests),
        secrets=f"These are named and must be made by hand: {listed}." if named else "",
        left_out="".join(f"- {note}\n" for note in left_out),
    )


class _Plain(yaml.SafeDumper):
    """Long texts as blocks: a line that changed is a line of the difference."""


def _text(dumper: _Plain, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plain.add_representer(str, _text)


def _yaml(document: Mapping[str, Any]) -> str:
    text: str = yaml.dump(
        dict(document), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100
    )
    return text


def _tar(directory: str, files: Mapping[str, str]) -> bytes:
    packed_files = io.BytesIO()
    with tarfile.open(fileobj=packed_files, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path in sorted(files):
            content = files[path].encode()
            entry = tarfile.TarInfo(f"{directory}/{path}")
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(packed_files.getvalue(), mtime=0)
