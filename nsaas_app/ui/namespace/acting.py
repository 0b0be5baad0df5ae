"""State of acting on a namespace: the dialog that is open, what was typed, what it would mean."""

from collections.abc import AsyncIterator, Sequence

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.access import AccessRole, SubjectKind
from ...domain.environments import POLICIES
from ...domain.errors import PortalError
from ...domain.requests import ProvisioningRequest, RequestKind
from ...domain.sleep import NIGHTS_AND_WEEKENDS
from ...identity.permissions import Permission
from ...provisioning.intake import Submission
from ..guard import actor_of, guarded
from ..live import assign
from ..new.transform import tier_options
from ..pairs import lines_of
from ..problems import Problem, toast_for
from ..toasts import say
from .acting_base import ActingBase
from .actions import impact_of
from .patches import DETAILS
from .proposal import depart, record_of
from .resting import SPANS
from .week import toggled, week_of

__all__ = ["Acting"]


class Acting(ActingBase, rx.State):
    """The verbs of the page."""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_renew(self, opener: str) -> None:
        """Open the dialog that puts the end off."""
        actor = await actor_of(self)
        record = record_of(self._name(), actor)
        policy = POLICIES[record.spec.environment]
        if policy.default_ttl and policy.max_ttl:
            self._begin("renew", expires_in_days=str(policy.default_ttl.days))
            self._opened_by(str(opener))
            used = f" Put off {record.renewals} of {policy.renewals} times that need no lead."
            limit = used if policy.renewals else ""
            self.lifetime_help = f"Counted from now; {policy.max_ttl.days} at most.{limit}"
            await self._refresh(actor)

    @guarded(Permission.NAMESPACE_CERTIFY)
    async def certify(self) -> AsyncIterator[EventSpec | None]:
        """Confirm that it is still needed."""
        name = self._name()
        self._begin("")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.certify(name, submission)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_resize(self, opener: str) -> None:
        """Open the dialog that changes the tier."""
        actor = await actor_of(self)
        spec = record_of(self._name(), actor).spec
        self._begin("resize", tier=spec.tier.value)
        self._opened_by(str(opener))
        self.tiers = tier_options(spec.environment, current=spec.tier)
        await self._refresh(actor)

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_describe(self) -> None:
        """Open the dialog that changes what people read of it."""
        actor = await actor_of(self)
        spec = record_of(self._name(), actor).spec
        self._begin("describe", **{field: str(getattr(spec, field)) for field in DETAILS})
        await self._refresh(actor)

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_labels(self) -> None:
        """Open the dialog that changes labels and annotations."""
        actor = await actor_of(self)
        spec = record_of(self._name(), actor).spec
        self._begin("labels", labels=lines_of(spec.labels), annotations=lines_of(spec.annotations))
        await self._refresh(actor)

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_grant(self) -> None:
        """Open the dialog that lets somebody in."""
        group, viewer = SubjectKind.GROUP.value, AccessRole.VIEWER.value
        record_of(self._name(), await actor_of(self))
        self._begin("grant", grant_kind=group, grant_name="", grant_role=viewer, grant_days="")

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_revoke(self, grant: str) -> None:
        """Open the dialog that takes somebody's role away."""
        actor = await actor_of(self)
        record_of(self._name(), actor)
        self._begin("revoke", grant=str(grant))
        await self._refresh(actor)

    @guarded(Permission.NAMESPACE_PROTECT)
    async def protect(self, is_wanted: bool) -> AsyncIterator[EventSpec | None]:  # noqa: FBT001 - an event's value
        """Put protection on, or lift it; the page shows it."""
        self.is_busy = True
        yield None
        try:
            await runtime.current().protections.protect(
                self._name(), await self._submission(), is_protected=is_wanted is True
            )
            yield say(
                f"{self._name()} is protected."
                if is_wanted is True
                else f"{self._name()} is not protected any more."
            )
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False

    @guarded(Permission.NAMESPACE_SLEEP)
    async def begin_sleep(self) -> None:
        """Open the dialog that sends to sleep."""
        self._begin("sleep", until="open")

    @guarded(Permission.NAMESPACE_SLEEP)
    async def submit_sleep(self) -> AsyncIterator[EventSpec | None]:
        """Stop what runs."""
        name, span = self._name(), SPANS.get(self.form.get("until", ""))

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            portal = runtime.current()
            until = portal.clock() + span if span else None
            return await portal.changes.sleep(name, submission, until=until)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_SLEEP)
    async def wake(self) -> AsyncIterator[EventSpec | None]:
        """Start again what sleeps."""
        name = self._name()
        self._begin("")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.wake(name, submission)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin_schedule(self) -> None:
        """Open the dialog that says when it sleeps by itself."""
        actor = await actor_of(self)
        sleep = record_of(self._name(), actor).spec.sleep
        windows = list(sleep.texts) if sleep else []
        zone = sleep.timezone if sleep else "Europe/Berlin"
        self._begin("schedule", timezone=zone, windows="\n".join(windows))
        await self._refresh(actor)

    @guarded(Permission.NAMESPACE_CHANGE)
    async def suggest_schedule(self) -> None:
        """Fill in nights and weekends."""
        await self._write_windows(NIGHTS_AND_WEEKENDS)

    @guarded(Permission.NAMESPACE_CHANGE)
    async def turn_hour(self, day: int, hour: int) -> None:
        """Turn one hour of the week over."""
        lines = self.form.get("windows", "").splitlines()
        await self._write_windows(toggled(lines, day, hour))

    async def _write_windows(self, lines: Sequence[str]) -> None:
        self.form = {**self.form, "windows": "\n".join(lines)}
        self.week = week_of(lines)
        self.errors = {}
        await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_RELEASE)
    async def begin_release(self, opener: str) -> None:
        """Open the dialog that gives the namespace up."""
        await self._begin_end(RequestKind.RELEASE)
        self._opened_by(str(opener))

    @guarded(Permission.NAMESPACE_DELETE)
    async def begin_delete(self) -> None:
        """Open the dialog that removes the namespace for good."""
        await self._begin_end(RequestKind.DELETE)

    @guarded(Permission.NAMESPACE_RELEASE)
    async def submit_release(self) -> AsyncIterator[EventSpec | None]:
        """Give the namespace up."""
        name, typed = self._name(), self.form.get("confirm", "")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.release(name, submission, confirm=typed)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_RESTORE)
    async def restore(self) -> AsyncIterator[EventSpec | None]:
        """Take a release back."""
        name = self._name()
        self._begin("")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.restore(name, submission)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_DELETE)
    async def submit_delete(self) -> AsyncIterator[EventSpec | None]:
        """Remove the namespace for good."""
        name, typed = self._name(), self.form.get("confirm", "")

        async def ask(submission: Submission) -> ProvisioningRequest | None:
            return await runtime.current().changes.delete(name, submission, confirm=typed)

        async for event in self._hand_in(ask):
            yield event

    @guarded(Permission.NAMESPACE_REPAIR)
    async def repair(self) -> AsyncIterator[EventSpec | None]:
        """Bring everything back to what was asked; the page shows the drift go."""
        self.is_busy = True
        yield None
        try:
            await runtime.current().repairs.request(self._name(), await self._submission())
            yield say(f"Repairing {self._name()}.")
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False

    async def _begin_end(self, kind: RequestKind) -> None:
        """Open a dialog that ends the namespace; what forbids it stands in the dialog."""
        name, actor = self._name(), await actor_of(self)
        self._begin(kind.value)
        # Other ways in ask for it in production alone; a page always does, whatever comes after.
        self.needs_name = True
        self.impact = impact_of(runtime.current().directory.row(name, actor=actor))
        try:
            assign(self, await depart(kind, name, actor))
        except PortalError as error:
            self.problem = Problem.from_error(error)
