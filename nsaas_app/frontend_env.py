"""The one script of the bundle that knows the portal's address. Who serves it lives elsewhere.

The bundle is built once, for a fixed address. Every other script imports this one by its hashed
name, so serving that name with another text moves the whole bundle to another address.
"""

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

__all__ = ["env_script", "env_script_name"]

_PATTERN: Final = "reflex-env-*.js"
_ORIGIN: Final = re.compile(r"\b(http|ws)s?://[^/`\"'\s]+")
_AUTHORITY: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?")
_LOOPBACK: Final = re.compile(r"(127\.0\.0\.1|\[::1\])(?=:|$)")


def env_script_name(build_dir: Path) -> str:
    """Find the script's path below `build_dir`, the directory a browser's files are served from.

    Returns:
        A path with forward slashes and none in front, such as `assets/reflex-env-x.js`.

    Raises:
        FileNotFoundError: There is no such script, or more than one.
    """
    found = [path for path in (build_dir / "assets").glob(_PATTERN) if path.is_file()]
    if len(found) != 1:
        raise FileNotFoundError(f"{len(found)} files match {_PATTERN} in {build_dir / 'assets'}.")
    return found[0].relative_to(build_dir).as_posix()


def env_script(public_url: str, template: str) -> str:
    """Write the script for a portal that browsers reach under `public_url`.

    Args:
        public_url: Scheme, host and port, `http` or `https`, without a path.
        template: The script as it was built.

    Raises:
        ValueError: The address has another scheme, a path or a host no browser would take, or the
            template names no address at all.
    """
    parts = urlsplit(public_url)
    if parts.scheme not in {"http", "https"} or parts.path not in {"", "/"} or parts.query:
        raise ValueError(f"{public_url} is not an http or https address without a path.")
    # The text goes into a script: nothing but a host and a port may pass.
    if not _AUTHORITY.fullmatch(parts.netloc):
        raise ValueError(f"{public_url} has no usable host and port.")
    # For `localhost`, and for no other loopback name, the client puts in the host of the page, so
    # that a page opened as 127.0.0.1 talks to 127.0.0.1 and its cookie goes along.
    authority = _LOOPBACK.sub("localhost", parts.netloc)
    secure = "s" if parts.scheme == "https" else ""
    text, count = _ORIGIN.subn(lambda match: f"{match[1]}{secure}://{authority}", template)
    if count == 0:
        raise ValueError("The built environment script names no address.")
    return text
