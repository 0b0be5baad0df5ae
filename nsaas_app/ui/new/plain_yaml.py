"""YAML of a stranger: plain values alone, read beside the event loop."""

import asyncio
from typing import Any

import yaml

__all__ = ["read_plain"]


class _PlainLoader(yaml.SafeLoader):
    """Knows no aliases: a few lines of them unfold to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call] # the stubs' gap
            raise yaml.composer.ComposerError(None, None, "aliases are not read", mark)
        return super().compose_node(parent, index)


async def read_plain(text: str) -> list[object]:
    """Read the documents in a text that are not empty.

    Raises:
        YAMLError: it is no YAML, uses an alias, nests too deep, or a value is none of its kind.
    """
    return await asyncio.to_thread(_read, text)


def _read(text: str) -> list[object]:
    try:
        return [one for one in yaml.load_all(text, _PlainLoader) if one is not None]
    except RecursionError as error:
        raise yaml.YAMLError("nests too deep") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # The library lets a date such as 2026-99-99 and a tag with an odd value fall through.
        raise yaml.YAMLError("a value is none of its kind") from error
