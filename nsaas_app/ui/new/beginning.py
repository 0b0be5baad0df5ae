"""What a draft begins from: a request, a namespace, a document, a draft that was left. Pure."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from ...domain.environments import Environment
from ...domain.errors import FieldIssue, InvalidFieldsError, PortalError
from ...domain.spec import NamespaceSpec, SpecDraft
from ...domain.templates import template_of
from ..pairs import lines_of
from .draft import CHOICES, TEXTS, Draft, GrantDraft
from .overriding import OVERRIDE_FIELDS, fields_from

__all__ = ["adoption_of", "clone_of", "draft_from_kept", "draft_from_wish", "draft_of"]


def draft_of(spec: NamespaceSpec, *, now: datetime) -> Draft:
    """Take a spec back into the form, to edit and submit it again."""
    days = max(1, (spec.expires_at - now).days + 1) if spec.expires_at else ""
    return Draft(
        team=str(spec.team),
        name=str(spec.name),
        environment=spec.environment.value,
        tier=spec.tier.value,
        network=spec.network.preset.value,
        egress=spec.network.egress.value,
        cidrs=" ".join(spec.network.cidrs),
        gateway="yes" if spec.network.accept_from_gateway else "",
        display_name=spec.display_name,
        description=spec.description,
        cost_center=spec.cost_center,
        owner=spec.owner,
        expires_in_days=str(days),
        labels=lines_of(spec.labels),
        annotations=lines_of(spec.annotations),
        **fields_from(spec.overrides),
        **_sleep_of(spec),
        access=tuple(GrantDraft.from_grant(grant) for grant in spec.access),
        chosen=(
            "name", "tier", "network", "egress", "gateway", "cost_center", "owner",
            "expires_in_days",
            "access", "sleep_timezone", "sleep_windows",
        ),
    )  # fmt: skip


def _sleep_of(spec: NamespaceSpec) -> dict[str, Any]:
    if spec.sleep is None:
        return {}
    windows = "\n".join(spec.sleep.texts)
    return {"sleep_timezone": spec.sleep.timezone, "sleep_windows": windows}


def clone_of(spec: NamespaceSpec, *, owner: str) -> Draft:
    """Take what a copy shares with a namespace; name, lifetime and access are its own."""
    return Draft(
        team=str(spec.team),
        environment=spec.environment.value,
        tier=spec.tier.value,
        network=spec.network.preset.value,
        egress=spec.network.egress.value,
        cidrs=" ".join(spec.network.cidrs),
        gateway="yes" if spec.network.accept_from_gateway else "",
        description=spec.description,
        cost_center=spec.cost_center,
        owner=owner,
        labels=lines_of(spec.labels),
        annotations=lines_of(spec.annotations),
        **fields_from(spec.overrides),
        **_sleep_of(spec),
        chosen=("tier", "network", "egress", "cost_center", "sleep_timezone", "sleep_windows"),
    )


def adoption_of(name: str) -> Draft:
    """Begin the adoption of a namespace, with the environment that its name ends like."""
    endings = {environment.short: environment for environment in Environment}
    environment = endings.get(name.rsplit("-", 1)[-1], Environment.DEVELOPMENT)
    return Draft(name=name, adopts=name, environment=environment.value, chosen=("name",))


def draft_from_wish(wish: SpecDraft, *, owner: str, now: datetime) -> Draft:
    """Take a document that somebody wrote into the form; what it leaves out keeps its default.

    Raises:
        InvalidFieldsError: a choice is none of the offered ones.
    """
    access = tuple(
        GrantDraft(
            entry.get("kind", ""),
            entry.get("name", ""),
            entry.get("role", ""),
            entry.get("expires_at", "")[:10],
        )
        for entry in wish.access or ()
    )
    given: dict[str, Any] = {
        "team": wish.team,
        "name": wish.name,
        "environment": wish.environment,
        "tier": wish.tier,
        "network": wish.preset,
        "egress": wish.egress,
        "gateway": "yes" if wish.accept_from_gateway else "",
        "cost_center": wish.cost_center,
        "owner": wish.owner,
        "expires_in_days": _days_of(wish, now),
        "sleep_timezone": wish.sleep_timezone,
        "sleep_windows": None if wish.sleep_windows is None else "\n".join(wish.sleep_windows),
        "access": access if wish.access is not None else None,
    }
    chosen = {name: value for name, value in given.items() if value not in (None, "")}
    if issues := [
        FieldIssue(name, f"{chosen[name]!r} is none of {', '.join(sorted(choices))}.")
        for name, choices in CHOICES.items()
        if name in chosen and chosen[name] not in choices
    ]:
        raise InvalidFieldsError(issues)
    if unknown := sorted(set(wish.overrides) - set(OVERRIDE_FIELDS)):
        message = f"Only {', '.join(OVERRIDE_FIELDS)} can be overridden."
        raise InvalidFieldsError([FieldIssue(f"overrides.{one}", message) for one in unknown])
    return Draft(
        **{"owner": owner} | chosen,
        cidrs=" ".join(wish.cidrs),
        display_name=wish.display_name,
        description=wish.description,
        labels=lines_of(wish.labels),
        annotations=lines_of(wish.annotations),
        **fields_from(wish.overrides),
        features=wish.features,
        chosen=tuple(chosen),
    )


def _days_of(wish: SpecDraft, now: datetime) -> str | None:
    """Give the lifetime as the form holds it: whole days, the last one begun."""
    if wish.expires_in_days is not None:
        return str(wish.expires_in_days)
    if wish.expires_at is None:
        return None
    return str(-((now - wish.expires_at) // timedelta(days=1)))


def draft_from_kept(document: Mapping[str, Any]) -> Draft:
    """Read a draft that was kept. What is of the wrong kind, or no choice any more, is dropped."""
    texts: dict[str, Any] = {
        name: value
        for name, value in document.items()
        if name in (TEXTS - {"confirm"}) | {"adopts", "template"} and isinstance(value, str)
        if name not in CHOICES or value in CHOICES[name]
    }
    access = tuple(
        GrantDraft(**{key: value for key, value in one.items() if isinstance(value, str)})
        for one in _list(document, "access")
        if isinstance(one, Mapping) and set(one) <= {each.name for each in fields(GrantDraft)}
    )
    words = {
        name: tuple(one for one in _list(document, name) if isinstance(one, str))
        for name in ("also", "features", "chosen")
    }
    also = tuple(one for one in words["also"] if one in set(Environment))
    draft = Draft(
        **texts, access=access, also=also, features=words["features"], chosen=words["chosen"]
    )
    return _with_template(draft, document.get("parameters"))


def _list(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name)
    return list(found) if isinstance(found, list | tuple) else []


def _with_template(draft: Draft, answers: object) -> Draft:
    """Keep the answers of a template that is still there; else what it gave stays as chosen."""
    given = answers if isinstance(answers, Mapping) else {}
    try:
        template = template_of(draft.template) if draft.template else None
    except PortalError:
        template = None
    if template is None:
        return replace(draft, template="", parameters={})
    known = {one.name: str(given.get(one.name, one.default or "")) for one in template.parameters}
    return replace(draft, parameters=known)
