"""Programs inside the cluster: a ServiceAccount's token, reviewed by the API server."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar

from ..domain.actors import Actor, AuthMethod
from ..domain.names import TeamName
from ..domain.teams import Team
from .roles import GlobalGroups, Identity, actor_from
from .secrets_hash import hash_of

__all__ = ["AUDIENCE", "MAX_REMEMBERED", "ServiceAccountTokens"]

AUDIENCE: Final = "nsaas-portal"
"""What a projected token must be made for: one that was made for the API server opens nothing."""
REVIEWED_FOR_S: Final = 60.0
"""How long an answer counts: a deleted account's token works that much longer at most."""
LONGEST_STREAM_S: Final = 300.0
"""A stream ends when its token was not shown anew for so long; a program connects again."""
MAX_REMEMBERED: Final = 1000

_PREFIX: Final = "system:serviceaccount:"

Answer = TypeVar("Answer")


class ServiceAccountTokens:
    """Resolves tokens of the accounts that the settings name, and of no others."""

    def __init__(
        self,
        *,
        review: Callable[[str], Awaitable[str | None]],
        groups: Mapping[str, tuple[str, ...]],
        teams: Callable[[], Awaitable[Mapping[TeamName, Team]]],
        global_groups: GlobalGroups,
    ) -> None:
        """Keep how to ask.

        Args:
            review: gives the user of a valid token for `AUDIENCE`, None for any other.
            groups: of `<namespace>/<name>`.
            teams: reads the teams.
            global_groups: groups with a role over all teams.
        """
        self._review = review
        self._groups = groups
        self._teams = teams
        self._global_groups = global_groups
        self._reviewed: dict[str, tuple[str, float]] = {}
        """Accounts by hash, the oldest answer first. Refused texts lie apart: made-up ones must
        not push out what programs live by."""
        self._refused: dict[str, float] = {}

    async def actor_of(self, token: str) -> Actor | None:
        """The actor of a valid token of a named account, None for any other text.

        Raises:
            ClusterError: the API server could not be asked.
        """
        if not self._is_candidate(token):
            return None
        key = hash_of(token)
        account = await self._account(key, token)
        return await self._actor(account, key) if account else None

    def is_unheard(self, token: str) -> bool:
        """Whether resolving the text asks the API server for somebody it never vouched for."""
        key = hash_of(token)
        return self._is_candidate(token) and key not in self._reviewed and not self._is_refused(key)

    async def actor_behind(self, key: str) -> Actor | None:
        """The actor as it is now of the token with that hash; None when it was not shown lately."""
        account, at = self._reviewed.get(key, ("", 0.0))
        if not account or time.monotonic() - at >= LONGEST_STREAM_S:
            return None
        return await self._actor(account, key)

    async def _actor(self, account: str, key: str) -> Actor:
        identity = Identity(
            f"{_PREFIX}{account.replace('/', ':')}",
            account,
            self._groups[account],
            AuthMethod.SERVICE_ACCOUNT,
        )
        teams = await self._teams()
        return actor_from(
            identity, teams=teams.values(), global_groups=self._global_groups, session=key
        )

    def _is_candidate(self, token: str) -> bool:
        return bool(self._groups) and token.count(".") == 2  # noqa: PLR2004 - the parts of a JWT

    def _is_refused(self, key: str) -> bool:
        at = self._refused.get(key)
        return at is not None and time.monotonic() - at <= REVIEWED_FOR_S

    async def _account(self, key: str, token: str) -> str | None:
        account, at = self._reviewed.get(key, ("", 0.0))
        if account and time.monotonic() - at <= REVIEWED_FOR_S:
            return account
        if self._is_refused(key):
            return None
        user = await self._review(token) or ""
        account = user.removeprefix(_PREFIX).replace(":", "/") if user.startswith(_PREFIX) else ""
        self._reviewed.pop(key, None)
        self._refused.pop(key, None)
        if account not in self._groups:
            _remember(self._refused, key, time.monotonic())
            return None
        _remember(self._reviewed, key, (account, time.monotonic()))
        return account


def _remember(answers: dict[str, Answer], key: str, answer: Answer) -> None:
    """Keep an answer as the newest; the oldest goes where they are too many."""
    if len(answers) >= MAX_REMEMBERED:
        del answers[next(iter(answers))]
    answers[key] = answer
