"""What REST shows: who one is, what can be asked for, teams, namespaces, numbers."""

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.requests import ended, submit
from tests.support.waiting import eventually

ADMIN = actor("admin")


async def test_me(calling: Caller) -> None:
    for who, teams, roles in [
        ("frontend-viewer", {"frontend": "viewer"}, []),
        ("frontend-dev", {"frontend": "developer"}, []),
        ("payments-lead", {"payments": "lead"}, []),
        ("auditor", {}, ["auditor"]),
        ("admin", {}, ["admin"]),
    ]:
        me = (await (await calling(who)).get("/me")).json()

        assert (me["subject"], me["teams"], me["roles"]) == (who, teams, roles)
        assert (me["auth"], me["scopes"]) == ("dev", ["approve", "read", "write"])


async def test_the_catalog_tells_what_the_rules_read(calling: Caller) -> None:
    catalog = (await (await calling("frontend-viewer")).get("/catalog")).json()

    assert set(catalog) == {"tiers", "environments", "presets", "features", "templates"}
    assert catalog["tiers"]["small"]["quota"] == TIERS[Tier.SMALL].quota
    assert set(catalog["tiers"]) == set(Tier)
    production = catalog["environments"]["production"]
    assert production["max_days"] is None
    assert production["cost_center_required"] is True
    assert "open" not in production["networks"]
    assert catalog["presets"]["isolated"]["default_egress"] == "none"


async def test_teams_show_their_ledger_to_their_members(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    member, stranger = await calling("frontend-viewer"), await calling("payments-dev")

    team = (await member.get("/teams/frontend")).json()
    assert (team["budget"]["namespaces"], team["used"]["namespaces"]) == (100, 1)
    assert team["used"]["per_environment"] == dict.fromkeys(Environment, 0) | {"development": 1}
    assert team["used"]["requests.cpu"] == TIERS[Tier.SMALL].quota["requests.cpu"]
    assert set(team["reserved"].values()) == {"0"}
    listed = (await member.get("/teams")).json()
    assert ([t["name"] for t in listed["items"]], listed["total"]) == (["frontend"], 1)
    assert [t["name"] for t in (await stranger.get("/teams")).json()["items"]] == ["payments"]
    theirs = problem_in(await stranger.get("/teams/frontend"), 404, "NOT_FOUND")
    absent = problem_in(await stranger.get("/teams/backend"), 404, "NOT_FOUND")
    assert theirs["detail"].replace("frontend", "backend") == absent["detail"]


async def test_namespaces_are_shown_filtered_sorted_and_paged_to_who_may_see_them(
    portal: Runtime, calling: Caller, name: str
) -> None:
    asked = [
        await submit(portal, f"{name}-a", tier="micro", description="the Shop"),
        await submit(portal, f"{name}-b", environment="testing"),
        await submit(portal, f"{name}-c", who="payments-dev", team="payments"),
    ]
    for request in asked:
        await ended(portal, request)
    member, stranger, admin = [await calling(w) for w in ("frontend-dev", "payments-dev", "admin")]

    one = (await member.get(f"/namespaces/{name}-a")).json()
    assert (one["team"], one["environment"], one["tier"]) == ("frontend", "development", "micro")
    assert (one["state"], one["owner"], one["protected"]) == ("active", "frontend-dev", False)
    assert one["request_id"] == asked[0].request_id
    assert one["uid"]
    assert one["ready_at"] >= one["created_at"]
    assert one["quota"]["pods"] == {"used": "0", "hard": TIERS[Tier.MICRO].quota["pods"]}
    assert one["labels"]["platform.io/team"] == "frontend"
    assert one["health"] == {"score": 100, "reasons": []}

    queries: list[tuple[dict[str, str | list[str]], str]] = [
        ({}, "abc"),
        ({"team": "frontend"}, "ab"),
        ({"team": ["frontend", "payments"], "environment": "development"}, "ac"),
        ({"tier": "micro"}, "a"),
        ({"state": "active"}, "abc"),
        ({"state": "failed"}, ""),
        ({"q": "THE SHOP"}, "a"),
        ({"sort": "-name"}, "cba"),
        ({"sort": "environment", "team": "frontend"}, "ab"),
    ]
    for query, wanted in queries:
        page = (await admin.get("/namespaces", params=query)).json()
        assert [n["name"] for n in page["items"]] == [f"{name}-{c}" for c in wanted], query
        assert page["total"] == len(wanted)

    first = (await admin.get("/namespaces", params={"limit": 2})).json()
    rest = await admin.get("/namespaces", params={"limit": 2, "cursor": first["next_cursor"]})
    assert [n["name"] for n in rest.json()["items"]] == [f"{name}-c"]
    assert rest.json()["next_cursor"] is None

    theirs = (await stranger.get("/namespaces")).json()
    assert ([n["name"] for n in theirs["items"]], theirs["total"]) == ([f"{name}-c"], 1)
    problem_in(await stranger.get(f"/namespaces/{name}-a"), 404, "NOT_FOUND")


async def test_the_summary_counts_what_the_actor_may_see(
    portal: Runtime, calling: Caller, name: str
) -> None:
    member, stranger = await calling("frontend-viewer"), await calling("payments-dev")
    await eventually(lambda: portal.directory.is_whole)
    empty = (await member.get("/metrics/summary")).json()
    assert empty["namespaces"]["value"] == 0
    assert (empty["success_rate"]["value"], empty["success_rate"]["n"]) == (None, 0)

    for n in range(2):
        await ended(portal, await submit(portal, f"{name}-{n}"))
    await eventually(lambda: portal.requests.performance(actor=ADMIN).n == 2)

    full = (await member.get("/metrics/summary")).json()
    assert set(full) == {
        "namespaces", "active_deployments", "success_rate", "provision_time_avg_ms",
        "provision_time_p95_ms",
    }  # fmt: skip
    assert all(set(figure) == {"value", "as_of", "window", "n"} for figure in full.values())
    assert (full["namespaces"]["value"], full["namespaces"]["window"]) == (2, None)
    assert (full["success_rate"]["value"], full["success_rate"]["n"]) == (1, 2)
    assert full["provision_time_p95_ms"]["value"] >= full["provision_time_avg_ms"]["value"] > 0
    assert full["success_rate"]["window"] == "30d"
    assert (await stranger.get("/metrics/summary")).json()["namespaces"]["value"] == 0
