"""What the review says beyond the fields, and the lines of labels, numbers and errors."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.spec import NamespaceSpec, SpecDraft
from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.ui.new.beginning import clone_of, draft_from_wish, draft_of
from nsaas_app.ui.new.draft import Draft
from nsaas_app.ui.new.error_lines import error_lines
from nsaas_app.ui.new.meaning import access_lines, date_facts, lifetime_note, object_counts
from nsaas_app.ui.new.overriding import size_of
from nsaas_app.ui.new.preview import DryRunLine, MemberRun, objects_of
from nsaas_app.ui.new.steps import field_of, step_of
from nsaas_app.ui.pairs import lines_of, pairs_in
from tests.support.specs import NOW, spec_of, specs

MORE = {"limits.cpu": "3", "pods": "12"}


@given(specs())
def test_an_edited_request_asks_for_the_same_again(spec: NamespaceSpec) -> None:
    draft = draft_of(spec, now=NOW).spec()
    assert dict(draft.overrides) == dict(spec.overrides)
    assert dict(draft.annotations) == dict(spec.annotations)
    assert dict(draft.labels) == dict(spec.labels)
    assert clone_of(spec, owner="ada").spec().overrides == draft.overrides


def test_pairs_keep_signs_and_line_breaks_in_values() -> None:
    pairs = {"example.com/wiki": "https://w/?a=b", "note": "two\nlines", "flag": ""}
    assert pairs_in(lines_of(pairs)) == pairs
    assert pairs_in("alone\n\n a = b ") == {"alone": "", "a": "b"}


def test_a_pasted_number_that_no_field_is_for_is_told_and_not_dropped() -> None:
    wish = SpecDraft(name="a", team="t", environment="development", overrides={"services": "9"})
    with pytest.raises(InvalidFieldsError) as caught:
        draft_from_wish(wish, owner="ada", now=NOW)
    assert caught.value.field == "overrides.services"


def test_every_number_has_a_field_on_the_size_step() -> None:
    assert field_of("overrides.limits.memory") == "over_limit_memory"
    assert step_of("over_limit_memory") == "size"
    assert field_of("annotations.example.com/x") == "annotations"
    assert step_of("annotations") == "access"


def test_while_a_number_is_wrong_the_tier_alone_is_priced() -> None:
    assert size_of(Tier.SMALL, {"limits.cpu": "lots"}) is TIERS[Tier.SMALL]
    assert size_of(Tier.SMALL, MORE).quota["pods"] == "12"
    assert Draft(over_pods=" 12 ", over_limit_cpu="3").overrides() == MORE


def test_errors_are_summed_up_in_the_order_of_the_fields() -> None:
    errors = {"confirm": "Type it.", "parameters.port": "No port.", "name": "Required."}
    lines = error_lines({**errors, "over_pods": "Too many."})
    assert [line.field for line in lines] == ["name", "over_pods", "confirm", "parameters.port"]
    assert [line.label for line in lines][:2] == ["Name", "Pods"]
    assert lines[-1].step == "basics"


def test_dates_say_what_happens_when() -> None:
    spec = spec_of(expires_at=NOW + timedelta(days=3))
    facts = {fact.key: fact for fact in date_facts(spec, None, now=NOW)}
    assert facts["ends"].instant.startswith("2030-01-05T")
    assert facts["warned"].instant.startswith("2030-01-02T"), "the warning is due already"
    assert facts["restorable"].value == "1 day after a release"
    production = replace(spec, environment=Environment.PRODUCTION, expires_at=None)
    facts = {fact.key: fact for fact in date_facts(production, None, now=NOW)}
    assert facts["ends"].value == "Never by itself"
    assert facts["certify"].instant.startswith("2031-01-02T")


def test_access_says_what_each_role_may() -> None:
    until = NOW + timedelta(days=1)
    grant = AccessGrant(SubjectKind.USER, "ada", AccessRole.VIEWER, until)
    (line,) = access_lines(spec_of(access=(grant,)))
    assert (line.name, line.role, line.may) == ("ada", "viewer", "Reads everything but Secrets.")
    assert line.until.startswith("2030-01-03T")


def test_objects_are_counted_by_kind() -> None:
    kinds = ["Namespace", "NetworkPolicy", "NetworkPolicy", "RoleBinding", "RoleBinding"]
    assert object_counts(kinds) == "1 Namespace, 2 NetworkPolicies, 2 RoleBindings"


def test_how_often_the_end_is_put_off_is_told_beside_the_most() -> None:
    assert lifetime_note(90, 3).startswith("At most 90 days.")
    assert "Each time" in lifetime_note(365, 0)
    assert "any number" in lifetime_note(None, None)


def test_the_size_as_typed_keeps_to_what_the_house_allows() -> None:
    wished, house = {"limits.cpu": "48"}, {"limits.cpu": "64"}
    assert size_of(Tier.SMALL, wished) == TIERS[Tier.SMALL]
    assert size_of(Tier.SMALL, wished, house).quota["limits.cpu"] == "48"


def test_every_object_of_a_set_is_of_all_its_namespaces() -> None:
    def line(text: str, *, is_sample: bool = False) -> DryRunLine:
        return DryRunLine("Namespace/a", text, True, "Accepted", "ok", "", is_sample)

    member = MemberRun("b", "", "", "ok", [line("b: 1"), line("pod: 1", is_sample=True)])
    assert objects_of([line("a: 1")], [member]) == "a: 1\n---\nb: 1"
