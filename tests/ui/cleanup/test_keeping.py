"""Keeping what cleanup has in mind: a lead says why, in words that others read."""

from nsaas_app.domain.audit import AuditFilter
from nsaas_app.ui.keeping.state import REASON, Keeping
from nsaas_app.ui.team.state import TeamState
from tests.support.actors import actor
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.tabs import Pages


async def test_a_reason_is_asked_for_and_written_down(pages: Pages, open_tab: OpenTab) -> None:
    name, why = fresh_name("kept"), "The fair in March needs it."
    stored(pages, name)
    tab = await open_tab("/teams/frontend", "frontend-lead")
    await tab.until(lambda: tab.of(TeamState).get("is_loaded"), "the page is there")
    await tab.call(Keeping, "begin", name=name)
    await tab.until(lambda: tab.of(Keeping).get("is_open"), "the dialog opens")

    await tab.call(Keeping, "edit", field=REASON, value="soon")
    await tab.call(Keeping, "keep")
    await tab.until(lambda: tab.of(Keeping).get("error"), "too little is refused at the field")
    assert tab.of(Keeping)["is_open"]

    await tab.call(Keeping, "edit", field=REASON, value=why)
    await tab.call(Keeping, "keep")
    await tab.until(lambda: not tab.of(Keeping)["is_open"], "it is kept")
    wanted = AuditFilter(action="cleanup.keep", namespace=name)
    (entry,) = pages.run(pages.portal.audit_trail.find(wanted, actor=actor("admin"), limit=2)).items
    assert entry.after is not None
    assert (entry.actor, entry.after["reason"]) == ("frontend-lead", why)
