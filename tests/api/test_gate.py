"""The gate: who is nobody gets nowhere, other sites and other names are kept out."""

import json
from itertools import product

import httpx
import pytest

from nsaas_app.settings import Settings
from tests.api.conftest import PAGE, Caller
from tests.api.problems import problem_in
from tests.support.waiting import eventually_async

JSON = {"Content-Type": "application/json"}
OURS = {"Origin": "http://localhost:8000"}
ASKED = json.dumps({"spec": {"name": "x", "team": "frontend", "environment": "development"}})


async def test_an_anonymous_page_call_is_sent_to_sign_in_with_the_way_back(
    anonymous: httpx.AsyncClient,
) -> None:
    for address, back in [
        ("/", "%2F"),
        ("/new", "%2Fnew"),
        ("/namespaces?q=a%20b&team=x", "%2Fnamespaces%3Fq%3Da%2520b%26team%3Dx"),
        ("/no/such/page", "%2Fno%2Fsuch%2Fpage"),
        ("/assets/index-abc.js", "%2Fassets%2Findex-abc.js"),
    ]:
        reply = await anonymous.get(address)

        assert (reply.status_code, reply.headers["location"]) == (303, f"/auth/login?next={back}")
        assert PAGE not in reply.text, address


@pytest.mark.produces("SIGNED_OUT")
async def test_an_anonymous_call_of_a_program_is_refused(anonymous: httpx.AsyncClient) -> None:
    for method, path in [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/namespaces"),
        ("POST", "/api/v1/requests"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/docs"),
        ("GET", "/api/nothing"),
        ("GET", "/metrics"),
        ("GET", "/_event/"),
        ("POST", "/"),
        ("DELETE", "/namespaces/x"),
    ]:
        reply = await anonymous.request(method, path)

        problem_in(reply, 401, "SIGNED_OUT")
        assert reply.headers["www-authenticate"] == "Bearer", path


async def test_a_wrong_credential_is_nobody_even_beside_a_good_cookie(
    signed_in: httpx.AsyncClient,
) -> None:
    for credential in [
        "Bearer nsaas_made_up",
        "Bearer ",
        "Basic YTpi",
        "Bearer eyJhbGciOiJub25lIn0.e30.",  # pragma: allowlist secret
    ]:
        assert (await signed_in.get("/api/v1/me")).status_code == 200

        reply = await signed_in.get("/api/v1/me", headers={"Authorization": credential})

        problem_in(reply, 401, "SIGNED_OUT")


async def test_a_cookie_opens_pages_and_reads(signed_in: httpx.AsyncClient) -> None:
    assert (await signed_in.get("/")).text == PAGE
    assert (await signed_in.get("/api/v1/me")).json()["subject"] == "frontend-dev"


async def test_a_write_by_cookie_that_another_site_could_cause_is_refused(
    signed_in: httpx.AsyncClient,
) -> None:
    for headers in [
        JSON,  # no word on where it comes from
        JSON | {"Origin": "https://evil.example"},
        JSON | {"Origin": "http://localhost:8001"},
        JSON | {"Origin": "http://localhost:8000.evil.example"},
        JSON | {"Origin": "null"},
        JSON | {"Sec-Fetch-Site": "cross-site"},
        JSON | {"Sec-Fetch-Site": "same-site"},
        JSON | {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        OURS | {"Content-Type": "text/plain"},  # what a form can send
        OURS | {"Content-Type": "application/x-www-form-urlencoded"},
        OURS | {"Content-Type": "multipart/form-data; boundary=x"},
    ]:
        reply = await signed_in.post("/api/v1/requests", content=ASKED, headers=headers)

        assert reply.status_code == 403, headers
        problem_in(reply, 403, "NOT_ALLOWED")


async def test_a_write_by_cookie_from_our_own_pages_is_taken(signed_in: httpx.AsyncClient) -> None:
    for headers in [
        JSON | OURS,
        JSON | {"Origin": "http://127.0.0.1:8000"},
        JSON | {"Sec-Fetch-Site": "same-origin"},
    ]:
        reply = await signed_in.post("/api/v1/requests", content='{"spec": {}}', headers=headers)

        assert reply.status_code == 422, headers


async def test_another_name_of_this_address_is_refused(signed_in: httpx.AsyncClient) -> None:
    hosts = ["evil.example", "localhost.evil.example", "169.254.169.254", ""]
    for path, host in product(["/", "/api/v1/me", "/healthz/x", "/auth/login"], hosts):
        reply = await signed_in.get(path, headers={"Host": host})

        assert reply.status_code == 400, (path, host)
        assert PAGE not in reply.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_probes_come_by_a_pods_address(anonymous: httpx.AsyncClient, path: str) -> None:
    async def is_taken_alike() -> bool:
        by_address = await anonymous.get(path, headers={"Host": "10.244.0.7:8000"})
        assert by_address.status_code != 400
        assert PAGE not in by_address.text
        # Between two calls a portal may become ready.
        return by_address.status_code == (await anonymous.get(path)).status_code

    await eventually_async(is_taken_alike)


async def test_below_sign_in_is_nothing_of_the_pages(anonymous: httpx.AsyncClient) -> None:
    paths = [
        b"/auth/", b"/auth/nothing", b"/auth/%2e%2e/assets/index.js",
        b"/auth//index.html", b"/auth/login/",
    ]  # fmt: skip
    for method, path in product(["GET", "HEAD", "POST", "OPTIONS", "PROPFIND"], paths):
        address = httpx.URL("http://localhost:8000").copy_with(raw_path=path)
        reply = await anonymous.request(method, address)

        assert reply.status_code in (404, 307), (method, path)
        assert PAGE not in reply.text


async def test_uploads_do_not_exist(signed_in: httpx.AsyncClient) -> None:
    reply = await signed_in.post("/_upload", headers=OURS | {"X-Requested-With": "x"})

    problem_in(reply, 404, "NOT_FOUND")


async def test_every_answer_tells_browsers_to_be_careful(anonymous: httpx.AsyncClient) -> None:
    for path in ["/", "/healthz", "/auth/login", "/api/v1/me", "/api/nothing"]:
        headers = (await anonymous.get(path)).headers

        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["referrer-policy"] == "same-origin", path
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "script-src 'self'; script-src-attr 'none'" in policy, "no inline script runs"
        assert "http" not in policy, path


async def test_the_bundle_may_be_kept_by_the_browser_alone(signed_in: httpx.AsyncClient) -> None:
    reply = await signed_in.get("/assets/index-abc.js")

    assert reply.headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_that_one_must_sign_in_first_is_not_kept_for_the_bundle(
    anonymous: httpx.AsyncClient,
) -> None:
    reply = await anonymous.get("/assets/index-abc.js")

    assert (reply.status_code, reply.headers["cache-control"]) == (303, "no-store")


class TestFlood:
    """With a small bucket: the real one takes 500 calls at once."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"rate_burst": 5, "rate_per_second": 0.5})

    @pytest.mark.produces("RATE_LIMIT")
    async def test_a_flood_of_writes_is_slowed_down_and_reads_go_on(self, calling: Caller) -> None:
        developer, other = await calling("frontend-dev"), await calling("frontend-lead")

        taken = [(await developer.post("/requests", json=[])).status_code for _ in range(5)]
        refused = await developer.post("/requests", json=[])

        assert set(taken) == {422}
        problem_in(refused, 429, "RATE_LIMIT")
        assert 1 <= int(refused.headers["retry-after"]) <= 2
        assert (await developer.get("/me")).status_code == 200
        assert (await other.post("/requests", json=[])).status_code == 422


class TestSignInFlood:
    """With a small bucket: the real one takes 120 calls at once."""

    @pytest.fixture
    def settings(self, settings: Settings, hops: int) -> Settings:
        few = {"auth_rate_burst": 3, "auth_rate_per_second": 0.5, "proxy_hops": hops}
        return settings.model_copy(update=few)

    @staticmethod
    async def tried(client: httpx.AsyncClient, forwarded: str) -> httpx.Response:
        return await client.get("/auth/login", headers={"X-Forwarded-For": forwarded})

    @pytest.mark.parametrize("hops", [0])
    async def test_an_address_is_slowed_down_whatever_it_says_of_itself(
        self, anonymous: httpx.AsyncClient
    ) -> None:
        taken = [(await self.tried(anonymous, f"10.0.0.{n}")).status_code for n in range(3)]
        refused = await self.tried(anonymous, "10.0.0.9")

        assert taken == [200] * 3
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 2
        assert "Too many attempts" in refused.text
        assert (await anonymous.get("/healthz")).status_code == 200

    @pytest.mark.parametrize("hops", [1])
    async def test_behind_a_proxy_each_address_counts_for_itself(
        self, anonymous: httpx.AsyncClient
    ) -> None:
        # The first entry is the caller's own invention; the last one is what our proxy saw.
        for n in range(3):
            assert (await self.tried(anonymous, f"10.9.9.{n}, 10.0.0.1")).status_code == 200
        assert (await self.tried(anonymous, "10.9.9.9, 10.0.0.1")).status_code == 429
        assert (await self.tried(anonymous, "10.0.0.1, 10.0.0.2")).status_code == 200
