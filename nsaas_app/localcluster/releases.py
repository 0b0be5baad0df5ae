"""Official builds: downloaded, compared with their published checksum, refused if they differ."""

import asyncio
import hashlib
import json
import re
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

import httpx

from .programs import Artefact, Program
from .progress import Progress, ticking

__all__ = ["download"]

_REACH_SECONDS: Final = 4.0
"""For all checksums together: a machine without the open internet loses no more than that."""
_STALL_SECONDS: Final = 15.0
_CHUNK_BYTES: Final = 1 << 20
_SHA256: Final = re.compile(r"\b[0-9a-f]{64}\b")


class WrongReleaseError(Exception):
    """A downloaded file is not what its publisher says it is."""


async def download(
    programs: Iterable[Program], staging: Path, *, progress: Progress
) -> dict[str, Path]:
    """Download what can be had into `staging`; return the file of each program that arrived."""
    wanted = {program.name: program.artefact for program in programs if program.artefact}
    arrived: dict[str, Path] = {}
    async with httpx.AsyncClient(follow_redirects=True, timeout=_STALL_SECONDS) as client:
        async with ticking(progress, "Looking for official builds of the control plane"):
            checksums = await _checksums(client, wanted)
        if not checksums:
            progress("Official builds are not reachable from here")
        for name, expected in checksums.items():
            try:
                arrived[name] = await _fetch(
                    client, wanted[name], expected, staging / name, progress=progress
                )
            except WrongReleaseError as error:
                progress(f"The official build of {name} was refused: {error}")
            except httpx.HTTPError as error:
                progress(f"The official build of {name} did not arrive ({error!r})")
    return arrived


async def _checksums(client: httpx.AsyncClient, wanted: dict[str, Artefact]) -> dict[str, str]:
    """Ask for every checksum at once; what has not answered in time counts as unreachable."""
    tasks = {
        name: asyncio.create_task(_checksum(client, artefact)) for name, artefact in wanted.items()
    }
    if tasks:
        await asyncio.wait(tasks.values(), timeout=_REACH_SECONDS)
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    return {
        name: checksum
        for name, task in tasks.items()
        if not task.cancelled() and (checksum := task.result()) is not None
    }


async def _checksum(client: httpx.AsyncClient, artefact: Artefact) -> str | None:
    try:
        answer = await client.get(artefact.checksums_url)
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    return published_checksum(answer.text, artefact.file_name)


def published_checksum(text: str, file_name: str) -> str | None:
    """Find a file's SHA-256 in what its publisher says; `None` when it is not there."""
    if text.lstrip().startswith("{"):
        try:
            assets = json.loads(text).get("assets", [])
        except ValueError:
            return None
        text = "\n".join(f"{asset.get('digest')} {asset['name']}" for asset in assets)
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines:
        found = _SHA256.search(line.lower())
        names_it = line.split()[-1].lstrip("*") == file_name
        if found and (names_it or (len(lines) == 1 and len(line.split()) == 1)):
            return found.group()
    return None


async def _fetch(
    client: httpx.AsyncClient,
    artefact: Artefact,
    expected: str,
    target: Path,
    *,
    progress: Progress,
) -> Path:
    arrived = target.with_name(f"{target.name}.download")
    digest = hashlib.sha256()

    def take(file: BinaryIO, chunk: bytes) -> None:
        digest.update(chunk)
        file.write(chunk)

    async with (
        ticking(progress, f"Downloading the official build of {target.name}") as phase,
        client.stream("GET", artefact.url) as answer,
    ):
        answer.raise_for_status()
        total = int(answer.headers.get("Content-Length", 0))
        with await asyncio.to_thread(arrived.open, "wb") as file:
            async for chunk in answer.aiter_bytes(_CHUNK_BYTES):
                await asyncio.to_thread(take, file, chunk)
                phase.fraction = answer.num_bytes_downloaded / total if total else None
    if digest.hexdigest() != expected:
        raise WrongReleaseError(f"its SHA-256 is {digest.hexdigest()} and should be {expected}.")
    await asyncio.to_thread(_unpack, arrived, artefact.member, target)
    return target


def _unpack(arrived: Path, member: str | None, target: Path) -> None:
    if member is None:
        arrived.replace(target)
        return
    with tarfile.open(arrived) as archive:
        inside = archive.extractfile(member) if member in archive.getnames() else None
        if inside is None:
            raise WrongReleaseError(f"there is no {member} in it.")
        with inside, target.open("wb") as file:
            while chunk := inside.read(_CHUNK_BYTES):
                file.write(chunk)
    arrived.unlink()
