"""Templates: whatever is answered gives an acceptable spec, and every answer changes it."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nsaas_app.domain.environments import POLICIES, Environment
from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.spec_draft import draft_from_document
from nsaas_app.domain.templates import (
    TEMPLATES,
    Parameter,
    ParameterType,
    Template,
    spec_from_template,
    template_of,
)
from nsaas_app.provisioning.checks import check_draft
from tests.support.actors import actor
from tests.support.specs import FRONTEND, NOW

BASICS = {"name": "shop", "team": "frontend", "cost_center": "cc"}


_OCTETS = st.integers(0, 255)
_CIDRS = st.builds("10.{}.{}.0/24".format, _OCTETS, _OCTETS) | st.builds(
    "198.{}.0.0/16".format, _OCTETS
)
"""Networks anybody may ask for."""


def values_of(parameter: Parameter) -> st.SearchStrategy[object]:
    match parameter.type:
        case ParameterType.CHOICE:
            return st.sampled_from(parameter.choices)
        case ParameterType.CIDR:
            return _CIDRS | st.just("") if parameter.default == "" else _CIDRS
        case ParameterType.INTEGER:
            numbers = st.integers(parameter.minimum, parameter.maximum)
            return numbers | numbers.map(str)


@st.composite
def answers(draw: st.DrawFn, template: Template) -> dict[str, object]:
    """Valid answers; what has a default may be left out."""
    return {
        one.name: draw(values_of(one))
        for one in template.parameters
        if one.default is None or draw(st.booleans())
    }


def checked(
    template: Template, environment: Environment, parameters: dict[str, object]
) -> NamespaceSpec:
    document = spec_from_template(
        template.id, parameters, {**BASICS, "environment": environment.value}
    )
    found = check_draft(
        draft_from_document(document),
        teams={FRONTEND.name: FRONTEND},
        actor=actor("frontend-dev"),
        cluster="local",
        now=NOW,
        timezone="UTC",
    )
    assert found.issues == ()
    assert found.spec is not None
    return found.spec


@settings(deadline=None)
@given(st.data())
def test_every_template_is_acceptable_in_each_of_its_environments(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(TEMPLATES))
    environment = data.draw(st.sampled_from(template.environments))

    spec = checked(template, environment, data.draw(answers(template)))

    assert spec.tier in POLICIES[environment].tiers
    assert spec.labels["workload"]


@settings(deadline=None)
@given(st.data())
def test_every_answer_changes_the_spec(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(TEMPLATES))
    environment = data.draw(st.sampled_from(template.environments))
    given_answers = data.draw(answers(template))
    parameter = data.draw(st.sampled_from(template.parameters))
    first, second = data.draw(values_of(parameter)), data.draw(values_of(parameter))
    assume(str(first) != str(second))
    # Where an environment has no nights, there are none to do without.
    assume(parameter.name != "sleeps" or POLICIES[environment].sleeps)
    # The same network twice is the same network.
    others = {v for name, v in given_answers.items() if name != parameter.name}
    assume({first, second}.isdisjoint(others))

    one = checked(template, environment, {**given_answers, parameter.name: first})
    other = checked(template, environment, {**given_answers, parameter.name: second})

    assert one != other


def test_ids_and_parameters_are_named_once() -> None:
    ids = [template.id for template in TEMPLATES]
    assert len(set(ids)) == len(ids)
    for template in TEMPLATES:
        names = [parameter.name for parameter in template.parameters]
        assert names
        assert len(set(names)) == len(names)
        for parameter in template.parameters:
            assert parameter.help
            assert parameter.default is None or parameter.why_not(parameter.default) == ""


def test_what_somebody_says_wins_over_the_template() -> None:
    document = spec_from_template(
        "basic-web-app",
        {"exposure": "internal"},
        {"tier": "medium", "labels": {"workload": None, "mine": "yes"}},
    )
    assert document["tier"] == "medium"
    assert document["labels"] == {"mine": "yes"}
    assert document["network"]["accept_from_gateway"] is False


def test_two_networks_are_reached_both() -> None:
    parameters = {"source_cidr": "198.51.100.0/24", "sink_cidr": "203.0.113.0/24"}
    document = spec_from_template("data-pipeline", parameters, {})
    assert document["network"]["cidrs"] == list(parameters.values())


@pytest.mark.parametrize(
    ("template_id", "parameters", "environment", "fields"),
    [
        ("no-such", {}, "development", {"template"}),
        ("microservice-api", {}, "staging", {"parameters.database_cidr"}),
        ("microservice-api", {"database_cidr": "10.0.0.1/8"}, "staging",
         {"parameters.database_cidr"}),
        ("microservice-api", {"database_cidr": "169.254.0.0/16"}, "staging",
         {"parameters.database_cidr"}),
        ("microservice-api", {"database_cidr": "10.0.0.0/8"}, "development", {"environment"}),
        ("basic-web-app", {"exposure": "world", "colour": "red"}, "development",
         {"parameters.exposure", "parameters.colour"}),
        ("basic-web-app", {"exposure": ["gateway"]}, "development", {"parameters.exposure"}),
        ("batch-jobs", {"days": 0}, "development", {"parameters.days"}),
        ("batch-jobs", {"days": "31"}, "development", {"parameters.days"}),
        ("batch-jobs", {"days": True}, "development", {"parameters.days"}),
        ("batch-jobs", {"days": ""}, "development", {"parameters.days"}),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_at_its_parameter(
    template_id: str, parameters: dict[str, Any], environment: str, fields: set[str]
) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        spec_from_template(template_id, parameters, {"environment": environment})
    assert {issue.field for issue in refused.value.issues} == fields


def test_an_environment_of_the_wrong_type_is_left_to_the_checks() -> None:
    document = spec_from_template("basic-web-app", {}, {"environment": ["staging"]})
    with pytest.raises(InvalidFieldsError) as refused:
        draft_from_document(document)
    assert refused.value.field == "environment"


def test_a_template_is_found_by_its_id() -> None:
    assert tuple(template_of(template.id) for template in TEMPLATES) == TEMPLATES
