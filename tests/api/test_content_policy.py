"""Which inline scripts may run: those of our own pages, by their hashes, and no other."""

from pathlib import Path

import httpx

from nsaas_app.api.content_policy import content_policy, hashes_of, page_policy

# Of the text `alert(1)`, by another program: openssl dgst -sha256 -binary | base64
ALERT = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"  # pragma: allowlist secret


def test_inline_scripts_are_named_once_and_files_not() -> None:
    html = (
        '<script src="/a.js"></script><script type="module" async="">alert(1)</script>'
        "<script>alert(1)</script><p>alert(1)</p>"
    )
    assert hashes_of(html) == (ALERT,)


def test_a_page_may_run_what_was_built_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "index.html").write_text("<script>alert(1)</script>")
    (tmp_path / "index.html").write_text("<script>\nalert(2)\n</script>")
    (tmp_path / "other.js").write_text("<script>alert(3)</script>")

    policy = page_policy(tmp_path)

    assert policy.count("sha256-") == 2
    assert ALERT in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]


def test_without_pages_no_inline_script_runs(tmp_path: Path) -> None:
    assert page_policy(tmp_path / "absent") == content_policy()
    assert "sha256" not in content_policy()


async def test_the_api_documentation_runs_its_own_script(signed_in: httpx.AsyncClient) -> None:
    reply = await signed_in.get("/api/docs")
    policy = reply.headers["content-security-policy"]
    (script,) = hashes_of(reply.text)
    assert policy == content_policy((script,))
