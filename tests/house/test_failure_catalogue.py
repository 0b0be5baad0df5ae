"""Every failure of the catalogue is met for real by some test, or it is said why it cannot be.

A test says what it meets by `@pytest.mark.produces("CODE", ...)`; this is read from the sources.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from nsaas_app.domain.failures import FAILURES

TESTS = Path(__file__).parents[1]
MODULES = sorted(path for path in TESTS.rglob("test_*.py") if path != Path(__file__))

_NO_EVENTS = "nothing reads the events and conditions of pods and claims inside a namespace yet"
_NO_MESH = "the product has no mesh feature yet"
_NO_CLOUD = "the product makes no cloud resources yet"

NOT_MET: dict[str, str] = {
    "APPROVAL_REQUIRED": "waiting for people is a phase with its own record, not a failure",
    "DUPLICATE": "the first result is returned, so no answer carries the code",
    "SIDECAR_QUOTA": _NO_MESH,
    "MESH_NO_INJECT": _NO_MESH,
    "DNS_BLOCKED": "a missing DNS rule is drift and repaired as such; nobody reads time-outs",
    "NET_GATEWAY": "nothing reads the answers of an ingress gateway yet",
    "NO_CNI": "nothing finds out yet whether the cluster enforces NetworkPolicy",
    "PVC_PENDING": _NO_EVENTS,
    "UNSCHEDULABLE": _NO_EVENTS,
    "CLOUD_CREDENTIAL_GONE": _NO_CLOUD,
    "CLOUD_NAME_TAKEN": _NO_CLOUD,
    "CLOUD_FAILED": _NO_CLOUD,
    "FEATURE_NOT_READY": "no feature has a readiness of its own yet",
}
"""Codes that nothing in the product can come to yet, each with the reason."""


def marked(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield every use of the marker."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.produces":
            yield node


def codes_of(call: ast.Call) -> set[str]:
    return {str(ast.literal_eval(argument)) for argument in call.args}


def produced() -> dict[str, Path]:
    """Every code that some test produces, with the last file that does."""
    found: dict[str, Path] = {}
    for path in MODULES:
        for call in marked(ast.parse(path.read_text())):
            found |= dict.fromkeys(codes_of(call), path)
    return found


def test_every_failure_is_met_by_a_test_or_it_is_said_why_not() -> None:
    met = produced().keys()
    assert met - FAILURES.keys() == set(), "no such code"
    assert FAILURES.keys() - met - NOT_MET.keys() == set(), "neither met nor explained"
    assert met & NOT_MET.keys() == set(), "met by a test: take it off the list"
    assert NOT_MET.keys() - FAILURES.keys() == set()


def test_who_says_that_it_meets_a_failure_also_looks_for_it() -> None:
    for path in MODULES:
        tree = ast.parse(path.read_text())
        in_markers = {id(argument) for call in marked(tree) for argument in call.args}
        looked_for = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in in_markers
        }
        claimed = {code for call in marked(tree) for code in codes_of(call)}
        assert claimed - looked_for == set(), path
