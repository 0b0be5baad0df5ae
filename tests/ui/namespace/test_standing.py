"""The banners of a namespace's page: what stands in the way of its end, and that it is gone."""

from datetime import timedelta

from nsaas_app.directory.repaired import TOLD_FOR, RepairNotes, ended_lately
from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.audit import AuditEvent, Outcome
from nsaas_app.domain.drift import DriftItem, Remedy
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.stuck import blockers_of
from nsaas_app.insights.endings import Ending
from nsaas_app.ui.figures import iso
from nsaas_app.ui.namespace.actions import Actions
from nsaas_app.ui.namespace.activity_view import EntryLine
from nsaas_app.ui.namespace.standing import Banner, banners_of, deleted_banner
from tests.ui.examples import NOW, row

HELD = {
    "NamespaceFinalizersRemaining": "Some content in the namespace has finalizers remaining: "
    "example.com/wait in 1 resource instances"
}


def ending(state: NamespaceState) -> Banner:
    found = blockers_of("shop", HELD, held={"example.com/wait": ("Service/web",)})
    return banners_of(row(state=state), found)[0]


def test_a_stuck_one_names_what_holds_it_and_the_way_out() -> None:
    banner = ending(NamespaceState.STUCK)
    assert (banner.key, banner.tone) == ("state", "bad")
    assert banner.lines[0].startswith("Finalizer example.com/wait on Service/web. Whoever set ")
    assert len(banner.commands) == 1
    # Only who cleans up sees how it is forced.
    assert all("patch" not in command for command in banner.commands)


def test_one_that_goes_away_quietly_has_nothing_to_tell() -> None:
    banner = banners_of(row(state=NamespaceState.TERMINATING))[0]
    assert (banner.title, banner.lines, banner.commands) == ("Terminating.", (), ())


def test_one_that_lives_has_no_banner_of_its_end() -> None:
    assert banners_of(row(), blockers_of("shop", HELD)) == []


def test_a_deleted_one_says_by_whom_and_since_when() -> None:
    banner = deleted_banner(Ending("shop", "ada", NOW))
    assert "ada asked for it." in banner.text
    assert banner.until == "2026-11-24T12:00:00.000Z"
    unknown = deleted_banner(Ending("shop", "", None))
    assert "asked for it" not in unknown.text
    assert unknown.until == ""


def test_a_deleted_one_can_be_acted_on_by_nobody() -> None:
    closed = Actions.none("It was deleted.")
    assert {closed.renew, closed.release, closed.access, closed.protect} == {"It was deleted."}
    assert not closed.is_asleep


def test_a_released_one_says_by_whom_and_until_when_it_comes_back() -> None:
    released = row(state=NamespaceState.RELEASED)
    banner = banners_of(released, release=Ending("shop", "ada", NOW))[0]
    assert banner.text.startswith("ada released it. Nobody has access")
    assert banner.text.endswith("Restorable until ")


def test_a_repair_leaves_a_trace_for_a_while() -> None:
    now = [NOW]
    notes = RepairNotes(lambda: now[0])
    gone = DriftItem("NetworkPolicy/nsaas-default-deny", "", {}, None, Remedy.AUTOMATIC)
    alien = DriftItem("NetworkPolicy/theirs", "", None, {}, Remedy.FOREIGN)
    notes.compare("shop", (gone, alien), (alien,))
    repaired = notes.of("shop")
    (banner,) = banners_of(row(), repaired=repaired)
    assert (banner.key, banner.tone, banner.title) == ("drift-repaired", "ok", "Drift: repaired.")
    assert banner.text.startswith("NetworkPolicy/nsaas-default-deny differed")
    assert banner.until == iso(NOW)
    now[0] += 2 * TOLD_FOR
    assert notes.of("shop") is None
    # What others took away themselves was not repaired.
    notes.compare("shop", (alien,), ())
    assert notes.of("shop") is None


def test_a_repair_of_several_objects_is_told_whole_and_access_that_ends_is_none() -> None:
    notes = RepairNotes(lambda: NOW)
    names = ("NetworkPolicy/deny", "ResourceQuota/nsaas-quota", "RoleBinding/nsaas-viewers")
    policy, quota, viewers = (DriftItem(name, "", {}, None, Remedy.AUTOMATIC) for name in names)
    guest = AccessGrant(SubjectKind.USER, "guest", AccessRole.VIEWER, NOW - timedelta(seconds=2))
    planned = ended_lately([guest], NOW)
    notes.compare("shop", (viewers,), (), planned=planned)
    assert notes.of("shop") is None, "its end was asked for: nobody tampered"

    notes.compare("shop", (policy, quota), (policy,), planned=planned)
    notes.compare("shop", (policy,), ())
    repaired = notes.of("shop")
    assert repaired is not None
    assert repaired.objects == ("NetworkPolicy/deny", "ResourceQuota/nsaas-quota")
    assert ended_lately([guest], NOW + timedelta(minutes=2)) == frozenset()
    assert ended_lately([guest], NOW - timedelta(minutes=2)) == frozenset()


def test_the_log_says_what_a_repair_put_right() -> None:
    event = AuditEvent(
        actor="system",
        action="drift.repair",
        object="namespace/shop",
        outcome=Outcome.COMPLETED,
        at=NOW,
        after={"repaired": ["NetworkPolicy/nsaas-default-deny: missing"]},
    )
    assert EntryLine.of(event).changed == "Put right: NetworkPolicy/nsaas-default-deny: missing"
