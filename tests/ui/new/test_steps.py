"""Where an issue belongs, and what only the page asks for."""

import pytest

from nsaas_app.domain.errors import FieldIssue
from nsaas_app.ui.new.access_fields import access_step
from nsaas_app.ui.new.draft import Draft
from nsaas_app.ui.new.steps import (
    FORM_STEPS,
    field_of,
    first_step_with,
    form_issues,
    messages_of,
    next_step,
    open_step,
    previous_step,
    step_of,
)


@pytest.mark.parametrize(
    ("path", "field", "step"),
    [
        ("name", "name", "basics"),
        ("network.preset", "network", "network"),
        ("network.cidrs[3]", "cidrs", "network"),
        ("access[1].name", "access", "access"),
        ("expires_at", "expires_in_days", "access"),
        ("cluster", "cluster", "review"),
    ],
)
def test_an_issue_is_told_at_its_field(path: str, field: str, step: str) -> None:
    assert field_of(path) == field
    assert step_of(field) == step


def test_several_messages_of_a_field_are_read_together() -> None:
    issues = [FieldIssue("access[0].name", "One."), FieldIssue("access", "Two.")]
    assert messages_of(issues) == {"access": "One. Two."}


def test_production_wants_the_typed_name_and_approval_a_reason() -> None:
    draft = Draft(name="pay-prod", environment="production")
    fields = {issue.field for issue in form_issues(draft, needs_approval=True)}
    assert fields == {"justification", "confirm"}
    ready = Draft(
        name="pay-prod",
        environment="production",
        confirm="pay-prod",
        justification="PCI go-live on 1 December",
    )
    assert form_issues(ready, needs_approval=True) == []
    assert form_issues(Draft(name="x"), needs_approval=False) == []


def test_the_reason_can_be_given_before_the_review_and_is_checked_there() -> None:
    assert "field-justification" in str(access_step())
    assert step_of("justification") == "review"


def test_the_first_step_with_an_error_opens() -> None:
    assert first_step_with(["confirm", "cidrs", "tier"]) == "size"
    assert first_step_with([]) == "review"


def test_steps_follow_each_other_and_stop_at_the_ends() -> None:
    order = list(FORM_STEPS)
    assert [next_step(step) for step in order] == [*order[1:], "review"]
    assert previous_step("basics") == "basics"
    assert previous_step("review") == "access"


def test_only_steps_that_were_reached_open() -> None:
    assert open_step("size", 2) == "size"
    assert open_step("review", 1) == "size"
    assert open_step("", 3) == "basics"
    assert open_step("moon", 3) == "access"
