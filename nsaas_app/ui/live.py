"""The one push loop of every page: wait for news, read memory, send only what changed."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeVar, cast

import reflex as rx
import structlog

from .. import runtime
from ..directory.hub import FRESHNESS, SESSIONS, TEAMS
from ..domain.actors import Actor
from ..domain.errors import ForbiddenError, NotFoundError, PortalError
from ..domain.preferences import PAGE_SIZES
from .gap import Gap
from .glance import leave, show, until_seen
from .guard import actor_behind, forget, is_renewed
from .nearest import nearest_of
from .palette.state import Palette, note_visit
from .problems import Problem
from .routes import Pill
from .shell.chosen import chosen_by
from .shell.state import Shell, address_of, shell_view, sign_off
from .tab_loops import TabLoop, loop_of, open_loops
from .turns import Turns

__all__ = ["LivePage", "Reader", "assign", "bare", "follow"]

State = TypeVar("State", bound=rx.State)
Reader = Callable[[Actor], Awaitable[Mapping[str, object]]]
"""Computes a page's vars for an actor from memory."""

log = structlog.get_logger(__name__)


class LivePage(rx.State, mixin=True):
    """Vars each live page has beside its own."""

    is_loaded: bool = False
    """False while skeletons show."""
    is_known: bool = False
    """Whether anything was read so far: what is empty before that is not known to be empty."""
    problem: Problem = Problem()
    """Why the page cannot be shown; empty code when it can."""
    nearest: list[Pill] = []
    """Where nothing was found: what there is with nearly that name."""
    announcement: str = ""
    """Said politely to screen readers: ends of steps, counts of results."""
    _size: int = PAGE_SIZES[0]
    """Rows that the person wants on a page of a list; `learn_preferences` asks."""
    _zone: str = ""
    """The IANA time zone that the person prefers; empty for the browser's, which nobody tells."""

    _lists: ClassVar[Mapping[str, "RowByRow"]] = {}
    """Its lists that are sent row by row; see `places`."""

    def _take_in(self, values: Mapping[str, object], actor: Actor) -> None:  # noqa: ARG002 - for pages
        """Take in what was read for an actor. The page's lock is held."""
        self._put(values)

    def _put(self, values: Mapping[str, object]) -> None:
        """Set what differs, lists row by row."""
        for name in self._lists.keys() & values.keys():
            self._lists[name].put(self, cast("Sequence[Any]", values[name]))
        assign(self, {name: each for name, each in values.items() if name not in self._lists})


class RowByRow(Protocol):
    """A list that is sent row by row."""

    def put(self, state: rx.State, lines: Sequence[Any], /) -> None:
        """Show these rows."""


def assign(state: rx.State, values: Mapping[str, object]) -> None:
    """Set the vars that differ. An equal assignment would be sent to the browser again."""
    known = bare(state)
    for name, value in values.items():
        before = known.get_value(name)
        if before is not value and before != value:
            setattr(state, name, value)


def bare(state: State) -> State:
    """The state itself, where a background task has it behind a proxy.

    The proxy looks at each access whether the lock is held. That is much for many vars at once:
    whoever holds the lock, or only reads, may go without.
    """
    found: State = getattr(state, "__wrapped__", state)
    return found


async def follow(
    page: LivePage,
    *,
    topics: Sequence[str],
    read: Reader,
    needs_team: bool = True,
) -> None:
    """Push what `read` gives until the page is left, the tab closed, or the login session ends.

    Args:
        page: the page's state.
        topics: news of these wake it.
        read: computes the page's vars.
        needs_team: whether the page is about teams' things. For somebody without any role nothing
            is read then; the frame says what to do, and the page fills as soon as a role arrives.
    """
    watched = (*topics, FRESHNESS, SESSIONS, *([TEAMS] if needs_team else []))
    tab = page.router.session.client_token
    show(tab)
    try:
        with loop_of(tab, page.router.session.session_id) as loop:
            gap = await _arrive(page)
            await _push(page, (*watched, loop.topic), read, gap, loop, needs_team=needs_team)
    finally:
        if not open_loops(tab):
            leave(tab)


async def _push(
    page: LivePage,
    watched: Sequence[str],
    read: Reader,
    gap: Gap,
    loop: TabLoop,
    *,
    needs_team: bool,
) -> None:
    hub, tab = runtime.current().directory.hub, page.router.session.client_token
    cookie, turns = page.router.headers.cookie, Turns(hub, watched)
    while not loop.is_over:
        seen = turns.begin()
        try:
            # Looking for news is no use of the session: it may go idle under an open page.
            actor = await actor_behind(cookie)
        except PortalError:
            # With a new id for the session, the browser is about to connect anew by itself.
            if not await is_renewed(page):
                await _sign_out(page)
            return
        values = {} if needs_team and actor.is_outsider else await _read(page, read, actor)
        chosen = await chosen_by(actor)
        if loop.is_over:
            return
        async with page:
            await _show(bare(page), values, actor, gap, chosen)
        await turns.wait(seen)
        await until_seen(tab, seen)


async def _show(
    page: LivePage,
    values: Mapping[str, object],
    actor: Actor,
    gap: Gap,
    chosen: Mapping[str, object],
) -> None:
    """Take in what was read, and the frame around it. The page's lock is held."""
    try:
        page._take_in(values, actor)  # noqa: SLF001 - the page's, as this loop is
    except Exception:
        # As with reading: the next turn may be good again.
        log.exception("page not shown")
    shell, now = await page.get_state(Shell), runtime.current().clock()
    shell._shown_at = now  # noqa: SLF001 - the frame's, as this is
    assign(shell, {**shell_view(actor), **chosen, "missed_s": gap.seconds_to_tell(now)})


async def _arrive(page: LivePage) -> Gap:
    """Note that a page is shown; tell how long it was cut off if it is the one shown last."""
    async with page:
        path, now = page.router.url.path.rstrip("/"), runtime.current().clock()
        here = address_of(page.router.url)
        note_visit(await page.get_state(Palette), path)
        shell = await page.get_state(Shell)
        before = shell._shown_at if shell._shown_path == path else None  # noqa: SLF001 - the frame's
        shell._shown_path = path  # noqa: SLF001 - the frame's
        assign(shell, {"address": here})
    return Gap.between(before, now)


async def _read(page: LivePage, read: Reader, actor: Actor) -> dict[str, object]:
    try:
        values = await read(actor)
    except NotFoundError as error:
        found: dict[str, object] = _hidden(Problem.from_error(error))
        if page.problem.message == error.message:
            return found
        async with page:
            path = page.router.url.path
        return found | {"nearest": await nearest_of(path, actor=actor)}
    except ForbiddenError as error:
        return _hidden(_problem(page, error))
    except PortalError as error:
        return {"problem": _problem(page, error), "is_loaded": True}
    except Exception:
        # One bad turn must not end the stream: the next one may be good again.
        failure = PortalError("This page cannot be shown now.", code="INTERNAL")
        problem = _problem(page, failure)
        log.exception("page not read", correlation_id=problem.correlation_id)
        return {"problem": problem, "is_loaded": True}
    return {**values, "problem": Problem(), "is_loaded": True, "is_known": True}


def _hidden(problem: Problem) -> dict[str, object]:
    """What somebody may no longer see does not stay below the word that they may not."""
    return {"problem": problem, "is_loaded": True, "is_known": False}


def _problem(page: LivePage, error: PortalError) -> Problem:
    """Describe it under an id that stays while the same thing goes wrong again and again."""
    known = page.problem
    if (known.code, known.message) == (error.code, error.message):
        return Problem.from_error(error, correlation_id=known.correlation_id)
    correlation_id = secrets.token_hex(8)
    log.info(
        "page refused", path=page.router.url.path, code=error.code, correlation_id=correlation_id
    )
    return Problem.from_error(error, correlation_id=correlation_id)


async def _sign_out(page: LivePage) -> None:
    """Take everything off the screen: the data belonged to the session that ended."""
    async with page:
        forget(page._get_root_state())  # noqa: SLF001 - the framework offers no other way
        sign_off(await page.get_state(Shell), page.router.url, now=runtime.current().clock())
