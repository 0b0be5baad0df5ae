"""Objects as YAML, the way people write them."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

__all__ = ["as_yaml"]


class _Plain(yaml.SafeDumper):
    """Writes the same list twice instead of pointing to the first one."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True


def as_yaml(manifests: Iterable[Mapping[str, Any]]) -> str:
    """Write objects as one file, one document each."""
    return yaml.dump_all(
        [dict(manifest) for manifest in manifests],
        Dumper=_Plain,
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
