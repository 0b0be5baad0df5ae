"""Answers that are kept right: equal to a fresh search after any change, and let go when unused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.directory.answers import KEPT, PAGES_KEPT, WANTED_S, Answer, Answers, Eyes
from nsaas_app.directory.query import RowQuery
from nsaas_app.directory.rows import Health, HealthReason, NamespaceRow
from nsaas_app.directory.searching import SORTS
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.tiers import Tier
from tests.directory.samples import FRONTEND, PAYMENTS, row

HEALTHS = (Health(), Health(80, (HealthReason("expired", "", 20),)))

rows = st.builds(
    row,
    st.sampled_from([f"n-{n}" for n in range(6)]),
    team=st.sampled_from([FRONTEND, PAYMENTS]),
    environment=st.sampled_from(Environment),
    tier=st.sampled_from(Tier),
    health=st.sampled_from(HEALTHS),
    owner=st.sampled_from(["ada", "bob"]),
)
queries = st.builds(
    RowQuery,
    q=st.sampled_from(["", "n-1", "bob"]),
    teams=st.sampled_from([frozenset(), frozenset({"payments"})]),
    tiers=st.sampled_from([frozenset(), frozenset({"small", "large"})]),
    health=st.sampled_from([frozenset(), frozenset({"expired"})]),
    sort=st.sampled_from(sorted(SORTS)),
    is_descending=st.booleans(),
    offset=st.integers(0, 2),
    limit=st.integers(1, 5),
)
changes = st.lists(st.tuples(rows, st.booleans()), max_size=12)


@given(query=queries, changes=changes, eyes=st.sampled_from([None, frozenset({FRONTEND})]))
def test_after_any_changes_an_answer_is_what_a_fresh_search_gives(
    query: RowQuery, changes: list[tuple[NamespaceRow, bool]], eyes: Eyes
) -> None:
    there: dict[str, NamespaceRow] = {}

    def visible(seen: Eyes) -> list[NamespaceRow]:
        return [one for one in there.values() if seen is None or one.team in seen]

    answers = Answers(visible)
    answers.find(query, eyes=eyes)
    for fresh, is_there in changes:
        before = there.pop(fresh.name, None)
        if is_there:
            there[fresh.name] = fresh
        answers.change(before, fresh if is_there else None)
        found = answers.find(query, eyes=eyes)
        assert found == Answer.of(visible(eyes), query).page(query.offset, query.limit)
    assert len(answers) == 1


def test_pages_of_one_list_share_one_answer_and_the_very_same_page() -> None:
    answers = Answers(lambda _: [row("a"), row("b")])
    query = RowQuery(sort="owner", limit=1)
    first = answers.find(query, eyes=None)
    assert answers.find(query, eyes=None) is first
    answers.find(replace(query, offset=1), eyes=None)
    assert len(answers) == 1
    answers.change(None, row("c"))
    assert answers.find(query, eyes=None) is not first


def test_another_order_of_what_is_shown_is_no_search_and_stands_by_itself() -> None:
    asked: list[Eyes] = []

    def visible(eyes: Eyes) -> list[NamespaceRow]:
        asked.append(eyes)
        return [row("a", owner="bob"), row("b", owner="ada")]

    answers = Answers(visible)
    by_name = RowQuery(limit=5)
    by_owner = replace(by_name, sort="owner", is_descending=True)
    assert [one.name for one in answers.find(by_name, eyes=None).items] == ["a", "b"]
    assert [one.name for one in answers.find(by_owner, eyes=None).items] == ["a", "b"]
    assert asked == [None]
    answers.change(None, row("c", owner="zoe"))
    for query, names in ((by_name, ["a", "b", "c"]), (by_owner, ["c", "a", "b"])):
        found = answers.find(query, eyes=None)
        assert [one.name for one in found.items] == names
        assert found.facets["team"] == {"frontend": 3}
    # Who sees less, or filters, is not given what stands for somebody else.
    answers.find(by_owner, eyes=frozenset({FRONTEND}))
    answers.find(replace(by_owner, q="b"), eyes=None)
    assert asked == [None, frozenset({FRONTEND}), None]


@pytest.mark.parametrize(("rest_s", "kept"), [(WANTED_S - 1, 1), (WANTED_S + 1, 0)])
def test_what_nobody_asks_for_is_no_work_any_more(rest_s: float, kept: int) -> None:
    now = 100.0
    answers = Answers(lambda _: [], clock=lambda: now)
    answers.find(RowQuery(), eyes=None)
    now += rest_s
    answers.change(None, row("a"))
    assert len(answers) == kept


def test_however_much_is_asked_only_the_latest_answers_are_kept() -> None:
    answers = Answers(lambda _: [])
    for number in range(2 * KEPT):
        answers.find(RowQuery(q=str(number)), eyes=None)
    assert len(answers) == KEPT


def test_whoever_walks_through_every_page_leaves_no_heap_of_them() -> None:
    answer = Answer.of([row("a")], RowQuery())
    for offset in range(3 * PAGES_KEPT):
        answer.page(offset, 1)
    assert len(answer._pages) <= PAGES_KEPT
