"""Preferences over REST: one's own, kept as a whole, refused at the field."""

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor

PATH = "/me/preferences"
USUAL = {
    "theme": "system", "density": "comfortable", "page_size": 20, "time_zone": "",
    "motion": "system",
}  # fmt: skip


async def test_they_are_ones_own_and_kept(calling: Caller, portal: Runtime) -> None:
    mine, theirs = await calling("frontend-viewer"), await calling("payments-dev")
    assert (await mine.get(PATH)).json() == USUAL

    wanted = USUAL | {"theme": "dark", "time_zone": "Asia/Tokyo", "page_size": 50}
    assert (await mine.put(PATH, json=wanted)).json() == wanted

    assert (await mine.get(PATH)).json() == wanted
    assert (await theirs.get(PATH)).json() == USUAL
    kept = await portal.preferences.chosen(actor("frontend-viewer"))
    assert kept is not None
    assert kept.page_size == 50
    assert await portal.preferences.chosen(actor("payments-lead")) is None, "nothing was chosen"


async def test_what_is_none_is_refused_and_changes_nothing(calling: Caller) -> None:
    mine = await calling("payments-lead")
    for field, value in (("theme", "pink"), ("page_size", 30), ("time_zone", "Mars/North")):
        reply = await mine.put(PATH, json=USUAL | {field: value})
        problem_in(reply, 422, "INVALID_FIELD", field=field)
    assert (await mine.get(PATH)).json() == USUAL


async def test_an_auditor_reads_and_keeps_none(calling: Caller) -> None:
    auditor = await calling("auditor")
    assert (await auditor.get(PATH)).json() == USUAL
    problem_in(await auditor.put(PATH, json=USUAL), 403, "NOT_ALLOWED")
