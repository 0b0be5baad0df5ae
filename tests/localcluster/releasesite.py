"""A small publisher of programs on loopback, and programs small enough to publish and build."""

import contextlib
import hashlib
import http.server
import io
import shutil
import socket
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nsaas_app.localcluster.programs import Artefact, GoModule, Program

RUNS = b"#!/bin/sh\necho version 1.0\n"
"""A program: it tells its version."""


@dataclass
class ReleaseSite:
    """What is published, and how often each path was asked for."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    cut_short: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)

    def publish(self, name: str, content: bytes, *, checksum: str | None = None) -> Artefact:
        """Publish a file with its checksum beside it, the right one unless another is given."""
        digest = checksum or hashlib.sha256(content).hexdigest()
        self.files[f"/{name}"] = content
        self.files[f"/{name}.sha256"] = digest.encode()
        return Artefact(f"{self.url}/{name}", f"{self.url}/{name}.sha256")

    def publish_archive(self, name: str, member: str, content: bytes) -> Artefact:
        """Publish a tar archive with one program in it."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            entry = tarfile.TarInfo(member)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        plain = self.publish(name, packed.getvalue())
        return Artefact(plain.url, plain.checksums_url, member)


@contextlib.contextmanager
def release_site() -> Iterator[ReleaseSite]:
    """Serve a site for a block."""
    site = ReleaseSite("")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked[self.path] += 1
            content = site.files.get(self.path)
            self.send_response(404 if content is None else 200)
            content = content or b""
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(
                content[: len(content) // 2] if self.path in site.cut_short else content
            )

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def silent_site() -> Iterator[str]:
    """Accept connections and never answer, as a firewall may; give the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def program(name: str, module: Path, artefact: Artefact | None = None) -> Program:
    """Describe a program that is published, or built from `module`, or both."""
    return Program(name, GoModule(module), f"example.test/tiny/{name}", artefact)


def tiny_module(directory: Path, *names: str, code: str = 'println("version 1.0")') -> Path:
    """Write a Go module with one tiny program per name."""
    directory.mkdir()
    (directory / "go.mod").write_text("module example.test/tiny\n\ngo 1.26.0\n")
    (directory / "go.sum").touch()
    for name in names:
        (directory / name).mkdir()
        (directory / name / "main.go").write_text(f"package main\n\nfunc main() {{ {code} }}\n")
    return directory


def go_directory() -> str:
    """Return the directory of the Go compiler on PATH; empty when there is none."""
    found = shutil.which("go")
    return str(Path(found).parent) if found else ""
