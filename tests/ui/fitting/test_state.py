"""The calculator over the real WebSocket: every tier answers, and what is typed wrong is told."""

from nsaas_app.ui.fitting.state import Fitting
from tests.ui.conftest import OpenTab


async def test_every_tier_says_whether_it_fits(open_tab: OpenTab) -> None:
    tab = await open_tab("/new?step=size", "frontend-dev")
    await tab.call(Fitting, "edit", about="", field="replicas", value="5")
    await tab.call(Fitting, "edit", about="", field="cpu", value="300m")
    await tab.call(Fitting, "edit", about="", field="memory", value="300Mi")
    await tab.until(lambda: tab.of(Fitting).get("form", {}).get("memory") == "300Mi", "it arrives")
    lines = {line["key"]: line["text"] for line in tab.of(Fitting)["lines"]}
    assert lines["small"] == "Short by 500m CPU"
    assert lines["medium"] == "Fits"
    await tab.call(Fitting, "edit", about="", field="cpu", value="fast")
    await tab.until(lambda: "cpu" in tab.of(Fitting)["errors"], "it is told")
    assert tab.of(Fitting)["lines"] == []


async def test_another_teams_namespace_answers_nothing(open_tab: OpenTab) -> None:
    tab = await open_tab("/new", "frontend-dev")
    await tab.call(Fitting, "ask", about="payments-absent-dev")
    await tab.until(lambda: tab.of(Fitting).get("about"), "it is asked")
    assert tab.of(Fitting).get("lines", []) == []
