"""Receivers of notices on this machine: an HTTP server, and a mail server that speaks SMTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

__all__ = ["MailBox", "PostBox", "Posted", "receiving_mail", "receiving_posts"]


@dataclass(frozen=True)
class Posted:
    """One POST that arrived."""

    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


@dataclass
class PostBox:
    """What was posted, and how the next ones are answered."""

    url: str = ""
    posted: list[Posted] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses for the next posts; 204 when there is none left."""


@dataclass
class MailBox:
    """What was mailed, and how many mails are turned away first."""

    url: str = ""
    mails: list[tuple[str, Message]] = field(default_factory=list)
    """Receiver and message."""
    refusals: int = 0
    receiver: str = ""
    """Of the mail that is being given."""


@contextlib.asynccontextmanager
async def _serving(serve: "asyncio.Server") -> AsyncIterator[int]:
    try:
        yield serve.sockets[0].getsockname()[1]
    finally:
        serve.close()
        await serve.wait_closed()


@contextlib.asynccontextmanager
async def receiving_posts() -> AsyncIterator[PostBox]:
    """Run an HTTP server that keeps what is posted."""
    box = PostBox()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
            pairs = (line.partition(": ") for line in head if line)
            headers = {name.lower(): value for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            box.posted.append(Posted(headers, body))
            status = box.answers.pop(0) if box.answers else 204
            writer.write(
                f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
            )
            await writer.drain()
        finally:
            writer.close()

    async with _serving(await asyncio.start_server(answer, "127.0.0.1", 0)) as port:
        box.url = f"http://127.0.0.1:{port}/hook"
        yield box


@contextlib.asynccontextmanager
async def receiving_mail() -> AsyncIterator[MailBox]:
    """Run a mail server that keeps what it is given."""
    box = MailBox()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        try:
            while line := (await reader.readline()).decode().strip():
                writer.write(f"{await _answer(box, line, reader, writer)}\r\n".encode())
                await writer.drain()
                if line.upper() == "QUIT":
                    return
        finally:
            writer.close()

    async with _serving(await asyncio.start_server(talk, "127.0.0.1", 0)) as port:
        box.url = f"smtp://127.0.0.1:{port}"
        yield box


async def _answer(
    box: MailBox, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> str:
    match line[:4].upper():
        case "RCPT" if box.refusals:
            box.refusals -= 1
            return "451 not now"
        case "RCPT":
            box.receiver = line.partition("<")[2].partition(">")[0]
        case "DATA":
            writer.write(b"354 go on\r\n")
            content = await reader.readuntil(b"\r\n.\r\n")
            box.mails.append((box.receiver, message_from_bytes(content[:-5])))
        case "QUIT":
            return "221 bye"
        case _:
            pass
    return "250 ok"
