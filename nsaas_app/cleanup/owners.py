"""Owners: who of them is no longer in any group of the team, by their last sign-in."""

from collections.abc import Mapping
from datetime import datetime

from ..domain.names import TeamName
from ..domain.teams import Team
from ..identity.roles import GlobalGroups

__all__ = ["Owners"]


class Owners:
    """What is known of people's groups. Of somebody who never signed in nothing is known."""

    def __init__(
        self,
        groups: Mapping[str, tuple[datetime, tuple[str, ...]]],
        *,
        teams: Mapping[TeamName, Team],
        global_groups: GlobalGroups,
    ) -> None:
        self._groups = groups
        self._teams = teams
        self._admins = global_groups.admins

    def is_gone(self, owner: str, team: TeamName) -> bool:
        """Whether the owner was seen, and then neither in the team nor a platform admin."""
        if owner not in self._groups or team not in self._teams:
            return False
        held = frozenset(self._groups[owner][1])
        named = self._teams[team].groups
        return not held & {*named.viewer, *named.developer, *named.lead, *self._admins}
