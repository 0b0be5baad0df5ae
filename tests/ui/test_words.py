"""Every state, phase and step has its word and tone."""

import pytest

from nsaas_app.domain.actors import Actor, Role
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.requests import Phase, RequestKind, StepName, StepStatus
from nsaas_app.ui.words import (
    KIND_WORDS,
    STEP_WORDS,
    Tone,
    phase_word,
    request_tone,
    role_word,
    state_tone,
    step_tone,
    word_of,
)


def test_nothing_is_without_a_tone_or_word() -> None:
    assert {state_tone(state) for state in NamespaceState} <= set(Tone)
    assert {request_tone(phase) for phase in Phase} <= set(Tone)
    assert {step_tone(status) for status in StepStatus} <= set(Tone)
    assert set(STEP_WORDS) == set(StepName)
    assert set(KIND_WORDS) == set(RequestKind)


@pytest.mark.parametrize(
    ("phase", "word"),
    [(Phase.DONE, ""), (Phase.AWAITING_APPROVAL, "awaiting approval"), (Phase.RUNNING, "running")],
)
def test_the_phase_is_named_where_it_adds_something(phase: Phase, word: str) -> None:
    assert phase_word(phase) == word


def test_words_are_readable() -> None:
    assert word_of("team-shared") == "Team shared"


def test_roles_in_one_line() -> None:
    frontend, payments = TeamName("frontend"), TeamName("payments")
    both = Actor("x", teams={payments: Role.VIEWER, frontend: Role.LEAD})
    assert role_word(both) == "Lead in frontend, Viewer in payments"
    assert role_word(Actor("x", is_admin=True)) == "Platform admin"
    assert role_word(Actor("x", is_auditor=True)) == "Auditor"
    assert role_word(Actor("x")) == "No team yet"
