"""The audit page without a browser: filters in the address, the check of the chain as it goes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nsaas_app.domain.audit import AuditEvent, AuditFilter, BrokenLink, Outcome
from nsaas_app.identity.audit_trail import ChainCheck
from nsaas_app.ui.audit.filters import AuditFilters, chips_of
from nsaas_app.ui.audit.state import AuditState
from nsaas_app.ui.audit.transform import Broken, chain_vars, export_word
from tests.support.actors import actor
from tests.ui.conftest import OpenTab
from tests.ui.examples import NOW
from tests.ui.tabs import Pages

LINK = BrokenLink(seq=5, hash="a", computed_hash="a", previous_hash="b", hash_before="b")


def test_days_begin_where_the_reader_is() -> None:
    filters = AuditFilters.from_query({"from": "2026-11-28", "to": "2026-11-28"})
    wanted = filters.wanted(now=NOW, zone="Asia/Tokyo")
    assert wanted.since == datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert wanted.until == datetime(2026, 11, 28, 15, tzinfo=UTC)
    assert filters.wanted(now=NOW).since == datetime(2026, 11, 28, tzinfo=UTC)
    assert filters.address() == "/audit?from=2026-11-28&to=2026-11-28"
    assert [chip.label for chip in chips_of(filters)] == ["From: 2026-11-28", "To: 2026-11-28"]
    export = filters.export_address("csv", now=NOW, zone="Asia/Tokyo")
    assert "since=2026-11-28T00%3A00%3A00%2B09%3A00" in export
    assert "from=" not in export


def test_the_later_beginning_counts() -> None:
    filters = AuditFilters.from_query({"from": "2020-01-01", "window": "24h"})
    assert filters.wanted(now=NOW).since == NOW - timedelta(hours=24)


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31", "20261128"]
)
def test_what_is_no_day_narrows_nothing(text: str) -> None:
    filters = AuditFilters.from_query({"from": text, "to": text})
    assert not filters.is_narrowed
    assert (filters.wanted(now=NOW).since, filters.wanted(now=NOW).until) == (None, None)


@pytest.mark.parametrize(
    ("text", "seq"), [("1234567", 1234567), ("0", 0), ("first", 0), ("9" * 30, 0), ("", 0)]
)
def test_a_link_names_an_entry_of_a_long_log(text: str, seq: int) -> None:
    filters = AuditFilters.from_query({"event": text})
    assert filters.event == seq
    assert filters.address() == (f"/audit?event={seq}" if seq else "/audit")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (replace(LINK, computed_hash="c"), "its content is not what was signed"),
        (replace(LINK, hash_before="c"), "does not follow the entry before it"),
        (replace(LINK, hash="", computed_hash=""), "it is gone"),
        (LINK, "not the one that the portal's log tells of"),
    ],
)
def test_a_break_says_what_is_wrong_and_shows_the_hashes(link: BrokenLink, words: str) -> None:
    shown = chain_vars(ChainCheck(5, 5, NOW, link))
    broken = shown["broken"]
    assert isinstance(broken, Broken)
    assert words in broken.words
    assert (broken.hash, broken.computed_hash) == (link.hash, link.computed_hash)
    assert broken.href == "/audit?event=5"
    assert shown["is_valid"] is False


def test_an_export_is_counted_and_sized_before_it_is_made() -> None:
    event = AuditEvent("ada", "request.renew", "namespace/x", Outcome.ALLOWED)
    assert export_word(0, ()) == "Nothing to export"
    assert export_word(1, (event,)).startswith("1 entry, about ")
    assert export_word(412, (event,)).startswith("412 entries, about ")
    assert export_word(412, (event,)).endswith(" kB")


async def test_a_check_is_remembered_for_whoever_comes_next(open_tab: OpenTab) -> None:
    tab = await open_tab("/audit", "auditor")
    await tab.until(lambda: tab.of(AuditState).get("is_loaded"), "the log loads")
    await tab.call(AuditState, "verify")
    # An earlier check may be known already: this one has told how far it is.
    await tab.until(
        lambda: (
            tab.of(AuditState).get("progress_word")
            and tab.of(AuditState).get("verdict")
            and not tab.of(AuditState)["is_verifying"]
        ),
        "it is checked",
    )
    shown = tab.of(AuditState)
    assert (shown["is_valid"], shown["verdict"][:9]) == (True, "Untouched")
    assert "entries checked" in shown["progress_word"]

    other = await open_tab("/audit", "admin")
    await other.until(lambda: other.of(AuditState).get("verdict"), "it is known there")
    assert other.of(AuditState)["verified_at"] == shown["verified_at"]


async def test_an_auditor_may_narrow_it_to_every_team_by_how_people_call_it(
    open_tab: OpenTab,
) -> None:
    tab = await open_tab("/audit?team=payments", "auditor")
    await tab.until(lambda: tab.of(AuditState).get("is_loaded"), "the log loads")
    shown = tab.of(AuditState)
    offered = {one["name"]: one["called"] for one in shown["teams"]}
    assert (offered["frontend"], offered["payments"]) == ("Frontend", "Payments")
    assert [chip["label"] for chip in shown["chips"]] == ["Team: Payments"]

    lead = await open_tab("/audit", "frontend-lead")
    await lead.until(lambda: lead.of(AuditState).get("is_loaded"), "the log loads")
    assert "payments" not in {one["name"] for one in lead.of(AuditState)["teams"]}


async def test_a_field_narrows_and_an_unknown_one_does_not(open_tab: OpenTab) -> None:
    tab = await open_tab("/audit", "auditor")
    await tab.until(lambda: tab.of(AuditState).get("is_loaded"), "the log loads")
    await tab.call(AuditState, "narrow", field="event", value="1")
    await tab.call(AuditState, "narrow", field="actor", value=" ada ")
    await tab.until(lambda: tab.told("_redirect"), "the address changes")
    assert [told["path"] for told in tab.told("_redirect")] == ["/audit?actor=ada"]
    # What is chosen is a step of its own for the browser's way back; what is typed is not.
    await tab.call(AuditState, "choose_team", team="frontend")
    await tab.until(lambda: len(tab.told("_redirect")) == 2, "the address changes")
    assert [told["replace"] for told in tab.told("_redirect")] == [True, False]


async def test_an_entry_that_a_link_names_opens_on_whatever_page(
    pages: Pages, open_tab: OpenTab
) -> None:
    trail = pages.portal.audit_trail
    everything = pages.run(trail.find(AuditFilter(), actor=actor("admin"), limit=1000))
    oldest = everything.items[-1]
    foreign = next(event for event in everything.items if event.team != "frontend")

    tab = await open_tab(f"/audit?actor=nobody-of-that-name&event={oldest.seq}", "auditor")
    await tab.until(lambda: tab.of(AuditState).get("is_loaded"), "the log loads")
    shown = tab.of(AuditState)
    assert [(row["seq"], row["is_open"]) for row in shown["rows"]] == [(str(oldest.seq), True)]
    assert (shown["detail"]["seq"], shown["total"]) == (str(oldest.seq), 0)

    lead = await open_tab(f"/audit?event={foreign.seq}", "frontend-lead")
    await lead.until(lambda: lead.of(AuditState).get("is_loaded"), "the log loads")
    assert lead.of(AuditState).get("detail", {}).get("seq", "") == "", "another team's stays hidden"
    assert str(foreign.seq) not in [row["seq"] for row in lead.of(AuditState).get("rows", [])]
