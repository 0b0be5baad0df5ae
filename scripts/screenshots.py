"""Pictures of every page, light and dark, from a local portal that runs: `make up`, then this.

It asks for a few namespaces first and runs something in them, so that the pages have something to
show.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from nsaas_app.localcluster.binaries import ensure_binaries

__all__ = ["main"]

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
WANTED = {
    "frontend-shop-dev": {"environment": "development"},
    "frontend-search-dev": {"environment": "development", "tier": "medium"},
    "frontend-shop-test": {"environment": "testing", "tier": "micro"},
    "frontend-shop-stg": {"environment": "staging", "cost_center": "web-17"},
    "frontend-shop-prod": {"environment": "production", "cost_center": "web-17"},
    "payments-ledger-dev": {"environment": "development", "tier": "medium"},
    "payments-api-stg": {"environment": "staging", "cost_center": "pay-3"},
}
EXPIRING = {"frontend-spike-dev": "frontend", "payments-demo-dev": "payments"}
"""Namespaces whose end comes while the script runs: cleanup has something to show."""
LIFETIME = timedelta(seconds=75)
WORKLOADS = {
    "frontend-shop-dev": {"web": (3, "150m", "256Mi"), "cart": (2, "100m", "192Mi")},
    "frontend-search-dev": {"index": (4, "350m", "640Mi")},
    "frontend-shop-test": {"web": (2, "100m", "128Mi")},
    "frontend-spike-dev": {"try": (2, "100m", "128Mi")},
    "payments-ledger-dev": {"ledger": (5, "380m", "700Mi")},
    "payments-api-stg": {"api": (3, "250m", "384Mi")},
}
"""By namespace and deployment: replicas, CPU and memory that each requests and may take at most."""
REASON = "The shop goes live for everybody on Monday."
QUESTION = "Who is on call for it over the weekend?"
LEAD, ADMIN = "frontend-lead", "admin"
PAGES = {
    "overview": (ADMIN, "/?window=24h"),
    "namespaces": (ADMIN, "/namespaces"),
    "namespace": (LEAD, "/namespaces/frontend-shop-dev"),
    "namespace-quota": (LEAD, "/namespaces/frontend-search-dev?tab=quota"),
    "namespace-workloads": (LEAD, "/namespaces/frontend-shop-dev?tab=workloads"),
    "namespace-network": (LEAD, "/namespaces/frontend-shop-dev?tab=network"),
    "namespace-access": (LEAD, "/namespaces/frontend-shop-dev?tab=access"),
    "new": (LEAD, "/new"),
    "new-adopt": (ADMIN, "/new?from=adopt:legacy-shop-dev"),
    "requests": (ADMIN, "/requests"),
    "request": (LEAD, "{request}"),
    "approvals": (LEAD, "/approvals"),
    "teams": (ADMIN, "/teams"),
    "team": (LEAD, "/teams/frontend"),
    "catalog": (LEAD, "/catalog?kind=templates"),
    "insights": (ADMIN, "/insights?view=cost&window=7d"),
    "cleanup": (ADMIN, "/cleanup"),
    "cleanup-plan": (ADMIN, "{plan}"),
    "audit": (ADMIN, "/audit"),
    "status": (ADMIN, "/status"),
    "inbox": (LEAD, "/inbox"),
    "exports": (LEAD, "/exports"),
    "settings": (LEAD, "/settings?tab=tokens"),
}
"""Every page, and as whom it is looked at."""
PHONE = ("overview", "namespaces", "namespace", "new")
"""Pages that are shown on a phone too."""
SETTLE_MS = 2000


def _nsaas(*arguments: str) -> str:
    command = [sys.executable, "-m", "nsaas_app", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _client(url: str, identity: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {_nsaas('dev', 'token', identity)}"}
    return httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30)


def _kubectl(*arguments: str) -> None:
    """Do something as the local cluster's administrator."""
    program = shutil.which("kubectl") or asyncio.run(ensure_binaries()).path("kubectl")
    home = Path(os.environ.get("NSAAS_HOME", ROOT / ".nsaas"))
    command = [str(program), "--kubeconfig", str(home / "kubeconfig"), *arguments]
    subprocess.run(command, check=False, capture_output=True)


def _ask(url: str) -> None:
    for team in ("frontend", "payments"):
        with _client(url, f"{team}-dev") as client:
            for name, fields in WANTED.items():
                if not name.startswith(team):
                    continue
                spec = {"name": name, "team": team, **fields}
                key = {"Idempotency-Key": f"screenshots-{name}"}
                body = {"kind": "provision", "spec": spec, "justification": REASON}
                client.post("/requests", json=body, headers=key).raise_for_status()
    for name, team in EXPIRING.items():
        with _client(url, f"{team}-dev") as client:
            end = (datetime.now(UTC) + LIFETIME).isoformat()
            spec = {"name": name, "team": team, "environment": "development", "expires_at": end}
            client.post("/requests", json={"spec": spec})
    time.sleep(5)


def _run_workloads() -> None:
    """Let something run everywhere, and one namespace that nobody asked for."""
    _kubectl("create", "namespace", "legacy-shop-dev")
    _kubectl("-n", "legacy-shop-dev", "create", "deployment", "web", "--image=web", "--replicas=3")
    for namespace, deployments in WORKLOADS.items():
        for name, (replicas, cpu, memory) in deployments.items():
            wanted = ("--image=web", f"--replicas={replicas}")
            _kubectl("-n", namespace, "create", "deployment", name, *wanted)
            size = f"cpu={cpu},memory={memory}"
            # Without limits of its own a container has the default ones, less than some request.
            asked = (f"--requests={size}", f"--limits={size}")
            _kubectl("-n", namespace, "set", "resources", "deployment", name, *asked)
    for service in ("web", "cart"):
        _kubectl("-n", "frontend-shop-dev", "expose", "deployment", service, "--port=80")
    rule = "--rule=shop.example/=web:80"
    _kubectl("-n", "frontend-shop-dev", "create", "ingress", "shop", rule)
    _kubectl("-n", "frontend-shop-dev", "scale", "deployment", "web", "--replicas=7")
    time.sleep(8)


def _plan(url: str) -> str:
    """Make a plan that is never carried out; give the address of its page."""
    with _client(url, ADMIN) as client:
        body = {"namespaces": list(EXPIRING), "stage": "sleep"}
        reply = client.post("/cleanup/plans", json=body)
    return f"/cleanup?plan={reply.json()['plan_id']}" if reply.is_success else "/cleanup"


def _seed(url: str) -> dict[str, str]:
    """Ask for all that the pages show; give the addresses that only then are known."""
    _ask(url)
    _run_workloads()
    with _client(url, LEAD) as client:
        done = client.get("/requests", params={"namespace": "frontend-shop-dev"}).json()
        waiting = client.get("/requests", params={"namespace": "frontend-shop-prod"}).json()
        asked = waiting["items"][0]["request_id"]
        client.post(f"/requests/{asked}/ask", json={"comment": QUESTION})
        token = {"name": "pipeline", "scopes": ["read", "write"]}
        client.post("/tokens", json=token)
    time.sleep(LIFETIME.total_seconds())
    with _client(url, "frontend-dev") as client:
        client.post(f"/requests/{asked}/answer", json={"comment": "The shop team, all weekend."})
    return {"request": f"/requests/{done['items'][0]['request_id']}", "plan": _plan(url)}


def _photograph(browser: Browser, url: str, found: dict[str, str], theme: str) -> None:
    for identity in (LEAD, ADMIN):
        context = browser.new_context(
            viewport={"width": 1440, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
        )
        page = context.new_page()
        page.goto(_nsaas("dev", "sign-in-url", identity))
        for name, (who, path) in PAGES.items():
            if who != identity:
                continue
            page.goto(url + path.format(**found))
            page.wait_for_timeout(SETTLE_MS)
            page.screenshot(path=PICTURES / f"{name}-{theme}.png")
            if name in PHONE:
                page.set_viewport_size({"width": 390, "height": 844})
                page.wait_for_timeout(SETTLE_MS / 5)
                page.screenshot(path=PICTURES / f"{name}-phone-{theme}.png")
                page.set_viewport_size({"width": 1440, "height": 900})
        context.close()


def main() -> None:
    """Take all pictures of the portal at NSAAS_URL."""
    url = os.environ.get("NSAAS_URL", "http://localhost:8000")
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = _seed(url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in ("dark", "light"):
            _photograph(browser, url, found, theme)
        browser.close()


if __name__ == "__main__":
    main()
