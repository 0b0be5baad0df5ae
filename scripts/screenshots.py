"""Pictures of every page, light and dark, from a local portal that runs: `make up`, then this.

It asks for a few namespaces first, so that the pages have something to show.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

__all__ = ["main"]

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
WANTED = {
    "frontend-shop-dev": {"environment": "development"},
    "frontend-search-dev": {"environment": "development", "tier": "medium"},
    "frontend-shop-test": {"environment": "testing", "tier": "micro"},
    "frontend-shop-stg": {"environment": "staging", "cost_center": "web-17"},
    "frontend-shop-prod": {"environment": "production", "cost_center": "web-17"},
}
REASON = "The shop goes live for everybody on Monday."
PAGES = {
    "overview": "/",
    "catalog": "/catalog?kind=templates",
    "audit": "/audit",
    "namespaces": "/namespaces",
    "namespace": "/namespaces/frontend-shop-dev",
    "new": "/new",
    "requests": "/requests",
    "request": "",
    "approvals": "/approvals",
    "team": "/teams/frontend",
    "insights": "/insights?view=cost&window=7d",
    "status": "/status",
}
SETTLE_MS = 2500


def _nsaas(*arguments: str) -> str:
    command = [sys.executable, "-m", "nsaas_app", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _seed(url: str) -> str:
    """Ask for the namespaces; give the address of a request's page."""
    headers = {"Authorization": f"Bearer {_nsaas('dev', 'token', 'frontend-dev')}"}
    with httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30) as client:
        for name, fields in WANTED.items():
            spec = {"name": name, "team": "frontend", **fields}
            key = {"Idempotency-Key": f"screenshots-{name}"}
            body = {"kind": "provision", "spec": spec, "justification": REASON}
            client.post("/requests", json=body, headers=key).raise_for_status()
        found = client.get("/requests", params={"namespace": "frontend-shop-dev"}).json()
        time.sleep(3)
    return f"/requests/{found['items'][0]['request_id']}"


def _photograph(browser: Browser, url: str, pages: dict[str, str], theme: str) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(_nsaas("dev", "sign-in-url", "frontend-lead"))
    for name, path in pages.items():
        page.goto(url + path)
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=PICTURES / f"{name}-{theme}.png")
    context.close()


def main() -> None:
    """Take all pictures of the portal at NSAAS_URL."""
    url = os.environ.get("NSAAS_URL", "http://localhost:8000")
    PICTURES.mkdir(parents=True, exist_ok=True)
    pages = PAGES | {"request": _seed(url)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in ("dark", "light"):
            _photograph(browser, url, pages, theme)
        browser.close()


if __name__ == "__main__":
    main()
