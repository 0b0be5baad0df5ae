"""State of the wizard: the draft on the server, and what the checks say about it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import InvalidFieldsError, PortalError
from ...identity.permissions import Permission, may_anywhere
from ...provisioning.archive import packed_kustomization
from ..guard import actor_of, guarded
from ..live import bare, follow
from ..problems import Problem
from ..toasts import copied, say
from .access_editing import grant_added, grant_edited, grant_removed
from .checking import ANEW, CHECKED_BY
from .draft import TEXTS, answered
from .kept import forget, offered
from .members import toggled
from .moves import SUMMARY, WizardMoves
from .offers import offers
from .overriding import OVERRIDE_FIELDS
from .plain_yaml import read_plain
from .sources import MAX_PASTED, empty, pasted, team_of
from .steps import FORM_STEPS, PARAMETERS, next_step, previous_step, step_of
from .trying import tried

__all__ = ["NewState"]


class NewState(WizardMoves, rx.State):
    """Handlers of the wizard. Every default is filled in once somebody is known."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> AsyncIterator[EventSpec | None]:
        """Open the step in the address, with a fresh draft or the one that was left."""
        query = self.router.url.query_parameters
        actor = await actor_of(self)
        if may_anywhere(actor, Permission.NAMESPACE_REQUEST):
            async with self:
                if await self._arrive(query.get("from", ""), query, actor):
                    # The address without its source: a reload must keep what is typed from now on.
                    yield rx.redirect("/new", replace=True)
                said, is_tried = await self._settle(query, actor)
            for event in said:
                yield event
            if not is_tried:
                draft = self.draft
                values = await tried(draft, actor, team=await team_of(draft.team, actor))
                async with self:
                    self._take_preview(draft, values)

        hub, seen = runtime.current().directory.hub, dict[str, int]()

        async def read(actor: Actor) -> dict[str, object]:
            values = await offers(actor)
            if (news := hub.versions(CHECKED_BY)) != seen:
                seen.update(news)
                values[ANEW] = await bare(self)._check_anew(actor)  # noqa: SLF001 - its own
            return values

        # No topics of requests: a look each few seconds is enough, however busy the cluster is.
        await follow(self, topics=(), read=read)

    @guarded(Permission.NAMESPACE_REQUEST)
    async def edit(self, field: str, value: str) -> EventSpec | None:
        """Take in one field; the defaults that nobody chose follow."""
        if field in TEXTS and isinstance(value, str):
            return await self._edit(field, value)
        return None

    @guarded(Permission.NAMESPACE_REQUEST)
    async def leave(self, field: str) -> None:
        """Check a field when the cursor leaves it: from now on its errors show."""
        if field in TEXTS:
            self._shown.add(field)
            await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def set_overriding(self, is_wanted: bool) -> EventSpec | None:  # noqa: FBT001 - an event's value
        """Open the fields for other numbers than the tier's, or take those back."""
        self.is_overriding = is_wanted is True
        if not self.is_overriding and self.draft.overrides():
            cleared: dict[str, Any] = dict.fromkeys(OVERRIDE_FIELDS.values(), "")
            return await self._take(replace(self.draft, **cleared), await actor_of(self))
        return None

    @guarded(Permission.NAMESPACE_REQUEST)
    async def lasts(self, days: str) -> EventSpec | None:
        """Take one of the offered lifetimes."""
        if isinstance(days, str):
            self._shown.add("expires_in_days")
            return await self._edit("expires_in_days", days)
        return None

    @guarded(Permission.NAMESPACE_REQUEST)
    async def go_to_field(self, field: str) -> EventSpec | None:
        """Go to a field that the summary of errors names."""
        if not isinstance(field, str) or field not in self.errors:
            return None
        if (step := step_of(field)) != self.step:
            self._focus = self._focus_of(field)
            return self._address(step)
        return rx.set_focus(self._focus_of(field))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def toggle_summary(self) -> None:
        """Open or close the summary where there is no room for it beside the fields."""
        self.is_summary_open = not self.is_summary_open

    @guarded(Permission.NAMESPACE_REQUEST)
    async def copy_objects(self) -> EventSpec:
        """Give the browser every object as one YAML text to keep in its clipboard."""
        return copied(self._objects(), word="Copied the objects.")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def download_objects(self) -> EventSpec | None:
        """Give the browser every object as a directory for `kubectl apply -k`, in one archive."""
        if not self.dry_runs:
            return None
        name = self.draft.name.strip()
        manifests = [one for one in await read_plain(self._objects()) if isinstance(one, dict)]
        archive = await asyncio.to_thread(packed_kustomization, name, manifests)
        return rx.download(data=archive, filename=f"{name}-kustomize.tar.gz")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def clone(self, form: dict[str, Any]) -> EventSpec:
        """Begin like the namespace that was named."""
        name = str(form.get("name", "")).strip() if isinstance(form, dict) else ""
        if not name:
            return rx.set_focus("field_clone")
        try:
            await runtime.current().changes.spec_of(name, actor=await actor_of(self))
        except PortalError as error:
            self.clone_error = error.message
            return rx.set_focus("field_clone")
        self.clone_error = ""
        return rx.redirect(f"/new?from=clone:{quote(name, safe='')}")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def toggle_also(self, environment: str) -> EventSpec | None:
        """Ask for a namespace of the same base name in another environment too, or no longer."""
        if isinstance(environment, str):
            self._shown.add("also")
            return await self._take(toggled(self.draft, environment), await actor_of(self))
        return None

    @guarded(Permission.NAMESPACE_REQUEST)
    async def drop_feature(self, feature: str) -> EventSpec | None:
        """Take a feature out that a document or another namespace brought along."""
        if isinstance(feature, str):
            left = tuple(one for one in self.draft.features if one != feature)
            return await self._take(replace(self.draft, features=left), await actor_of(self))
        return None

    @guarded(Permission.NAMESPACE_REQUEST)
    async def paste(self, text: str) -> None:
        """Take in a document that is being pasted."""
        if isinstance(text, str):
            self.pasted, self.paste_error = text[: MAX_PASTED + 1], ""

    @guarded(Permission.NAMESPACE_REQUEST)
    async def read_pasted(self) -> EventSpec | list[EventSpec]:
        """Fill the form from the pasted document; what is wrong with it is told beside it."""
        actor = await actor_of(self)
        try:
            draft = await pasted(self.pasted, actor)
        except InvalidFieldsError as error:
            self.paste_error = "\n".join(issue.message for issue in error.issues)
            return rx.set_focus("field_pasted")
        self.pasted = ""
        # A document speaks of every step: what it breaks is told at once, not step by step.
        self._shown |= {
            field for step in FORM_STEPS if step != "review" for field in FORM_STEPS[step]
        }
        address = await self._take(draft, actor)
        self.is_refused = bool(self.error_lines)
        said = say("The form is filled in from the document.")
        told = [said, rx.set_focus(SUMMARY)] if self.is_refused else [said]
        return told if address is None else [address, *told]

    @guarded(Permission.NAMESPACE_ADOPT)
    async def adopt(self, form: dict[str, Any]) -> EventSpec | None:
        """Begin the adoption of the namespace that was named."""
        name = form.get("name", "") if isinstance(form, dict) else ""
        name = quote(str(name).strip(), safe="")
        return rx.redirect(f"/new?from=adopt:{name}") if name else rx.set_focus("field_adopt")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def drop(self, key: str) -> None:
        """Forget a draft that was left."""
        if isinstance(key, str):
            actor = await actor_of(self)
            await forget(key, actor)
            self.drafts = await offered(actor, but=self.kept_as)

    @guarded(Permission.NAMESPACE_REQUEST)
    async def answer(self, name: str, value: str) -> EventSpec | None:
        """Take in one answer to the template; tier, network and the rest follow it."""
        if not isinstance(name, str) or not isinstance(value, str):
            return None
        actor = await actor_of(self)
        team = await team_of(self.draft.team, actor)
        draft = answered(self.draft, name.removeprefix(PARAMETERS), value, team=team)
        return await self._take(draft, actor)

    @guarded(Permission.NAMESPACE_REQUEST)
    async def leave_answer(self, name: str) -> None:
        """Check an answer when the cursor leaves it."""
        if isinstance(name, str) and name.removeprefix(PARAMETERS) in self.draft.parameters:
            self._shown.add(name)
            await self._refresh(await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def edit_grant(self, index: int, part: str, value: str) -> EventSpec | None:
        """Change one part of an access line."""
        if isinstance(index, int) and isinstance(value, str):
            draft = grant_edited(self.draft, index, part, value)
            return await self._take(draft, await actor_of(self))
        return None

    @guarded(Permission.NAMESPACE_REQUEST)
    async def add_grant(self) -> EventSpec | None:
        """Add an empty access line."""
        return await self._take(grant_added(self.draft), await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def remove_grant(self, index: int) -> EventSpec | None:
        """Take an access line out."""
        return await self._take(grant_removed(self.draft, index), await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def go_back(self) -> EventSpec:
        """Go one step back; nothing typed is lost."""
        return self._open(previous_step(self.step))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def go_next(self) -> EventSpec | list[EventSpec] | None:
        """Check this step; go on when no rule is broken, else show every broken one."""
        return await self._pass({self.step}, next_step(self.step))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def go_to_review(self) -> EventSpec | list[EventSpec] | None:
        """Take the defaults of every step between and go to the review."""
        return await self._pass(set(FORM_STEPS) - {"review"}, "review")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def start_over(self) -> EventSpec:
        """Forget the draft and begin with an empty one."""
        actor = await actor_of(self)
        if self.kept_as:
            await forget(self.kept_as, actor)
        self._begin(await empty(actor))
        return self._open("basics")

    @guarded(Permission.NAMESPACE_REQUEST)
    async def preview(self) -> AsyncIterator[None]:
        """Ask the API server again."""
        self.is_previewing = True
        yield None
        await self._try(await actor_of(self))

    @guarded(Permission.NAMESPACE_REQUEST)
    async def submit(self) -> AsyncIterator[EventSpec | list[EventSpec] | None]:
        """Hand the draft in. What the server refuses is shown at its field."""
        if not self._key:
            return
        self.is_submitting = True
        yield None
        try:
            actor = await actor_of(self)
            yield await self._submit(actor)
        except PortalError as error:
            self.refusal = Problem.from_error(error)
        finally:
            self.is_submitting = False
