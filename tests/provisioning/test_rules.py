"""The table of rules: every refusal has its rule, every verdict a rule's name, the page is true."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.failures import FAILURES
from nsaas_app.domain.network import Egress, NetworkPreset
from nsaas_app.domain.spec import SpecDraft
from nsaas_app.domain.tiers import Tier
from nsaas_app.provisioning.checks import check_draft
from nsaas_app.provisioning.rules import RULES, rules_of
from nsaas_app.runtime import Runtime
from scripts.render_docs import RULES_PAGE, rules_page
from tests.support.actors import actor
from tests.support.requests import draft
from tests.support.specs import FRONTEND, NOW

TEXT = st.text(max_size=70)


def _or_text(*choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from(choices) | TEXT


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


GRANT = st.fixed_dictionaries(
    {
        "kind": _or_text("Group", "User", "ServiceAccount"),
        "name": _or_text("frontend-devs", "system:masters"),
        "role": _or_text("viewer", "developer", "lead"),
    },
    optional={"expires_at": _or_text("2031-01-01T00:00:00Z", "2001-01-01T00:00:00Z")},
)
DRAFTS = st.builds(
    SpecDraft,
    name=_or_text("frontend-shop-dev", "kube-system", "x" * 64),
    team=_or_text("frontend", "payments"),
    environment=_or_text(*Environment),
    tier=_maybe(_or_text(*Tier)),
    overrides=st.dictionaries(
        _or_text("requests.cpu", "limits.memory", "pods"), _or_text("1", "3Gi", "90"), max_size=4
    ),
    preset=_maybe(_or_text(*NetworkPreset)),
    egress=_maybe(_or_text(*Egress)),
    cidrs=st.lists(_or_text("10.0.0.0/8", "169.254.0.0/16"), max_size=22).map(tuple),
    display_name=st.text(max_size=90),
    description=st.text(max_size=20) | st.just("x" * 501),
    cost_center=_maybe(_or_text("cc-1", "")),
    owner=_maybe(TEXT),
    labels=st.dictionaries(TEXT, TEXT, max_size=12),
    annotations=st.dictionaries(TEXT, TEXT, max_size=3),
    access=_maybe(st.lists(GRANT, max_size=4).map(tuple)),
    expires_in_days=_maybe(st.integers(-1, 400)),
    expires_at=_maybe(st.just(NOW)),
    features=st.lists(TEXT, max_size=2).map(tuple),
    cluster=_maybe(_or_text("local")),
)


@given(DRAFTS)
def test_whatever_is_refused_there_is_one_rule_that_says_so(wanted: SpecDraft) -> None:
    teams = {FRONTEND.name: FRONTEND}
    checked = check_draft(
        wanted, teams=teams, actor=actor("frontend-dev"), cluster="local", now=NOW
    )
    assert (checked.spec is None) == bool(checked.issues)
    for issue in checked.issues:
        assert len(rules_of(issue)) == 1, issue


def test_every_rule_has_its_own_name_and_known_codes() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert set(rule.codes) <= FAILURES.keys()
        assert rule.says.endswith(".")


@pytest.mark.parametrize("environment", ["development", "production"])
async def test_a_previews_verdicts_carry_the_names_of_rules(
    portal: Runtime, name: str, environment: str
) -> None:
    wanted = draft(name, environment=environment, cost_center="cc")
    preview = await portal.previews.preview(wanted, actor=actor("frontend-dev"))
    told = {verdict.rule for verdict in preview.verdicts}
    assert {"name", "tier", "budget"} <= told
    assert told - {rule.name for rule in RULES} == set()


def test_the_page_of_rules_is_up_to_date() -> None:
    assert RULES_PAGE.read_text() == rules_page(), "run python scripts/render_docs.py"
