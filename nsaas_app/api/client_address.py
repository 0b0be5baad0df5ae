"""From which address a call comes, where proxies stand in between."""

from starlette.datastructures import Headers
from starlette.types import Scope

from .. import runtime

__all__ = ["address_of"]


def address_of(scope: Scope, headers: Headers) -> str:
    """Tell the caller's address as the outermost trusted proxy saw it.

    Each proxy adds whom it serves at the end of X-Forwarded-For. What stands before the entries of
    our own proxies was written by the caller and says nothing.
    """
    peer = str((scope.get("client") or ("unknown",))[0])
    hops = runtime.current().settings.proxy_hops
    told = [part.strip() for line in headers.getlist("x-forwarded-for") for part in line.split(",")]
    return told[-hops][:64] if 0 < hops <= len(told) else peer
