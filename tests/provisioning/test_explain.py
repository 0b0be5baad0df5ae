"""A failure's message has the facts; the portal's own findings keep their sentence."""

import pytest

from nsaas_app.cluster.faults import ClusterError, Verdict
from nsaas_app.provisioning.explain import explain


@pytest.mark.parametrize(
    ("code", "status", "words", "told"),
    [
        (
            "NS_EXISTS",
            0,
            'namespaces "shop-dev" already exists since 29 Nov 2026',
            "shop-dev already exists since 29 Nov 2026; this request did not create it.",
        ),
        (
            "WEBHOOK_DOWN",
            500,
            'failed calling webhook "gate.example": connection refused',
            "Policy service gate.example is not answering.",
        ),
        (
            "SUBJECT_UNKNOWN",
            0,
            "Group shop-devs cannot get pods as developer.",
            "Group shop-devs cannot get pods as developer.",
        ),
        ("API_UNREACHABLE", 0, "Connection refused", "The API server cannot be reached, or our"),
        ("MANAGED_BY_ARM", 400, "managed by ARM", "The namespace belongs to AKS managed"),
    ],
)
def test_a_failure_says_what_is_known_of_it(code: str, status: int, words: str, told: str) -> None:
    failure = explain(ClusterError(words, code=code, verdict=Verdict.PERMANENT, status=status))
    assert failure.message.startswith(told)
    assert failure.raw == words
