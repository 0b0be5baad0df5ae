"""What a call asks of the list of namespaces: filters, text and order."""

from typing import Annotated

from fastapi import Depends, Query

from ..directory.query import RowQuery

__all__ = ["WantedRows"]

Words = Annotated[list[str], Query()]


def _wanted(
    *,
    team: Words = [],  # noqa: B006 - FastAPI copies defaults
    environment: Words = [],  # noqa: B006 - the same
    tier: Words = [],  # noqa: B006 - the same
    state: Words = [],  # noqa: B006 - the same
    health: Words = [],  # noqa: B006 - the same
    owner: Annotated[str, Query(max_length=200)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    sort: str = "name",
) -> RowQuery:
    return RowQuery(
        q=q,
        teams=frozenset(team),
        environments=frozenset(environment),
        tiers=frozenset(tier),
        states=frozenset(state),
        health=frozenset(health),
        owner=owner,
        sort=sort.removeprefix("-"),
        is_descending=sort.startswith("-"),
    )


WantedRows = Annotated[RowQuery, Depends(_wanted)]
"""The rows that a call names in its query, all of them."""
