"""Searching rows: text, filters, facets, every order, pages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.directory.answers import Answer
from nsaas_app.directory.query import RowPage, RowQuery
from nsaas_app.directory.rows import Health, HealthReason, NamespaceRow, QuotaUse
from nsaas_app.directory.searching import SORTS
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.tiers import Tier
from tests.directory.samples import PAYMENTS, row
from tests.support.specs import NOW

EXPIRED = Health(80, (HealthReason("expired", "", 20),))
DRIFTED = Health(75, (HealthReason("drifted", "", 20), HealthReason("expiring", "", 5)))


def search(rows: "list[NamespaceRow]", query: RowQuery) -> RowPage:
    return Answer.of(rows, query).page(query.offset, query.limit)


def names(rows: "list[NamespaceRow]", **query: Any) -> list[str]:
    return [found.name for found in search(rows, RowQuery(**query)).items]


ROWS = [
    row("b-dev", owner="bob", description="The Shop"),
    row("a-dev", tier=Tier.MICRO, display_name="Warehouse", health=EXPIRED),
    row("c-prod", team=PAYMENTS, environment=Environment.PRODUCTION, tier=Tier.LARGE),
    row("d-prod", environment=Environment.PRODUCTION, health=DRIFTED),
    row("e-stg", environment=Environment.STAGING, state=NamespaceState.RELEASED),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "a-dev b-dev c-prod d-prod e-stg"),
        ({"q": "dev"}, "a-dev b-dev"),
        ({"q": " SHOP "}, "b-dev"),
        ({"q": "warehouse"}, "a-dev"),
        ({"q": "payments"}, "c-prod"),
        ({"q": "bob"}, "b-dev"),
        ({"q": "nothing like it"}, ""),
        ({"q": ".*"}, ""),
        ({"owner": "bob"}, "b-dev"),
        ({"owner": "bo"}, ""),
        ({"teams": {"payments"}}, "c-prod"),
        ({"environments": {"production", "staging"}}, "c-prod d-prod e-stg"),
        ({"tiers": {"micro"}}, "a-dev"),
        ({"states": {"released"}}, "e-stg"),
        ({"health": {"drifted"}}, "d-prod"),
        ({"health": {"expired", "expiring"}}, "a-dev d-prod"),
        ({"environments": {"production"}, "teams": {"frontend"}}, "d-prod"),
        ({"environments": {"moon"}}, ""),
    ],
)
def test_a_query_finds(query: dict[str, Any], expected: str) -> None:
    fixed = {key: frozenset(v) if isinstance(v, set) else v for key, v in query.items()}
    assert " ".join(names(ROWS, **fixed)) == expected


def test_counts_tell_matches_and_everything_there_is() -> None:
    page = search(ROWS, RowQuery(environments=frozenset({"production"}), limit=1))
    assert (len(page.items), page.total, page.all) == (1, 2, 5)


def test_a_facet_counts_what_would_match_without_its_own_filter() -> None:
    query = RowQuery(environments=frozenset({"production"}), teams=frozenset({"frontend"}))
    facets = search(ROWS, query).facets
    assert facets["environment"] == {"development": 2, "production": 1, "staging": 1}
    assert facets["team"] == {"frontend": 1, "payments": 1}
    assert facets["tier"] == {"small": 1}
    assert facets["state"] == {"active": 1}
    assert facets["health"] == {"drifted": 1, "expiring": 1}


@given(
    st.sets(st.sampled_from(Environment), max_size=2),
    st.sets(st.sampled_from(Tier), max_size=2),
    st.lists(st.tuples(st.sampled_from(Environment), st.sampled_from(Tier)), max_size=12),
)
def test_facets_are_what_the_query_itself_would_count(
    environments: set[Environment], tiers: set[Tier], made: list[tuple[Environment, Tier]]
) -> None:
    rows = [row(f"n{n:02}", environment=e, tier=t) for n, (e, t) in enumerate(made)]
    query = RowQuery(environments=frozenset(environments), tiers=frozenset(tiers))
    facets = search(rows, query).facets
    for environment in Environment:
        alone = replace(query, environments=frozenset({environment.value}))
        assert facets["environment"].get(environment.value, 0) == search(rows, alone).total
    for tier in Tier:
        alone = replace(query, tiers=frozenset({tier.value}))
        assert facets["tier"].get(tier.value, 0) == search(rows, alone).total


def used(percent: int) -> dict[str, QuotaUse]:
    use = QuotaUse(f"{percent}", "100")
    return {"requests.cpu": use, "requests.memory": use, "pods": use}


LOW_TO_HIGH: dict[str, list[dict[str, Any]]] = {
    "name": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
    "team": [{"team": TeamName(name)} for name in ("aa", "bb", "cc")],
    "environment": [{"environment": environment} for environment in Environment],
    "tier": [{"tier": tier} for tier in Tier],
    "state": [{"state": state} for state in sorted(NamespaceState)],
    "owner": [{"owner": owner} for owner in "abc"],
    "created": [{"created_at": NOW + timedelta(days=n)} for n in range(3)],
    "expires": [*({"expires_at": NOW + timedelta(days=n)} for n in range(2)), {"expires_at": None}],
    "cpu": [{"quota": {}}, *({"quota": used(n)} for n in (9, 10, 100))],
    "memory": [{"quota": used(n)} for n in (0, 9, 10, 120)],
    "pods": [{"quota": used(n)} for n in (0, 9, 10, 100)],
    "health": [{"health": Health(score)} for score in (0, 9, 50, 100)],
}


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_every_column_sorts_by_its_meaning(sort: str) -> None:
    # The names run against the order, so that only the column can make it.
    values = LOW_TO_HIGH[sort]
    rows = [row(**{"name": f"n{99 - n}"} | fields) for n, fields in enumerate(values)]
    expected = [made.name for made in rows]
    shuffled = sorted(rows, key=lambda made: made.name[::-1])
    assert names(shuffled, sort=sort) == expected
    assert names(shuffled, sort=sort, is_descending=True) == expected[::-1]


@pytest.mark.parametrize("sort", sorted(set(SORTS) - {"name"}))
def test_ties_go_by_name_in_both_directions(sort: str) -> None:
    rows = [row(name) for name in ("c", "a", "d", "b")]
    for is_descending in (False, True):
        assert names(rows, sort=sort, is_descending=is_descending) == ["a", "b", "c", "d"]


def test_an_unknown_column_sorts_by_name() -> None:
    assert names(ROWS, sort="colour") == ["a-dev", "b-dev", "c-prod", "d-prod", "e-stg"]


def test_pages_follow_each_other_without_a_gap_or_a_repeat() -> None:
    rows = [row(f"n{n:03}") for n in range(57)]
    seen = [name for start in range(0, 80, 20) for name in names(rows, offset=start, limit=20)]
    assert seen == [made.name for made in rows]
    assert search(rows, RowQuery(offset=60)).total == 57
