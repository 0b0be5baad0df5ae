import json

import pytest

from nsaas_app.localcluster.programs import Platform, Program, ReleaseSites, control_plane
from nsaas_app.localcluster.releases import published_checksum

SUM = "a" * 64
OTHER = "b" * 64


@pytest.mark.parametrize(
    "text",
    [
        SUM,
        f"{SUM}\n",
        SUM.upper(),
        f"{SUM}  hello.tar.gz\n",
        f"{OTHER}  other.tar.gz\n{SUM}  hello.tar.gz\n",
        f"{OTHER} *other.tar.gz\n{SUM} *hello.tar.gz\n",
        json.dumps(
            {
                "assets": [
                    {"name": "other", "digest": f"sha256:{OTHER}"},
                    {"name": "hello.tar.gz", "digest": f"sha256:{SUM}"},
                ]
            }
        ),
    ],
)
def test_a_checksum_is_found_in_every_form_publishers_use(text: str) -> None:
    assert published_checksum(text, "hello.tar.gz") == SUM


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>Sign in to the network</html>",
        f"{OTHER}  other.tar.gz",
        f"{SUM}  not-hello.tar.gz\n{OTHER}  other",
        '{"message": "Not Found"}',
        '{"assets": [{"name": "hello.tar.gz", "digest": null}]}',
        "{broken",
    ],
)
def test_no_checksum_is_made_up(text: str) -> None:
    assert published_checksum(text, "hello.tar.gz") is None


def by_name(where: Platform) -> dict[str, Program]:
    return {program.name: program for program in control_plane(ReleaseSites(), where)}


def test_official_builds_are_where_their_projects_publish_them() -> None:
    programs = by_name(Platform("linux", "arm64"))

    urls = {name: program.artefact.url for name, program in programs.items() if program.artefact}
    assert urls["kube-apiserver"] == (
        "https://dl.k8s.io/release/v1.36.3/bin/linux/arm64/kube-apiserver"
    )
    assert urls["etcd"] == (
        "https://github.com/etcd-io/etcd/releases/download/v3.6.8/etcd-v3.6.8-linux-arm64.tar.gz"
    )
    assert urls["kwok"] == (
        "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-arm64"
    )
    assert len(urls) == 6


def test_where_no_servers_are_published_only_the_rest_is_downloaded() -> None:
    programs = by_name(Platform("darwin", "arm64"))

    assert {name for name, program in programs.items() if program.artefact} == {"kubectl", "kwok"}
