"""Write the bill of materials of a release: what is inside, from both lock files, CycloneDX 1.6.

`sbom.py [FILE]`; without a file it goes to build/sbom.json.
"""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

__all__ = ["front_end_components", "sbom"]

ROOT: Final = Path(__file__).resolve().parents[1]
_PROGRAM: Final = ROOT / ".venv" / "bin" / "cyclonedx-py"
_TRAILING_COMMA: Final = re.compile(r",(?=\s*[}\]])")


def front_end_components(lock: str) -> list[dict[str, Any]]:
    """List the packages of a Bun lock file, each version once, by name.

    Raises:
        ValueError: an entry has another shape than a package of a registry.
    """
    packages: dict[str, list[Any]] = json.loads(_TRAILING_COMMA.sub("", lock))["packages"]
    found = {}
    for entry in packages.values():
        name, _, version = str(entry[0]).rpartition("@")
        kind, _, digest = str(entry[-1]).partition("-")
        if not name or kind != "sha512":
            raise ValueError(f"{entry[0]} is no package with a hash.")
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        found[purl] = {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            "hashes": [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}],
        }
    return [found[purl] for purl in sorted(found)]


def sbom() -> dict[str, Any]:
    """Build the document: what the image installs, and what the bundle is made from."""
    command = (
        str(_PROGRAM), "requirements", str(ROOT / "requirements-runtime.lock"),
        "--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application",
        "--output-format", "JSON", "--spec-version", "1.6", "--output-reproducible",
    )  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    document: dict[str, Any] = json.loads(done.stdout)
    document["components"] += front_end_components((ROOT / "reflex.lock" / "bun.lock").read_text())
    return document


def _main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "sbom.json"
    document = sbom()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(document, indent=1) + "\n")
    sys.stdout.write(f"{target}: {len(document['components'])} components\n")


if __name__ == "__main__":
    _main()
