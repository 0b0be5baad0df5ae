"""The bill of materials names everything that both lock files pin, with its hash."""

import re
from pathlib import Path

import pytest

from scripts.sbom import front_end_components, sbom

ROOT = Path(__file__).parents[2]


def test_everything_that_is_pinned_is_in_it() -> None:
    document = sbom()

    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    listed = {(each["name"].lower(), each["version"]) for each in document["components"]}
    lock = (ROOT / "requirements-runtime.lock").read_text()
    pinned = set(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE))
    assert len(pinned) > 50
    assert pinned - listed == set()
    assert {"react", "react-dom", "lucide-react"} <= {name for name, _ in listed}
    purls = [each["purl"] for each in document["components"]]
    assert len(purls) == len(set(purls))
    assert all(purl.startswith(("pkg:pypi/", "pkg:npm/")) for purl in purls)
    assert {each["hashes"][0]["alg"] for each in document["components"] if "hashes" in each} == {
        "SHA-512"
    }


def test_a_package_without_a_hash_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="is no package with a hash"):
        front_end_components('{"packages": {"x": ["x@1.0.0", "", {}, "md5-abc="],},}')
