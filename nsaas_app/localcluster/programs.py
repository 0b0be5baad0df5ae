"""What the control plane is made of: which programs, which versions, and where each comes from."""

import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

__all__ = [
    "ETCD_VERSION",
    "KUBERNETES_VERSION",
    "KWOK_VERSION",
    "Artefact",
    "GoModule",
    "Platform",
    "Program",
    "ReleaseSites",
    "control_plane",
]

KUBERNETES_VERSION: Final = "1.36.3"
ETCD_VERSION: Final = "3.6.8"
"""The one that this Kubernetes version names itself."""
KWOK_VERSION: Final = "0.8.0"

_MODULES: Final = Path(__file__).parent / "modules"


@dataclass(frozen=True, slots=True)
class GoModule:
    """A directory with go.mod and go.sum and no code: it pins versions of programs.

    Attributes:
        directory: Where the two files lie.
        link_flags: Flags of the linker; they tell the programs their version.
    """

    directory: Path
    link_flags: str = "-s -w"


@dataclass(frozen=True, slots=True)
class Artefact:
    """A published build of a program.

    Attributes:
        url: The file.
        checksums_url: Its SHA-256: alone, in a list of names, or in GitHub's description of the
            release.
        member: The path inside, where the file is a tar archive.
    """

    url: str
    checksums_url: str
    member: str | None = None

    @property
    def file_name(self) -> str:
        """The last part of the URL, under which a list of checksums knows the file."""
        return self.url.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Program:
    """One executable file and the ways to it."""

    name: str
    module: GoModule
    package: str
    artefact: Artefact | None
    version_arguments: tuple[str, ...] = ("--version",)


@dataclass(frozen=True, slots=True)
class Platform:
    """Operating system and processor, in Go's words."""

    system: str
    processor: str

    @classmethod
    def here(cls) -> Self:
        """Return this machine's."""
        names = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
        machine = platform.machine().lower()
        return cls(sys.platform, names.get(machine, machine))


@dataclass(frozen=True, slots=True)
class ReleaseSites:
    """Where official builds are published."""

    kubernetes: str = "https://dl.k8s.io"
    github: str = "https://github.com"
    github_api: str = "https://api.github.com"


def control_plane(sites: ReleaseSites, where: Platform) -> tuple[Program, ...]:
    """Return the programs that a local control plane needs on this platform."""
    major, minor, _ = KUBERNETES_VERSION.split(".")
    version = "k8s.io/component-base/version"
    # Without these flags the server calls itself v0.0.0, and clients skip features.
    kubernetes = GoModule(
        _MODULES / "controlplane",
        f"-s -w -X {version}.gitVersion=v{KUBERNETES_VERSION}"
        f" -X {version}.gitMajor={major} -X {version}.gitMinor={minor}",
    )
    # The simulator wants other versions of the same libraries.
    simulated_nodes = GoModule(
        _MODULES / "simulated-nodes",
        f"-s -w -X sigs.k8s.io/kwok/pkg/consts.Version=v{KWOK_VERSION}",
    )
    components = tuple(
        Program(
            name,
            kubernetes,
            f"k8s.io/kubernetes/cmd/{name}",
            _kubernetes_artefact(sites, where, name),
            ("version", "--client") if name == "kubectl" else ("--version",),
        )
        for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
    )
    etcd = Program("etcd", kubernetes, "go.etcd.io/etcd/server/v3", _etcd_artefact(sites, where))
    kwok = Program(
        "kwok", simulated_nodes, "sigs.k8s.io/kwok/cmd/kwok", _kwok_artefact(sites, where)
    )
    return (etcd, *components, kwok)


def _kubernetes_artefact(sites: ReleaseSites, where: Platform, name: str) -> Artefact | None:
    # Servers are published for Linux only.
    if where.system != "linux" and name != "kubectl":
        return None
    url = (
        f"{sites.kubernetes}/release/v{KUBERNETES_VERSION}"
        f"/bin/{where.system}/{where.processor}/{name}"
    )
    return Artefact(url, f"{url}.sha256")


def _etcd_artefact(sites: ReleaseSites, where: Platform) -> Artefact | None:
    if where.system != "linux":
        return None
    release = f"{sites.github}/etcd-io/etcd/releases/download/v{ETCD_VERSION}"
    folder = f"etcd-v{ETCD_VERSION}-{where.system}-{where.processor}"
    return Artefact(f"{release}/{folder}.tar.gz", f"{release}/SHA256SUMS", f"{folder}/etcd")


def _kwok_artefact(sites: ReleaseSites, where: Platform) -> Artefact:
    project = "kubernetes-sigs/kwok"
    return Artefact(
        f"{sites.github}/{project}/releases/download/v{KWOK_VERSION}"
        f"/kwok-{where.system}-{where.processor}",
        # The project publishes no list of checksums; GitHub computes them for each file.
        f"{sites.github_api}/repos/{project}/releases/tags/v{KWOK_VERSION}",
    )
