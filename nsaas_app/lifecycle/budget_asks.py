"""Wishes for a larger budget: a lead asks, platform admins find it in their inbox and decide.

To fulfil one is to change the team's budget; then the wish is gone by itself.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from ..directory.hub import TEAMS, Hub
from ..domain.actors import Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.budget_asks import (
    MAX_REASON,
    BudgetAsk,
    answer_key,
    differences,
    open_asks,
    wanted_budget,
)
from ..domain.errors import (
    ChangedMeanwhileError,
    FieldIssue,
    ForbiddenError,
    InvalidFieldsError,
    NotFoundError,
)
from ..domain.names import TeamName
from ..domain.notices import Notice, NoticeKind
from ..domain.team_document import changed_team
from ..domain.teams import Team
from ..domain.texts import text_issues
from ..identity.permissions import Permission, ensure_may
from ..provisioning.stores import Stores
from ..teams.change import TeamChange
from ..teams.teams import Teams
from .inbox import Inbox

__all__ = ["BudgetAsks"]

_TRIES: Final = 2
"""What another process told is known only after the first try."""


class BudgetAsks:
    """Takes wishes and refusals; each is a notice and an audit event."""

    def __init__(
        self, *, stores: Stores, teams: Teams, inbox: Inbox, hub: Hub, clock: Callable[[], datetime]
    ) -> None:
        self._stores = stores
        self._teams = teams
        self._inbox = inbox
        self._hub = hub
        self._clock = clock

    async def of(self, name: str, *, actor: Actor) -> list[BudgetAsk]:
        """The wishes of a team that nobody has decided, the newest first.

        Raises:
            NotFoundError: there is no such team, or it is not the actor's.
        """
        ensure_may(actor, Permission.TEAM_READ, TeamName(name), kind="team", name=name)
        team = await self._teams.require(TeamName(name))
        return open_asks(team, self._inbox.of_team(team.name))

    async def ask(
        self, name: str, document: Mapping[str, Any], reason: str, change: TeamChange
    ) -> BudgetAsk:
        """Ask for more; the same wish that is open already is given back.

        Raises:
            NotFoundError, ForbiddenError: the actor does not lead the team.
            InvalidFieldsError: with every broken rule at its field.
            ChangedMeanwhileError: others ask and decline the same at this very moment.
        """
        team = await self._team(name, Permission.TEAM_MEMBERS, "team.budget-ask", change)
        wanted = wanted_budget(team, document, reason)
        for _ in range(_TRIES):
            if known := self._open(team, wanted):
                return known
            notice = self._notice(
                team,
                NoticeKind.BUDGET,
                f"{self._number(team)}/{json.dumps(wanted, sort_keys=True)}",
                owner=change.actor.subject,
                title=f"{change.actor.subject} asks for a larger budget of team {name}: "
                f"{_words(team, wanted)}",
                text=reason.strip(),
            )
            after = {"wanted": wanted, "reason": reason.strip()}
            if await self._tell(notice, change, "team.budget-ask", after):
                return BudgetAsk.of(notice)
        if known := self._open(team, wanted):
            return known
        raise ChangedMeanwhileError("wish", name)

    def _open(self, team: Team, wanted: Mapping[str, Any]) -> BudgetAsk | None:
        asks = open_asks(team, self._inbox.of_team(team.name))
        return next((one for one in asks if one.wanted == wanted), None)

    async def decline(self, name: str, ask_id: str, comment: str, change: TeamChange) -> None:
        """Say no, and why; whoever asked finds it in their inbox.

        Raises:
            NotFoundError: there is no such team or wish, or it is not the actor's.
            ForbiddenError: the actor is no platform admin.
            InvalidFieldsError: nobody would know why.
        """
        team = await self._team(name, Permission.TEAM_MANAGE, "team.budget-decline", change)
        issues = text_issues("comment", comment.strip(), limit=MAX_REASON)
        if not comment.strip():
            issues.append(FieldIssue("comment", "Say why not."))
        if issues:
            raise InvalidFieldsError(issues)
        asks = open_asks(team, self._inbox.of_team(team.name))
        ask = next((one for one in asks if one.ask_id == ask_id), None)
        if ask is None:
            raise NotFoundError("wish", ask_id[:64])
        notice = self._notice(
            team,
            NoticeKind.BUDGET_ANSWER,
            "",
            owner=ask.asked_by,
            title=f"The budget of team {name} stays as it is",
            text=comment.strip(),
            key=answer_key(ask_id),
        )
        after = {"wanted": dict(ask.wanted), "comment": comment.strip()}
        await self._tell(notice, change, "team.budget-decline", after)

    async def _team(
        self, name: str, permission: Permission, action: str, change: TeamChange
    ) -> Team:
        try:
            ensure_may(change.actor, permission, TeamName(name), kind="team", name=name)
        except (NotFoundError, ForbiddenError) as error:
            event = _event(name[:63], action, Outcome.DENIED, change, {"code": error.code}, team="")
            async with self._stores.database.transaction() as connection:
                await self._stores.audit.append(connection, event, at=self._clock())
            raise
        return await self._teams.require(TeamName(name))

    def _number(self, team: Team) -> str:
        """Tell this wish from earlier ones alike: it may come again once it was declined.

        The inbox forgets and the keys stay: so the day is in it, beside the number of wishes.
        """
        told = self._inbox.of_team(team.name)
        number = sum(one.kind in (NoticeKind.BUDGET, NoticeKind.BUDGET_ANSWER) for one in told)
        return f"{self._clock():%Y-%m-%d}.{number}"

    def _notice(
        self,
        team: Team,
        kind: NoticeKind,
        tail: str,
        *,
        owner: str,
        title: str,
        text: str,
        key: str = "",
    ) -> Notice:
        return Notice(
            notice_id=uuid.uuid4().hex,
            key=key or f"{kind}/{team.name}/{tail}",
            kind=kind,
            cluster="",
            namespace="",
            team=team.name,
            owner=owner,
            title=title,
            text=text,
            created_at=self._clock(),
        )

    async def _tell(
        self, notice: Notice, change: TeamChange, action: str, after: Mapping[str, Any]
    ) -> bool:
        """Store it; False where its key was told before."""
        team = str(notice.team)
        event = _event(team, action, Outcome.COMPLETED, change, after, team=team)
        async with self._stores.database.transaction() as connection:
            # Of two at the same moment one tells it.
            is_new = await self._stores.notices.add(connection, notice)
            if is_new:
                await self._stores.audit.append(connection, event, at=notice.created_at)
        await self._inbox.refresh()
        self._hub.publish(TEAMS)
        return is_new


def _words(team: Team, wanted: Mapping[str, Any]) -> str:
    budget = changed_team(str(team.name), {"budget": wanted}, present=team).budget
    found = differences(team.budget, budget)
    return ", ".join(f"{one.word} {one.before} → {one.after}" for one in found)


def _event(
    name: str,
    action: str,
    outcome: Outcome,
    change: TeamChange,
    after: Mapping[str, Any],
    *,
    team: str,
) -> AuditEvent:
    return AuditEvent(
        actor=change.actor.subject,
        action=action,
        object=f"team/{name}",
        outcome=outcome,
        team=team,
        correlation_id=change.correlation_id,
        source=change.audit_source,
        after=after,
    )
