"""The failure catalogue: every code has a cause, a fix and somebody; no code comes from nowhere."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import nsaas_app
from nsaas_app.domain.errors import Fault, FieldIssue, InvalidFieldsError, PortalError
from nsaas_app.domain.failures import FAILURES, Failure, Retry, _rows
from nsaas_app.domain.requests import RequestFailure

PACKAGE = Path(nsaas_app.__file__).parent

CODES = """
NS_EXISTS NS_TERMINATING NS_RESERVED NS_NAME_INVALID TEAM_LIMIT TEAM_POOL POLICY_DENY
APPROVAL_REQUIRED APPROVAL_EXPIRED APPROVAL_REJECTED K8S_FORBIDDEN RBAC_ESCALATION WEBHOOK_DENIED
WEBHOOK_DOWN MANAGED_BY_ARM FIELD_CONFLICT QUOTA_MUST_SPECIFY QUOTA_EXCEEDED LIMITRANGE
SIDECAR_QUOTA MESH_NO_INJECT PSA_VIOLATION DNS_BLOCKED NET_GATEWAY NO_CNI PVC_PENDING UNSCHEDULABLE
CRD_MISSING SUBJECT_UNKNOWN API_UNREACHABLE API_THROTTLED WATCH_GONE STUCK_TERMINATING
ROLLBACK_PARTIAL DUPLICATE RATE_LIMIT
OUTCOME_UNKNOWN STORE_BUSY STORE_FULL STORE_DOWN QUARANTINED SIGN_IN_UNAVAILABLE GROUPS_OVERAGE
SIGNED_OUT NOT_FOUND NOT_ALLOWED PROTECTED UID_CHANGED NOT_MANAGED CLOUD_CREDENTIAL_GONE
CLOUD_NAME_TAKEN CLOUD_FAILED FEATURE_NOT_READY
INVALID_BODY INVALID_FIELD METHOD_NOT_ALLOWED TOO_LARGE IDEMPOTENCY_MISMATCH ALREADY_DECIDED
INTERNAL
"""

RETRIES = {
    Retry.AUTO: """NS_TERMINATING APPROVAL_REQUIRED WEBHOOK_DOWN DNS_BLOCKED PVC_PENDING
        UNSCHEDULABLE API_UNREACHABLE API_THROTTLED WATCH_GONE""",
    Retry.YES: """TEAM_LIMIT TEAM_POOL APPROVAL_EXPIRED K8S_FORBIDDEN RBAC_ESCALATION
        WEBHOOK_DENIED FIELD_CONFLICT QUOTA_MUST_SPECIFY QUOTA_EXCEEDED LIMITRANGE SIDECAR_QUOTA
        MESH_NO_INJECT PSA_VIOLATION NET_GATEWAY CRD_MISSING SUBJECT_UNKNOWN STUCK_TERMINATING
        ROLLBACK_PARTIAL RATE_LIMIT""",
    Retry.NO: """NS_EXISTS NS_RESERVED NS_NAME_INVALID POLICY_DENY APPROVAL_REJECTED MANAGED_BY_ARM
        NO_CNI DUPLICATE""",
}


def test_every_code_is_there_and_once() -> None:
    assert set(CODES.split()) - FAILURES.keys() == set()
    assert len(_rows()) == len(FAILURES)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_every_row_says_what_happened_what_to_do_and_who_can(failure: Failure) -> None:
    for text in (failure.cause, failure.fix):
        assert len(text) > len("Retry.")
        assert text[0].isupper()
        assert text.endswith(".")
    assert failure.who_can_fix


@pytest.mark.parametrize("retry", RETRIES)
def test_it_is_said_whether_repeating_helps(retry: Retry) -> None:
    for code in RETRIES[retry].split():
        assert FAILURES[code].retry is retry, code
        assert FAILURES[code].retryable == (retry is not Retry.NO)


def every_error() -> list[type[PortalError]]:
    for module in pkgutil.walk_packages([str(PACKAGE)], "nsaas_app."):
        parts = module.name.split(".")
        # The pages and the programs raise no error of their own and take long to load.
        if parts[1] in {"ui", "cli", "nsaas_app", "__main__", "localcluster"}:
            continue
        if "migrations" not in parts:
            importlib.import_module(module.name)
    found = [PortalError]
    for error in found:
        found.extend(error.__subclasses__())
    return found


def test_every_error_carries_a_code_of_the_catalogue() -> None:
    errors = every_error()
    assert len(errors) > 8
    assert {error.__name__ for error in errors if error.code not in FAILURES} == set()
    assert all(isinstance(error.fault, Fault) for error in errors)


def codes_in(source: str) -> Iterator[str]:
    """Yield every string given as a code: by its name, or to something that is made of a code."""
    made_of_codes = {"FieldIssue", "RequestFailure", "_Signal", "add"}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        yield from _constants(word.value for word in node.keywords if word.arg == "code")
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in made_of_codes:
            yield from (text for text in _constants(node.args) if text.isupper() and "_" in text)


def _constants(nodes: "Iterator[ast.expr] | list[ast.expr]") -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def test_every_code_written_in_the_product_is_in_the_catalogue() -> None:
    written = {code for path in PACKAGE.rglob("*.py") for code in codes_in(path.read_text())}
    assert len(written) > 20
    assert written - FAILURES.keys() == set()


def test_an_error_takes_its_fix_from_the_catalogue_and_an_unknown_code_is_internal() -> None:
    error = PortalError("No.", code="TEAM_POOL")
    assert error.failure is FAILURES["TEAM_POOL"]
    assert error.hint == FAILURES["TEAM_POOL"].fix
    assert PortalError("No.", hint="Do this.").hint == "Do this."
    assert PortalError("No.", code="NEVER_HEARD").failure is FAILURES["INTERNAL"]
    assert RequestFailure("NEVER_HEARD", "No.").catalogued is FAILURES["INTERNAL"]


def test_broken_rules_are_told_all_at_once_the_first_in_words() -> None:
    error = InvalidFieldsError(
        [FieldIssue("name", "Name is required.", "NS_NAME_INVALID"), FieldIssue("tier", "No.")]
    )
    assert str(error) == "Name is required. 1 more field needs a change."
    assert (error.field, error.code) == ("name", "NS_NAME_INVALID")
    assert [issue.field for issue in error.issues] == ["name", "tier"]
