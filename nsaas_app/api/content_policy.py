"""The Content-Security-Policy: scripts of our own files, and the inline ones we built ourselves.

A page as it was built carries a few inline scripts. They are named by their hashes, so that a
script somebody brings into a page does not run: `'unsafe-inline'` would let it.
"""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

__all__ = ["content_policy", "hashes_of", "page_policy"]

_INLINE: Final = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def hashes_of(html: str) -> tuple[str, ...]:
    """Name the inline scripts of a text as the policy does, each once, in order."""
    found = dict.fromkeys(_INLINE.findall(html))
    digests = (hashlib.sha256(script.encode()).digest() for script in found)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def content_policy(scripts: tuple[str, ...] = ()) -> str:
    """Write the policy; `scripts` are hashes of inline scripts that may run."""
    sources = " ".join(("'self'", *scripts))
    # Styles: the components' library sets positions and sizes as style attributes.
    return (
        f"default-src 'self'; script-src {sources}; script-src-attr 'none'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


@lru_cache(maxsize=4)
def page_policy(web_directory: Path) -> str:
    """Write the policy of the built pages, from their files. They never change while we run.

    Args:
        web_directory: where the built files are; without any, no inline script may run.
    """
    pages = sorted(web_directory.rglob("*.html"))
    hashes = dict.fromkeys(name for page in pages for name in hashes_of(page.read_text()))
    return content_policy(tuple(hashes))
