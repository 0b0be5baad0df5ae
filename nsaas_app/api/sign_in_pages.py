"""The plain pages around sign-in: server-rendered, without scripts, for people nobody knows yet."""

from html import escape
from typing import Final
from urllib.parse import urlencode, urlsplit

from fastapi.responses import HTMLResponse

from ..domain.errors import Fault, PortalError

__all__ = [
    "ICON",
    "dev_page",
    "failed_page",
    "page",
    "provider_page",
    "same_site_path",
    "sign_out_page",
    "too_many_page",
]

ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#6366f1" '
    'stroke-width="1.8" stroke-linejoin="round"><path d="M12 2 21 7v10l-9 5-9-5V7z"/>'
    '<path d="M3 7l9 5 9-5M12 12v10"/></svg>'
)

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} · NSaaS</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}
<link rel="icon" href="/auth/icon.svg"><style>
:root {{ color-scheme: light dark; --page:#f8fafc; --card:#fff; --line:#e2e8f0; --text:#0f172a;
 --muted:#475569; --accent:#4338ca }}
@media (prefers-color-scheme: dark) {{ :root {{ --page:#020617; --card:#0b1120; --line:#1e293b;
 --text:#f1f5f9; --muted:#94a3b8; --accent:#a5b4fc }} }}
body {{ margin:0; min-height:100vh; display:grid; place-items:center; background:var(--page);
 color:var(--text); font:15px/1.6 system-ui,sans-serif }}
main {{ box-sizing:border-box; width:min(26rem, calc(100vw - 2rem)); padding:2rem;
 background:var(--card); border:1px solid var(--line); border-radius:16px }}
.brand {{ display:flex; align-items:center; gap:.6rem; font-weight:600 }}
img {{ width:40px; height:40px }} h1 {{ font-size:1.4rem; line-height:1.3; margin:.75rem 0 .5rem }}
p {{ margin:.5rem 0; color:var(--muted) }} code {{ color:var(--text); overflow-wrap:anywhere }}
a {{ color:var(--accent) }} .go {{ display:inline-block; margin-top:1rem; padding:.6rem 1.1rem;
 border-radius:10px; background:#4338ca; color:#fff; font-weight:600; text-decoration:none }}
 .go:focus-visible {{ outline:3px solid var(--accent); outline-offset:2px }}
 .band {{ border-left:3px solid #f59e0b; padding-left:.75rem }}
</style></head><body><main><div class="brand">
<img src="/auth/icon.svg" alt=""> NSaaS</div><h1>{title}</h1>{body}</main>
</body></html>
"""


def same_site_path(target: str) -> str:
    """Accept a path of our own as the way back, anything else becomes the front page."""
    try:
        parts = urlsplit(target.replace("\\", "/"))
    except ValueError:  # half an IPv6 address, for one
        return "/"
    is_ours = target.startswith("/") and not parts.scheme and not parts.netloc
    return target if is_ours and not target.startswith(("//", "/\\", "/auth/")) else "/"


def page(title: str, body: str, status: int = 200, *, head: str = "") -> HTMLResponse:
    """One page; `body` and `head` are HTML and hold nothing from outside unescaped."""
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(_PAGE.format(title=escape(title), body=body, head=head), status, headers)


def provider_page(name: str, next_path: str, *, cluster: str) -> HTMLResponse:
    """The one button that leads to the identity provider."""
    return page(
        "Sign in",
        f"<p>Namespaces for your team, in seconds.</p>{_go(f'Sign in with {name}', next_path)}"
        f"<p>{escape(cluster)}</p>",
    )


def dev_page(next_path: str, *, cluster: str) -> HTMLResponse:
    """How to sign in to a local run, and the way back to the page that was asked for."""
    back = ""
    if next_path != "/":
        link = (
            f'<a href="{escape(next_path)}" data-testid="sign-in-back">the page you came from</a>'
        )
        back = f"<p>Open it in this browser, then go back to {link}.</p>"
    return page(
        "Sign in",
        '<p class="band">Local development. Sign-in is by a one-time address.</p>'
        "<p>Get one in the checkout's terminal:</p>"
        "<p><code>nsaas dev sign-in-url admin</code></p>"
        "<p>Other identities: <code>frontend-dev</code>, <code>frontend-lead</code>, "
        "<code>payments-dev</code>, <code>auditor</code>.</p>"
        f"{back}<p>{escape(cluster)}</p>",
    )


def failed_page(error: PortalError, next_path: str) -> HTMLResponse:
    """Why a sign-in ended without a session, what to do, who can."""
    status, title = _FAILED.get(error.fault, (401, "You are not signed in"))
    return page(
        title,
        f"<p>{escape(error.message)}</p><p>{escape(error.hint)}</p>"
        f"<p>Who can fix it: {escape(error.failure.who_can_fix)}. "
        f"Code <code>{escape(error.code)}</code></p>{_go('Try again', next_path)}",
        status,
    )


def too_many_page(seconds: str) -> HTMLResponse:
    """Sign-in was tried too often from one address."""
    shown = page(
        "Too many attempts",
        f"<p>Sign-in was tried too often from your network. Try again in {escape(seconds)} s.</p>"
        "<p>Code <code>RATE_LIMIT</code></p>",
        429,
    )
    shown.headers["Retry-After"] = seconds
    return shown


def sign_out_page(url: str) -> HTMLResponse:
    """Go on to the provider's own sign-out.

    A redirect would not do: the policy of our pages lets a form lead to this site alone.
    """
    there = escape(url)
    return page(
        "You are signed out here",
        "<p>The identity provider signs you out as well.</p>"
        f'<p><a class="go" data-testid="sign-out-there" href="{there}">Go on</a></p>',
        head=f'\n<meta http-equiv="refresh" content="0;url={there}">',
    )


def _go(label: str, next_path: str) -> str:
    address = f"/auth/start?{urlencode({'next': next_path})}"
    return (
        f'<p><a class="go" data-testid="sign-in" href="{escape(address)}">{escape(label)}</a></p>'
    )


_FAILED: Final = {
    Fault.UNAUTHENTICATED: (401, "You are not signed in"),
    Fault.FORBIDDEN: (403, "You cannot be let in"),
    Fault.UNAVAILABLE: (503, "Sign-in is not possible now"),
}
