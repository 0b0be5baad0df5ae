"""Paths that no router takes, on a socket: answered like everything else."""

import httpx

from tests.api.problems import problem_in
from tests.support.served import ServedPortal

ODD = ("/a%0Ab", "/%0A", "/namespaces/a%0Db", "/api/v1/namespaces/a%0Ab", "/auth/%0Ax", "/x%00y")
OF_THE_FRAMEWORK = frozenset(
    {"access-control-allow-origin", "access-control-allow-credentials", "vary"}
)
OF_ITS_OWN = frozenset({"date", "content-length", "x-correlation-id"})


def headers_of(reply: httpx.Response) -> dict[str, str]:
    return {k: v for k, v in reply.headers.items() if k not in OF_THE_FRAMEWORK}


def test_a_control_character_in_a_path_is_answered_like_any_absent_path(
    served: ServedPortal,
) -> None:
    cookies = served.cookie("admin")
    with httpx.Client(base_url=served.url, trust_env=False, cookies=cookies, timeout=30) as browser:
        absent = browser.get("/api/v1/nothing-here")
        problem_in(absent, 404, "NOT_FOUND")
        assert "content-security-policy" in absent.headers
        for path in ODD:
            for method in ("GET", "POST"):
                odd = browser.request(method, path)
                problem_in(odd, 404, "NOT_FOUND")
                ours, theirs = headers_of(odd), headers_of(absent)
                assert ours.keys() == theirs.keys(), (path, method)
                for name in theirs.keys() - OF_ITS_OWN:
                    assert ours[name] == theirs[name], (path, method, name)
