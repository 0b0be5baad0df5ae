"""A LimitRange's refusal in words: the value against its bound, and a way out."""

import pytest

from nsaas_app.insights.limit_words import limit_trouble
from nsaas_app.insights.quota_words import in_words

ABOVE_DEFAULT = (
    'Error creating: Pod "index-6d4b75cb6d-x2x9z" is invalid: spec.containers[0].resources.'
    'requests: Invalid value: "350m": must be less than or equal to cpu limit of 200m'
)


def test_a_request_above_the_default_limit_names_both_and_a_command() -> None:
    about = "ReplicaSet/index-6d4b75cb6d"
    trouble = limit_trouble(ABOVE_DEFAULT, about=about, namespace="shop")
    assert trouble is not None
    assert trouble.cause == (
        "A container requests 0.35 CPU, above its limit of 0.2 CPU, the default here for "
        "containers that state none."
    )
    assert trouble.fix == (
        "State a CPU limit of 0.35 CPU or more, or request at most 0.2 CPU. For example: "
        "kubectl -n shop set resources deployment/index --limits=cpu=350m"
    )
    assert in_words(ABOVE_DEFAULT).startswith(trouble.cause)


@pytest.mark.parametrize(
    ("words", "cause", "fix"),
    [
        (
            "maximum cpu usage per Container is 1, but limit is 2",
            "A container states a CPU limit of 2 CPU, above 1 CPU, the most that is allowed.",
            "Lower the limit to 1 CPU, or ask for an override of the quota.",
        ),
        (
            (
                "[minimum memory usage per Container is 16Mi, but request is 8Mi, "
                "maximum cpu usage per Container is 1, but limit is 2]"
            ),
            "A container states a memory request of 8Mi, below 0.02 Gi, the least that is allowed.",
            "Raise the request to 0.02 Gi.",
        ),
        (
            "maximum memory usage per Container is 4Gi.  No limit is specified",
            "A container states no memory limit; 4 Gi is the most that is allowed here.",
            "State a memory limit of at most 4 Gi.",
        ),
        (
            "cpu max limit to request ratio per Container is 10, but provided ratio is 12.500000",
            "A container has a CPU limit 12.5 times its request; 10 is the most.",
            "Raise the CPU request or lower the limit.",
        ),
    ],
)
def test_each_bound_is_told_with_the_value_beside_it(words: str, cause: str, fix: str) -> None:
    trouble = limit_trouble(f'Error creating: pods "a" is forbidden: {words}')
    assert trouble is not None
    assert (trouble.cause, trouble.fix) == (cause, fix)


@pytest.mark.parametrize("message", ["", "no such thing", ABOVE_DEFAULT.replace("350m", "much")])
def test_other_words_are_no_trouble_with_limits(message: str) -> None:
    assert limit_trouble(message) is None
