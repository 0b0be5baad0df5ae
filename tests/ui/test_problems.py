"""Problems carry cause, fix and who can fix, from the failure catalogue."""

from nsaas_app.domain.errors import NameTakenError, NotFoundError
from nsaas_app.domain.failures import FAILURES
from nsaas_app.domain.requests import RequestFailure
from nsaas_app.ui.problems import Problem, toast_for, toast_for_breakdown


def test_an_error_tells_its_row_of_the_catalogue() -> None:
    problem = Problem.from_error(NameTakenError("shop", owner="payments"), correlation_id="abc")
    row = FAILURES["NS_EXISTS"]
    assert (problem.code, problem.cause, problem.who) == ("NS_EXISTS", row.cause, row.who_can_fix)
    assert problem.message == "shop already exists, owned by team payments."
    assert problem.correlation_id == "abc"


def test_a_recorded_failure_keeps_the_clusters_words() -> None:
    failure = RequestFailure("QUOTA_EXCEEDED", "Too much.", raw="exceeded quota: nsaas-quota")
    problem = Problem.from_failure(failure)
    assert problem.raw == "exceeded quota: nsaas-quota"
    assert problem.fix == FAILURES["QUOTA_EXCEEDED"].fix
    assert problem.is_retryable


def test_an_unknown_code_is_an_internal_failure() -> None:
    problem = Problem.from_failure(RequestFailure("NEVER_HEARD_OF", "?"))
    assert problem.cause == FAILURES["INTERNAL"].cause


def test_a_toast_says_message_and_hint() -> None:
    error = NameTakenError("shop")
    assert "shop already exists" in str(toast_for(error).args)


def test_a_refusal_nobody_caught_tells_its_reason_and_a_breakdown_nothing_of_its_insides() -> None:
    assert "no namespace gone" in str(toast_for_breakdown(NotFoundError("namespace", "gone")).args)
    broken = str(toast_for_breakdown(ValueError("secret insides")).args)
    assert "Something in the portal broke." in broken
    assert "secret insides" not in broken
