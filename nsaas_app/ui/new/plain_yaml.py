"""YAML of a stranger: plain values alone, read beside the event loop."""

import asyncio
from collections.abc import Iterator
from typing import Any

import yaml

__all__ = ["lines_of_paths", "read_plain"]


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


async def lines_of_paths(text: str) -> dict[str, int]:
    """Tell in which line each value of the first document stands, by its path: `network.preset`.

    Lines count from 1; a list's elements are `access[0]`. The text is one that `read_plain` read.
    """
    return await asyncio.to_thread(lambda: dict(_placed(yaml.compose(text, _PlainLoader), "")))


def _placed(node: yaml.Node | None, path: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = f"{path}.{key.value}" if path else str(key.value)
            yield below, key.start_mark.line + 1
            yield from _placed(value, below)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            below = f"{path}[{index}]"
            yield below, value.start_mark.line + 1
            yield from _placed(value, below)
