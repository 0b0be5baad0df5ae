"""The check-up as the page shows it: a word and a tone for each state."""

from datetime import timedelta

import pytest

from nsaas_app.runtime.findings import Finding, Health, KindLine, Report
from nsaas_app.ui.status.transform import KindRow, report_vars
from tests.ui.examples import NOW


def line(**changes: bool | str) -> KindLine:
    plain = {
        "kind": "Pod", "is_required": False, "is_synced": True, "is_watching": True,
        "objects": 1200, "contact_at": NOW, "trouble": "",
    }  # fmt: skip
    return KindLine(**(plain | changes))  # type: ignore[arg-type] # a line as the mirror gives it


@pytest.mark.parametrize(
    ("kind", "word", "tone"),
    [
        (line(), "Watching", "ok"),
        (line(is_watching=False), "Catching up", "progress"),
        (line(trouble="gone"), "Stale", "bad"),
        (line(is_synced=False), "Listing", "progress"),
        (line(is_synced=False, trouble="forbidden"), "Not shown", "none"),
        (line(is_synced=False, trouble="x", is_required=True), "Failing", "bad"),
    ],
)
def test_a_kind_has_a_word(kind: KindLine, word: str, tone: str) -> None:
    row = KindRow.of(kind)
    assert (row.word, row.tone, row.objects) == (word, tone, "1,200")


def test_the_worst_part_gives_the_verdict() -> None:
    parts = (
        Finding("a", "A", Health.OK, "fine", since=NOW - timedelta(hours=1)),
        Finding("b", "B", Health.BAD, "broken", "mend it", NOW),
        Finding("c", "C", Health.WARN, "so so", "", NOW),
    )
    report = Report("1.0", "local", NOW, parts, (line(),), (), None, {})
    values = report_vars(report)
    assert (values["state"], values["word"]) == ("bad", "Broken")
    assert report.health is Health.BAD
