"""What the frame shows: who is signed in, where the portal runs, how fresh the picture is.

Filled by the page's one live loop; it has no handlers and no stream of its own.
"""

from datetime import datetime
from typing import Final
from urllib.parse import quote

import reflex as rx
from reflex.istate.data import ReflexURL

from ... import runtime
from ...domain.actors import Actor
from ...identity.permissions import Permission, may_anywhere
from ..decisions.transform import count_decidable
from ..figures import iso
from ..remembered import Remembered
from ..staleness import OldKinds, old_kinds
from ..words import role_word

__all__ = ["Shell", "address_of", "shell_view", "sign_off"]


class Shell(rx.State):
    """Vars of the frame. Empty until somebody is known."""

    display_name: str = ""
    subject: str = ""
    initials: str = ""
    role: str = ""
    may_request: bool = False
    sees_approvals: bool = False
    sees_audit: bool = False
    sees_cleanup: bool = False
    to_decide: int = 0
    """Requests that wait for this very person."""
    unread: int = 0
    """Notices for this very person that were not read."""
    is_dev: bool = False
    product: str = "NSaaS"
    """What the portal is called here."""
    cluster_name: str = ""
    liveness: str = ""
    as_of: str = ""
    stale_reason: str = ""
    stale_kinds: list[OldKinds] = []
    """Which kinds of objects are old, and since when."""
    address: str = "/"
    """Of the page that is open, with its filters."""
    is_signed_out: bool = False
    signed_out_at: str = ""
    return_to: str = ""
    """The same address, as a part of another one."""
    missed_s: int = 0
    """For so long the page was cut off; 0 as soon as that has been told."""
    _shown_path: str = ""
    _shown_at: datetime | None = None
    """The page that was pushed last in this tab, and when."""
    is_outsider: bool = False
    """Signed in, and without any role: pages about teams' things say so and what to do."""
    groups: str = ""
    """The groups the identity provider told of."""
    admin_groups: str = ""
    """Whose members are platform admins."""
    introduction: str = ""
    """What somebody without a role hands to an admin: who they are, and with which groups."""
    theme: str = ""
    """As the person prefers it; empty while the browser's own choice stands."""
    density: str = ""
    motion: str = ""
    time_zone: str = ""
    """Of every time that is shown; empty for the browser's."""
    may_prefer: bool = False
    """Whether preferences of this person are kept."""


def shell_view(actor: Actor) -> dict[str, object]:
    """Compute the frame's values for one actor, now."""
    portal = runtime.current()
    freshness = portal.directory.freshness()
    frame = _FRAMES.of(actor.session or actor.subject, actor, _frame_of)
    waiting = portal.requests.awaiting_approval() if frame["sees_approvals"] else ()
    return {
        **frame,
        "to_decide": count_decidable(waiting, actor) if waiting else 0,
        "unread": portal.lifetime.inbox.unread(actor),
        "is_dev": portal.environment == "dev",
        "product": portal.product_name,
        "cluster_name": portal.cluster_name,
        "liveness": freshness.liveness.value,
        "as_of": iso(freshness.as_of),
        "stale_reason": freshness.reason,
        "stale_kinds": old_kinds(freshness),
        "is_signed_out": False,
        "admin_groups": ", ".join(portal.settings.admin_groups),
        "introduction": _introduction(actor, portal.public_url) if actor.is_outsider else "",
    }


_FRAMES: Final = Remembered[Actor, dict[str, object]]()
"""What follows from somebody's rights alone: an actor is the same object until they change."""


def _frame_of(actor: Actor) -> dict[str, object]:
    name = actor.display_name or actor.subject
    return {
        "display_name": name,
        "subject": actor.subject,
        "initials": "".join(word[0] for word in name.replace("-", " ").split()[:2]).upper(),
        "role": role_word(actor),
        "may_request": may_anywhere(actor, Permission.NAMESPACE_REQUEST),
        "sees_approvals": may_anywhere(actor, Permission.REQUEST_DECIDE) or actor.is_auditor,
        "sees_audit": may_anywhere(actor, Permission.AUDIT_READ),
        "sees_cleanup": may_anywhere(actor, Permission.CLEANUP_READ),
        "may_prefer": may_anywhere(actor, Permission.SELF_CHANGE),
        "is_outsider": actor.is_outsider,
        "groups": ", ".join(actor.groups),
    }


def _introduction(actor: Actor, portal_url: str) -> str:
    groups = "\n".join(f"- {group}" for group in actor.groups) or "- none"
    return (
        f"I am signed in to {portal_url} and in no team.\n"
        f"Name: {actor.display_name or actor.subject}\n"
        f"Subject: {actor.subject}\n"
        f"Groups the portal sees:\n{groups}\n"
    )


def address_of(url: ReflexURL) -> str:
    """Write the address of an open page without its host."""
    return f"{url.path}?{url.query}" if url.query else url.path


def sign_off(shell: Shell, url: ReflexURL, *, now: datetime) -> None:
    """Say that nobody is signed in any more, since when, and the way back to the same page."""
    shell.is_signed_out = True
    shell.signed_out_at = iso(now)
    shell.return_to = quote(address_of(url), safe="")
