"""Sockets whose descriptor is closed once, by the event loop that uses it."""

import socket

from aiohttp.connector import AddrInfoType

__all__ = ["lent_socket"]


class _LentSocket(socket.socket):
    """A socket that closes nothing by itself when nobody holds it any more.

    uvloop uses the descriptor before it keeps the socket. A server that resets the connection just
    then makes it close the descriptor and forget the socket, and Python closes the same number once
    more when it collects it. By then the number may be another connection's, whose stream goes
    silent without a word: see https://github.com/aio-libs/aiohttp/issues/10506. Both uvloop and
    asyncio close whatever they were given, so nothing is left open.
    """

    def __del__(self) -> None:
        """Leave the descriptor to the loop."""


def lent_socket(address: AddrInfoType) -> socket.socket:
    """Make the socket of a connection to an address, as `aiohttp.TCPConnector` asks for it."""
    family, kind, protocol, *_ = address
    return _LentSocket(family, kind, protocol)
