"""Preferences on the page: each choice is kept at once, and every list and the frame obey."""

from nsaas_app.ui.audit.state import AuditState
from nsaas_app.ui.requests.state import RequestsState
from nsaas_app.ui.settings.preference_form import PreferenceForm, zones_like
from nsaas_app.ui.settings.state import SettingsState
from nsaas_app.ui.shell.state import Shell
from tests.support.actors import actor
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages


async def test_a_choice_holds_in_the_frame_and_on_the_next_visit(open_tab: OpenTab) -> None:
    tab = await open_tab("/settings", "payments-lead")
    await tab.until(lambda: tab.of(SettingsState).get("is_loaded"), "the page loads")
    assert tab.of(Shell).get("theme", "") == "", "nothing was chosen: the browser's stays"

    await tab.call(PreferenceForm, "choose", field="theme", value="dark")
    await tab.call(PreferenceForm, "choose", field="density", value="compact")
    await tab.call(PreferenceForm, "choose", field="motion", value="reduced")

    frame = tab.of(Shell)
    await tab.until(
        lambda: (
            (frame["theme"], frame["density"], frame["motion"]) == ("dark", "compact", "reduced")
        ),
        "the frame obeys",
    )
    await tab.close()
    again = await open_tab("/requests", "payments-lead")
    await again.until(lambda: again.of(Shell).get("theme") == "dark", "it is known there too")


async def test_a_zone_is_offered_as_it_is_typed_and_kept_when_named(open_tab: OpenTab) -> None:
    tab = await open_tab("/settings", "payments-dev")
    await tab.until(lambda: tab.of(SettingsState).get("is_loaded"), "the page loads")

    await tab.call(PreferenceForm, "type_zone", _field="time_zone", text="new york")
    await tab.until(
        lambda: tab.of(PreferenceForm).get("zones") == ["America/New_York"], "it is offered"
    )
    await tab.call(PreferenceForm, "leave_zone", _field="time_zone")
    await tab.until(lambda: tab.of(PreferenceForm).get("zone_error"), "part of a name is none")
    await tab.call(PreferenceForm, "type_zone", _field="time_zone", text="America/New_York")
    await tab.until(lambda: tab.of(Shell).get("time_zone") == "America/New_York", "it holds")

    await tab.call(PreferenceForm, "forget_zone")
    await tab.until(lambda: tab.of(Shell).get("time_zone") == "", "the browser's again")


async def test_every_list_shows_as_many_rows_as_are_wanted(pages: Pages, open_tab: OpenTab) -> None:
    document = {"page_size": 50}
    pages.run(pages.portal.preferences.put(document, actor=actor("frontend-lead")))

    requests = await open_tab("/requests", "frontend-lead")
    await requests.until(lambda: requests.of(RequestsState).get("is_loaded"), "the list loads")
    audit = await open_tab("/audit", "frontend-lead")
    await audit.until(lambda: audit.of(AuditState).get("is_loaded"), "the log loads")

    total, rows = audit.of(AuditState)["total"], audit.of(AuditState)["rows"]
    assert len(rows) == min(total, 50)


async def test_who_writes_nothing_is_told_why_and_changes_nothing(open_tab: OpenTab) -> None:
    tab = await open_tab("/settings", "auditor")
    await tab.until(lambda: tab.of(SettingsState).get("is_loaded"), "the page loads")
    assert tab.of(SettingsState)["may_change"] is False

    await tab.call(PreferenceForm, "choose", field="theme", value="dark")

    await tab.until(lambda: "Your role does not include this" in str(tab.toasts), "refused")
    assert tab.of(Shell).get("theme", "") == ""


async def test_how_the_platform_is_set_is_for_those_who_run_it(open_tab: OpenTab) -> None:
    tab = await open_tab("/settings?tab=preflight", "frontend-lead")
    await tab.until(lambda: tab.of(SettingsState).get("notice"), "told so")
    shown = tab.of(SettingsState)
    assert shown["section"] == "preferences"
    assert [pill["key"] for pill in shown["sections"]] == ["preferences", "tokens"]

    admins = await open_tab("/settings?tab=preflight", "auditor")
    await admins.until(lambda: admins.of(SettingsState).get("is_loaded"), "the page loads")
    assert admins.of(SettingsState)["section"] == "preflight"
    assert len(admins.of(SettingsState)["sections"]) == 5


def test_zones_are_found_by_part_of_their_name() -> None:
    assert zones_like("  berl ") == ["Europe/Berlin"]
    assert zones_like("") == []
    assert len(zones_like("a")) <= 12
