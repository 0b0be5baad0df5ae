"""The one script that names the portal's address, written for any address."""

from pathlib import Path

import pytest

from nsaas_app.frontend_env import env_script, env_script_name

BUILT = (
    "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`,"
    "TRANSPORT:`websocket`,TEST_MODE:!1};export{e as t};"
)


@pytest.mark.parametrize(
    ("public_url", "ping", "event"),
    [
        ("http://localhost:9123", "http://localhost:9123/ping", "ws://localhost:9123/_event"),
        ("https://nsaas.example/", "https://nsaas.example/ping", "wss://nsaas.example/_event"),
        ("https://a-b.example:8443", "https://a-b.example:8443/ping", "wss://a-b.example:8443/_event"),
        ("http://[2001:db8::1]:80", "http://[2001:db8::1]:80/ping", "ws://[2001:db8::1]:80/_event"),
        # The client puts the page's own host in place of localhost, and of no other name.
        ("http://127.0.0.1:9123", "http://localhost:9123/ping", "ws://localhost:9123/_event"),
        ("http://[::1]:9123", "http://localhost:9123/ping", "ws://localhost:9123/_event"),
    ],
)  # fmt: skip
def test_every_address_in_the_script_becomes_the_public_one(
    public_url: str, ping: str, event: str
) -> None:
    script = env_script(public_url, BUILT)
    assert f"PING:`{ping}`" in script
    assert f"EVENT:`{event}`" in script
    assert "8000" not in script
    assert script.endswith("TRANSPORT:`websocket`,TEST_MODE:!1};export{e as t};")


def test_a_script_can_be_written_again_from_its_own_result() -> None:
    moved = env_script("https://nsaas.example", BUILT)
    assert env_script("http://localhost:8000", moved) == BUILT


@pytest.mark.parametrize(
    "public_url",
    [
        "",
        "nsaas.example",
        "ftp://nsaas.example",
        "https://",
        "https://nsaas.example/portal",
        "https://nsaas.example?x=1",
        "https://user@nsaas.example",
        "https://nsaas.example`;alert(1)//",
        "https://nsaas.example:port",
    ],
)
def test_nothing_but_a_host_and_a_port_gets_into_the_script(public_url: str) -> None:
    with pytest.raises(ValueError, match=r"is not an http or https address|no usable host"):
        env_script(public_url, BUILT)


def test_a_script_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="names no address"):
        env_script("https://nsaas.example", "export{}")


def test_the_script_is_found_by_its_hashed_name(tmp_path: Path) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    with pytest.raises(FileNotFoundError, match="0 files"):
        env_script_name(tmp_path)
    (assets / "reflex-env-BVGF6eGS.js").write_text(BUILT)
    (assets / "reflex-env-BVGF6eGS.js.gz").write_bytes(b"")
    assert env_script_name(tmp_path) == "assets/reflex-env-BVGF6eGS.js"
    (assets / "reflex-env-other.js").write_text(BUILT)
    with pytest.raises(FileNotFoundError, match="2 files"):
        env_script_name(tmp_path)
