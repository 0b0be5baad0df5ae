"""Quota bars: length, words and tone say the same."""

import pytest

from nsaas_app.directory.rows import QuotaUse
from nsaas_app.ui.quotas import QuotaView, quota_views


@pytest.mark.parametrize(
    ("used", "tone", "share"),
    [("0", "ok", 0), ("740m", "ok", 74), ("750m", "near", 75), ("900m", "almost", 90),
     ("1", "full", 100), ("1300m", "full", 100)],
)  # fmt: skip
def test_the_tone_follows_the_share(used: str, tone: str, share: int) -> None:
    view = QuotaView.from_use("requests.cpu", QuotaUse(used, "1"))
    assert (view.tone, view.share) == (tone, share)


def test_the_sentence_names_used_hard_and_left() -> None:
    view = QuotaView.from_use("requests.cpu", QuotaUse("1200m", "2"))
    assert view.sentence == "1.2 of 2 CPU requested · 0.8 CPU left"
    limits = QuotaView.from_use("limits.cpu", QuotaUse("1200m", "2"))
    assert limits.sentence == "1.2 of 2 CPU set · 0.8 CPU left"
    pods = QuotaView.from_use("pods", QuotaUse("7", "20"))
    assert pods.sentence == "7 of 20 used · 13 left"


def test_what_is_really_in_use_is_a_mark_and_a_word() -> None:
    view = QuotaView.from_use("requests.cpu", QuotaUse("1200m", "2"), "400m")
    assert view.sentence == "1.2 of 2 CPU requested · 0.4 CPU used now · 0.8 CPU left"
    assert view.now == 20
    assert QuotaView.from_use("requests.cpu", QuotaUse("0", "0"), "400m").now == 0
    cpu, pods = quota_views(
        {name: QuotaUse("1", "4") for name in ("requests.cpu", "pods")}, {"requests.cpu": "3"}
    )
    assert (cpu.now, pods.now) == (75, -1), "where nobody measures there is no mark"


def test_over_the_limit_nothing_is_left() -> None:
    assert QuotaView.from_use("pods", QuotaUse("9", "5")).sentence == "9 of 5 used · 0 left"


def test_nothing_allowed_and_nothing_used_is_fine() -> None:
    assert QuotaView.from_use("pods", QuotaUse("0", "0")).tone == "ok"


def test_only_known_resources_become_bars_in_their_order() -> None:
    quota = {name: QuotaUse("0", "1") for name in ("pods", "secrets", "requests.cpu")}
    assert [view.resource for view in quota_views(quota)] == ["requests.cpu", "pods"]
