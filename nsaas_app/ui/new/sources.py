"""Where a draft begins: empty, or from what the address or a pasted document names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import yaml

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import FieldIssue, InvalidFieldsError, PortalError
from ...domain.spec import SpecDraft
from ...domain.spec_draft import draft_from_document
from ...domain.teams import Team
from ...identity.permissions import Permission, may, may_anywhere
from .beginning import adoption_of, clone_of, draft_from_wish, draft_of
from .draft import Draft, begun_from, with_defaults
from .plain_yaml import lines_of_paths, read_plain

__all__ = ["MAX_PASTED", "begun", "empty", "pasted", "team_of", "teams_to_ask_for"]

MAX_PASTED: Final = 20_000
_KINDS: Final = ("NamespaceRequest",)


async def teams_to_ask_for(actor: Actor) -> list[Team]:
    """List the teams that the actor may ask in the name of: where they only read is none."""
    teams = await runtime.current().teams.of(actor)
    return [team for team in teams if may(actor, Permission.NAMESPACE_REQUEST, team.name)]


async def team_of(name: str, actor: Actor) -> Team | None:
    """Give the team of a name that the actor may ask in the name of."""
    teams = await teams_to_ask_for(actor)
    return next((team for team in teams if str(team.name) == name), None)


async def empty(actor: Actor) -> Draft:
    """Begin an empty draft: the only team is chosen already."""
    teams = await teams_to_ask_for(actor)
    own = teams[0] if len(teams) == 1 else None
    zone = await _sleep_zone(actor)
    team = str(own.name) if own else ""
    return with_defaults(Draft(team=team, owner=actor.subject, sleep_timezone=zone), team=own)


async def _sleep_zone(actor: Actor) -> str:
    """Give the zone that a schedule is read in: the person's own, else the portal's.

    It is empty where environments give no schedule: a preference brings none.
    """
    portal = runtime.current()
    usual = portal.settings.default_sleep_timezone
    return usual and ((await portal.preferences.of(actor)).time_zone or usual)


async def begun(source: str, actor: Actor) -> tuple[Draft, bool, bool]:
    """Begin from `request:…`, `clone:…`, `template:…` or `adopt:…`.

    What is not there or not theirs is an empty draft: that tells neither.

    Returns:
        The draft, whether every step of it is filled in, and whether the source was there.
    """
    try:
        return await _begun(source, actor)
    except PortalError:
        return await empty(actor), False, False


async def _begun(source: str, actor: Actor) -> tuple[Draft, bool, bool]:
    kind, _, key = source.partition(":")
    portal = runtime.current()
    if kind == "request":
        request = portal.requests.get(key, actor=actor)
        return draft_of(request.spec, now=portal.clock()), True, True
    if kind == "clone":
        draft = clone_of(await portal.changes.spec_of(key, actor=actor), owner=actor.subject)
        # Lifetime and access follow environment and team again.
        return with_defaults(draft, team=await team_of(draft.team, actor)), False, True
    draft = await empty(actor)
    if kind == "template":
        return begun_from(draft, key, team=await team_of(draft.team, actor)), False, True
    if kind == "adopt" and key and may_anywhere(actor, Permission.NAMESPACE_ADOPT):
        adopted = replace(adoption_of(key[:63]), team=draft.team, owner=draft.owner)
        return with_defaults(adopted, team=await team_of(adopted.team, actor)), False, True
    return draft, False, False


async def pasted(text: str, actor: Actor) -> Draft:
    """Begin from a document: a NamespaceRequest, or a spec alone.

    Raises:
        InvalidFieldsError: it is no YAML, no such document, or a field is none; each message
            begins with the line that it is about.
    """
    document = await _document(text)
    try:
        draft = _wished(draft_from_document(document), actor)
    except InvalidFieldsError as error:
        lines = await lines_of_paths(text)
        raise InvalidFieldsError([_in_line(issue, lines) for issue in error.issues]) from error
    if not draft.team:
        draft = replace(draft, team=(await empty(actor)).team)
    return with_defaults(draft, team=await team_of(draft.team, actor))


def _wished(wish: SpecDraft, actor: Actor) -> Draft:
    portal = runtime.current()
    if wish.cluster not in (None, "", portal.cluster_name):
        message = f"This portal asks cluster {portal.cluster_name} alone."
        raise InvalidFieldsError([FieldIssue("cluster", message)])
    return draft_from_wish(wish, owner=actor.subject, now=portal.clock())


_METADATA: Final = {"name": "metadata.name"}
"""Where the parts of a spec stand in a whole document, if not below `spec`."""


def _in_line(issue: FieldIssue, lines: Mapping[str, int]) -> FieldIssue:
    """Name line and path; of what is left out, the line of what it is missing in."""
    path = issue.field
    whole = _METADATA.get(path, f"spec.{path}") if "spec" in lines else path
    place = whole
    while place and place not in lines:
        place = place[: max(place.rfind("."), place.rfind("["), 0)]
    where = f"Line {lines[place]}: " if place else ""
    return FieldIssue("pasted", f"{where}{path}: {issue.message}", issue.code)


async def _document(text: str) -> dict[str, Any]:
    if len(text) > MAX_PASTED:
        raise _fail(f"Paste at most {MAX_PASTED} characters.")
    try:
        documents = await read_plain(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark is not None else ""
        raise _fail(f"It is no YAML, or has aliases: something is wrong{where}.") from error
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise _fail("Paste one document; for several use nsaas apply -f.")
    document = dict(documents[0])
    if "kind" not in document:
        return document
    kind = document["kind"]
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _fail(f"A document of that kind is no {_KINDS[0]}.")
    metadata, spec = document.get("metadata") or {}, document.get("spec") or {}
    if not isinstance(metadata, dict) or not isinstance(spec, dict):
        raise _fail("It needs metadata.name and spec.")
    name = metadata.get("name") or ""
    if not isinstance(name, str):
        raise _fail("metadata.name must be a text.")
    return {**spec, "name": name}


def _fail(message: str) -> InvalidFieldsError:
    return InvalidFieldsError([FieldIssue("pasted", message)])
