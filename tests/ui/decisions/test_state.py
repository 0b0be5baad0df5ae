"""Deciding and steering over the real WebSocket: each move once, by whom it is given."""

from typing import Any

from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.ui.approvals.state import ApprovalsState
from nsaas_app.ui.decisions.state import Deciding
from nsaas_app.ui.inbox.state import InboxState
from nsaas_app.ui.palette.state import Palette
from nsaas_app.ui.request.state import RequestState
from nsaas_app.ui.shell.state import Shell
from tests.support.actors import actor
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.submitting import submitted
from tests.ui.tabs import Pages, Tab


def _phase(pages: Pages, request_id: str) -> Phase:
    found: ProvisioningRequest = pages.do(
        lambda portal: portal.requests.get(request_id, actor=actor("admin"))
    )
    return found.phase


async def _approvals(open_tab: OpenTab, identity: str, request_id: str) -> Tab:
    tab = await open_tab(f"/approvals?id={request_id}", identity)
    await tab.until(
        lambda: tab.of(ApprovalsState).get("line", {}).get("request_id") == request_id, "it opens"
    )
    return tab


def _toasts(tab: Tab) -> str:
    return str(tab.toasts)


async def test_a_lead_sees_what_waits_for_them_with_its_effects(
    pages: Pages, open_tab: OpenTab
) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("wait"))
    tab = await _approvals(open_tab, "frontend-lead", request.request_id)
    page: dict[str, Any] = tab.of(ApprovalsState)
    assert page["approval"]["reason"] == ""
    assert page["approval"]["waits_for"] == "a lead of team frontend and a platform admin"
    assert page["justification"] == request.justification
    assert [line["key"] for line in page["budget"]] == ["namespaces", "cpu", "memory", "storage"]
    assert "/ month" in page["cost"]["text"]
    assert 1 <= tab.of(Shell)["to_decide"] <= len(page["cases"])
    assert tab.of(Shell)["sees_approvals"]


async def test_a_rejection_without_a_reason_is_refused_at_the_field(
    pages: Pages, open_tab: OpenTab
) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("reject"))
    tab = await _approvals(open_tab, "frontend-lead", request.request_id)
    await tab.call(Deciding, "reject", request_id=request.request_id)
    await tab.until(lambda: tab.of(Deciding).get("error"), "the reason is asked for")
    assert tab.of(Deciding)["error"] == "Say why you reject it."
    assert _phase(pages, request.request_id) is Phase.AWAITING_APPROVAL
    await tab.call(Deciding, "write", request_id=request.request_id, text="Too large.")
    await tab.call(Deciding, "reject", request_id=request.request_id)
    await tab.until(lambda: not tab.of(ApprovalsState)["approval"]["is_waiting"], "it is decided")
    assert _phase(pages, request.request_id) is Phase.REJECTED
    assert tab.of(ApprovalsState)["approval"]["settled"] == "You rejected it"
    assert tab.of(ApprovalsState)["line"]["request_id"] == request.request_id


async def test_a_comment_is_not_taken_for_another_request(pages: Pages, open_tab: OpenTab) -> None:
    one = submitted(pages, "frontend-dev", fresh_name("one"))
    other = submitted(pages, "frontend-dev", fresh_name("other"))
    tab = await _approvals(open_tab, "frontend-lead", one.request_id)
    await tab.call(Deciding, "write", request_id=one.request_id, text="About the first.")
    await tab.call(Deciding, "reject", request_id=other.request_id)
    await tab.until(lambda: tab.of(Deciding).get("error"), "a reason of its own is asked for")
    assert _phase(pages, other.request_id) is Phase.AWAITING_APPROVAL


async def test_the_last_yes_queues_the_request(pages: Pages, open_tab: OpenTab) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("yes"))
    lead = await _approvals(open_tab, "frontend-lead", request.request_id)
    await lead.call(Deciding, "approve", request_id=request.request_id)
    await lead.until(lambda: lead.of(ApprovalsState)["approval"]["decisions"], "the lead spoke")
    assert _phase(pages, request.request_id) is Phase.AWAITING_APPROVAL
    admin = await _approvals(open_tab, "admin", request.request_id)
    await admin.call(Deciding, "approve", request_id=request.request_id)
    await admin.until(lambda: not admin.of(ApprovalsState)["approval"]["is_waiting"], "it goes on")
    assert _phase(pages, request.request_id) is Phase.QUEUED
    await lead.until(lambda: not lead.of(ApprovalsState)["approval"]["is_waiting"], "the lead sees")


async def test_four_eyes_hold_against_an_event_made_by_hand(
    pages: Pages, open_tab: OpenTab
) -> None:
    request = submitted(pages, "frontend-lead", fresh_name("own"))
    tab = await _approvals(open_tab, "frontend-lead", request.request_id)
    assert tab.of(ApprovalsState)["approval"]["reason"].startswith("Four eyes")
    await tab.call(Deciding, "approve", request_id=request.request_id)
    await tab.until(lambda: "Four eyes" in _toasts(tab), "it is refused")
    assert _phase(pages, request.request_id) is Phase.AWAITING_APPROVAL


async def test_a_developer_reads_why_but_cannot_decide(pages: Pages, open_tab: OpenTab) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("dev"))
    tab = await _approvals(open_tab, "frontend-dev", request.request_id)
    assert tab.of(ApprovalsState)["approval"]["reason"].startswith("Leads of team frontend")
    assert not tab.of(Shell)["sees_approvals"]
    await tab.call(Deciding, "approve", request_id=request.request_id)
    await tab.until(lambda: "Your role does not include this" in _toasts(tab), "it is refused")
    assert _phase(pages, request.request_id) is Phase.AWAITING_APPROVAL


async def test_another_team_sees_nothing_of_it(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("secret")
    request = submitted(pages, "frontend-dev", name)
    tab = await open_tab(f"/approvals?id={request.request_id}", "payments-lead")
    await tab.until(lambda: tab.of(ApprovalsState).get("is_loaded"), "the page loads")
    assert name not in str(tab.vars)


async def test_a_request_that_waits_is_cancelled_at_once(pages: Pages, open_tab: OpenTab) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("stop"))
    tab = await open_tab(f"/requests/{request.request_id}", "frontend-dev")
    await tab.until(lambda: tab.of(RequestState).get("is_loaded"), "the request shows")
    assert tab.of(RequestState)["steering"]["can_cancel"]
    await tab.call(Deciding, "ask_cancel", is_open=True)
    await tab.until(lambda: tab.of(Deciding).get("is_cancelling"), "it is asked first")
    await tab.call(Deciding, "cancel", request_id=request.request_id)
    await tab.until(lambda: tab.of(RequestState)["outcome"] == "It was cancelled.", "it ends")
    assert _phase(pages, request.request_id) is Phase.CANCELLED
    assert not tab.of(Deciding)["is_cancelling"]


async def test_what_was_decided_is_listed(pages: Pages, open_tab: OpenTab) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("list"))
    tab = await open_tab("/approvals?state=decided", "admin")
    await tab.until(lambda: tab.of(ApprovalsState).get("is_loaded"), "the list loads")
    listed = [case["line"]["request_id"] for case in tab.of(ApprovalsState)["cases"]]
    assert request.request_id not in listed
    await tab.call(Deciding, "write", request_id=request.request_id, text="No.")
    await tab.call(Deciding, "reject", request_id=request.request_id)
    await tab.until(
        lambda: (
            request.request_id
            in [case["line"]["request_id"] for case in tab.of(ApprovalsState)["cases"]]
        ),
        "it moves to the decided ones",
    )


async def test_a_question_goes_to_the_requester_and_its_answer_comes_back(
    pages: Pages, open_tab: OpenTab
) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("ask"))
    lead = await _approvals(open_tab, "frontend-lead", request.request_id)
    await lead.call(Deciding, "ask", request_id=request.request_id)
    await lead.until(lambda: lead.of(Deciding).get("error"), "a question is asked for")
    assert lead.of(Deciding)["error"] == "Write the question."
    await lead.call(Deciding, "write", request_id=request.request_id, text="Who runs it at night?")
    await lead.call(Deciding, "ask", request_id=request.request_id)
    await lead.until(lambda: lead.of(ApprovalsState)["approval"]["questions"], "it is asked")
    assert (
        lead.of(ApprovalsState)["approval"]["ask_reason"] == "Waits for the answer of frontend-dev."
    )
    assert _phase(pages, request.request_id) is Phase.AWAITING_APPROVAL

    mine = await open_tab(f"/requests/{request.request_id}", "frontend-dev")
    await mine.until(lambda: mine.of(RequestState).get("is_loaded"), "the request shows")
    assert mine.of(RequestState)["approval"]["may_answer"]
    await mine.until(lambda: mine.of(Shell)["unread"] >= 1, "a notice came")
    await mine.call(Deciding, "answer", request_id=request.request_id, form={"answer": "The shop."})
    await lead.until(
        lambda: lead.of(ApprovalsState)["approval"]["questions"][0]["answer"] == "The shop.",
        "the answer comes back",
    )
    assert lead.of(ApprovalsState)["approval"]["ask_reason"] == ""
    inbox = await open_tab("/inbox", "frontend-lead")
    await inbox.until(lambda: inbox.of(InboxState).get("lines"), "it is told")
    line = inbox.of(InboxState)["lines"][0]
    assert line["title"].startswith("frontend-dev answered about")
    assert line["href"] == f"/requests/{request.request_id}"


async def test_help_is_asked_for_once_and_reaches_who_can_give_it(
    pages: Pages, open_tab: OpenTab
) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("help"))
    path = f"/requests/{request.request_id}"
    mine = await open_tab(path, "frontend-dev")
    await mine.until(lambda: mine.of(RequestState).get("is_loaded"), "the request shows")
    await mine.call(Deciding, "ask_help", request_id=request.request_id)
    await mine.until(lambda: "Nothing is wrong" in _toasts(mine), "nothing failed yet")

    lead = await _approvals(open_tab, "frontend-lead", request.request_id)
    await lead.call(Deciding, "write", request_id=request.request_id, text="Not now.")
    await lead.call(Deciding, "reject", request_id=request.request_id)
    await mine.until(lambda: mine.of(RequestState)["line"]["status"] == "failed", "it is told")
    for _ in range(2):
        await mine.call(Deciding, "ask_help", request_id=request.request_id)
        await mine.until(lambda: mine.of(RequestState)["help"]["asked_at"], "it is asked for")

    title = f"frontend-dev asks for help with {request.namespace}"
    for identity, times in (("frontend-lead", 1), ("admin", 1), ("frontend-viewer", 0)):
        inbox = await open_tab("/inbox", identity)
        await inbox.until(lambda: inbox.of(InboxState).get("is_loaded"), "it loads")  # noqa: B023 - awaited here
        told = [line for line in inbox.of(InboxState)["lines"] if line["title"] == title]
        assert [line["href"] for line in told] == [path] * times
    viewer = await open_tab(path, "frontend-viewer")
    await viewer.call(Deciding, "ask_help", request_id=request.request_id)
    await viewer.until(lambda: "Your role does not include this" in _toasts(viewer), "refused")


async def test_nobody_answers_for_the_requester(pages: Pages, open_tab: OpenTab) -> None:
    request = submitted(pages, "frontend-dev", fresh_name("else"))
    lead = await _approvals(open_tab, "frontend-lead", request.request_id)
    await lead.call(Deciding, "write", request_id=request.request_id, text="Why so large?")
    await lead.call(Deciding, "ask", request_id=request.request_id)
    await lead.until(lambda: lead.of(ApprovalsState)["approval"]["questions"], "it is asked")
    await lead.call(Deciding, "answer", request_id=request.request_id, form={"answer": "Because."})
    await lead.until(lambda: "Only frontend-dev answers" in _toasts(lead), "it is refused")
    assert lead.of(ApprovalsState)["approval"]["questions"][0]["answer"] == ""


async def test_a_case_that_is_decided_stays_in_its_place_while_somebody_is_at_the_list(
    pages: Pages, open_tab: OpenTab
) -> None:
    first, second = (submitted(pages, "frontend-dev", fresh_name(n)) for n in ("one", "two"))
    tab = await open_tab(f"/approvals?id={second.request_id}", "admin")

    def ids() -> list[str]:
        return [case["line"]["request_id"] for case in tab.of(ApprovalsState).get("cases", [])]

    await tab.until(lambda: {first.request_id, second.request_id} <= set(ids()), "both wait")
    before = ids()
    await tab.call(ApprovalsState, "hold")
    # Events are taken one after the other: after this one's answer the list is held.
    await tab.call(Palette, "open_palette")
    await tab.until(lambda: tab.of(Palette).get("is_open"), "the event before is done")
    cancelled = pages.portal.decisions.cancel(
        first.request_id, actor=actor("frontend-dev"), comment="", source="test"
    )
    pages.run(cancelled)
    await tab.until(lambda: tab.of(ApprovalsState).get("waiting") == 1, "the change waits")
    assert ids() == before

    await tab.call(ApprovalsState, "release")
    await tab.until(lambda: first.request_id not in ids(), "it goes once nobody is there")
