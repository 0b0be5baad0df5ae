"""What a request waits for, in words: its place in the queue, or people."""

from .. import runtime
from ..domain.requests import ProvisioningRequest
from .request_views import approval_wait_text, wait_text

__all__ = ["wait_of"]


def wait_of(request: ProvisioningRequest) -> str:
    """Say where a request stands while nothing is done for it; empty when something is."""
    board = runtime.current().requests
    place = wait_text(board.place_of(request), board.usual_wait())
    return place or approval_wait_text(request, board.usual_approval())
