"""A browser's part in a sign-in: it keeps cookies and follows where it is sent."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import httpx

__all__ = ["Visitor"]


@dataclass
class Visitor:
    """One browser before the portal's layers; the provider is reached over real HTTP."""

    client: httpx.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, address: str) -> httpx.Response:
        return self._kept(await self.client.get(address, headers=self._header))

    async def post(self, address: str) -> httpx.Response:
        return self._kept(await self.client.post(address, headers=self._header))

    async def go_to_provider(self, *, next_path: str = "/") -> str:
        """Press the button and sign in there; gives the address the provider sends back to."""
        away = await self.get(f"/auth/start?next={next_path}")
        assert away.status_code == 303, away.text
        async with httpx.AsyncClient(trust_env=False) as internet:
            back = await internet.get(away.headers["location"])
        assert back.status_code == 302, back.text
        return back.headers["location"]

    async def sign_in(self, *, next_path: str = "/") -> httpx.Response:
        """The whole way; gives the answer to the callback."""
        return await self.get(await self.go_to_provider(next_path=next_path))

    @property
    def session(self) -> str:
        return self.cookies.get("nsaas", "")

    @property
    def _header(self) -> dict[str, str]:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": pairs} if pairs else {}

    def _kept(self, reply: httpx.Response) -> httpx.Response:
        # Several visitors may share the client, so its own jar stays empty.
        self.client.cookies.clear()
        for line in reply.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return reply
