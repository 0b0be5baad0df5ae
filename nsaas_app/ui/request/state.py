"""State of one request's page: everything comes from the request as it stands now."""

import secrets
from datetime import datetime

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import request_topic
from ...domain.actors import Actor
from ...domain.errors import PortalError
from ...identity.permissions import Permission
from ...lifecycle.inbox import INBOX
from ...provisioning.intake import Submission
from ..connect import Command
from ..decisions.state import Deciding
from ..decisions.transform import ApprovalView, Steering
from ..figures import iso
from ..guard import actor_of, guarded
from ..live import LivePage, assign, follow
from ..problems import Problem, toast_for
from ..request_views import RequestLine, StepView
from ..request_waits import wait_of
from ..routes import last_part
from ..spec_diff import Difference
from ..spec_views import Fact
from .fixes import HelpView
from .transform import ENDED, request_vars

__all__ = ["RequestState"]


class RequestState(LivePage, rx.State):
    """Vars of the page."""

    title: str = "Request"
    line: RequestLine = RequestLine()
    steps: list[StepView] = []
    facts: list[Fact] = []
    commands: list[Command] = []
    failure: Problem = Problem()
    correlation_id: str = ""
    finished_at: str = ""
    since: str = ""
    """Since when its time runs: its submit, its approval or its retry."""
    justification: str = ""
    usual: str = ""
    document: str = ""
    """What was asked, as YAML that can be applied."""
    link: str = ""
    """The address of this page, to share."""
    retry_at: str = ""
    countdown_s: int = 0
    """Seconds to the next try when it was first heard of: the browser counts on from there."""
    is_paused: bool = False
    """Whether it waits for its next try."""
    taken_back: list[str] = []
    """What a failed run wrote and took back."""
    as_of: str = ""
    outcome: str = ""
    approval: ApprovalView = ApprovalView()
    steering: Steering = Steering()
    changed: list[Difference] = []
    """How a change differs from what was there."""
    is_provision: bool = False
    is_completed: bool = False
    export_href: str = ""
    """Where the manifests of a deleted namespace are kept; empty where there are none."""
    is_there: bool = False
    """Whether its end left a namespace to look at."""
    help: HelpView = HelpView()
    """Whether this person may ask somebody to mend it."""
    may_wake: bool = False
    """Whether it sent to sleep what this person may wake again."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Follow the request named in the address."""
        request_id = last_part(self.router.url.path)
        async with self:
            if self.line.request_id != request_id:
                # Another request's outcome must not stand under this one's address.
                assign(self, {"is_loaded": False, "outcome": "", "is_completed": False})
            # A question belongs to the page it was asked on.
            assign(await self.get_state(Deciding), {"is_cancelling": False})

        async def read(actor: Actor) -> dict[str, object]:
            portal = runtime.current()
            request = portal.requests.get(request_id, actor=actor)
            values = request_vars(
                request,
                actor=actor,
                usual=portal.requests.usual_duration(request.kind),
                is_local=portal.environment == "dev",
                wait=wait_of(request),
                told=self._told(request_id),
            )
            values["help"] = HelpView.of(
                request, actor, asked_at=portal.organisation.helps.asked_at(request)
            )
            values["countdown_s"] = self._seconds_to(str(values["retry_at"]))
            link = f"{portal.settings.url}/requests/{request_id}"
            return {**values, "as_of": iso(portal.clock()), "link": link}

        await follow(self, topics=(request_topic(request_id), INBOX), read=read)

    @guarded(Permission.NAMESPACE_SLEEP)
    async def wake(self) -> EventSpec | None:
        """Start again what this request stopped."""
        submission = Submission(
            actor=await actor_of(self),
            # However often it is clicked, it is one wish.
            idempotency_key=f"wake-{self.line.request_id}",
            correlation_id=secrets.token_hex(8),
            source="ui",
        )
        try:
            request = await runtime.current().changes.wake(self.line.namespace, submission)
        except PortalError as error:
            return toast_for(error)
        return rx.redirect(f"/requests/{request.request_id}") if request is not None else None

    def _told(self, request_id: str) -> int | None:
        """Count the steps of it that the page shows as ended; None before it shows any."""
        if self.line.request_id != request_id:
            return None
        return sum(step.status in ENDED for step in self.steps)

    def _seconds_to(self, retry_at: str) -> int:
        """Count to the next try, once for each: a second count would start anew in the browser."""
        if not retry_at:
            return 0
        if retry_at == self.retry_at:
            return self.countdown_s
        left = datetime.fromisoformat(retry_at) - runtime.current().clock()
        return max(0, round(left.total_seconds()))
