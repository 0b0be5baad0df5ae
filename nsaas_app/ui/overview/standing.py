"""Requests that stay where they stand while somebody points at them, as they are by now."""

from collections.abc import Iterable, Sequence

from ...directory.requests import RequestBoard
from ...domain.actors import Actor
from ...domain.errors import NotFoundError
from ...domain.requests import ProvisioningRequest

__all__ = ["standing"]


def standing(
    shown: Iterable[str],
    fresh: Sequence[ProvisioningRequest],
    board: RequestBoard,
    *,
    actor: Actor,
) -> tuple[list[ProvisioningRequest], int]:
    """Give the shown requests in their order; what came, went or moved waits.

    Args:
        shown: ids, as they stand.
        fresh: what would stand there.
        board: where those are looked up that would not.
        actor: who looks: what is no longer theirs to see does not stay.

    Returns:
        The requests, and how many changes wait.
    """
    ids, now = list(shown), [request.request_id for request in fresh]
    found = []
    for request_id in ids:
        try:
            found.append(board.get(request_id, actor=actor))
        except NotFoundError:
            continue
    came = len(set(now) - set(ids))
    return found, came or len(set(ids) - set(now)) or int(ids != now)
