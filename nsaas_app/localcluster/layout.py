"""Where everything of one local run lies below its home directory."""

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Layout"]


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths below a home directory; nothing here touches the disk but `create`."""

    home: Path

    @property
    def cluster(self) -> Path:
        """The control plane's data: all of it can be removed to start afresh."""
        return self.home / "cluster"

    @property
    def etcd(self) -> Path:
        """The database of the cluster."""
        return self.cluster / "etcd"

    @property
    def pki(self) -> Path:
        """Certificates and keys."""
        return self.cluster / "pki"

    @property
    def ports(self) -> Path:
        """The ports of the last start, taken again when they are free."""
        return self.cluster / "ports.json"

    @property
    def kubeconfig(self) -> Path:
        """Cluster administration, for people."""
        return self.home / "kubeconfig"

    @property
    def portal_kubeconfig(self) -> Path:
        """The portal's own, confined access."""
        return self.home / "portal.kubeconfig"

    @property
    def portal_token(self) -> Path:
        """The portal's ServiceAccount token, renewed while the cluster runs."""
        return self.cluster / "portal.token"

    @property
    def audit_log(self) -> Path:
        """The API server's own audit log, one JSON line an event."""
        return self.home / "audit.log"

    @property
    def run(self) -> Path:
        """Records of running processes, and the lock of the home."""
        return self.home / "run"

    def component_kubeconfig(self, name: str) -> Path:
        """Return the kubeconfig by which one component reaches the API server."""
        return self.cluster / f"{name}.kubeconfig"

    def log(self, name: str) -> Path:
        """Return the log file of one process."""
        return self.home / "logs" / f"{name}.log"

    def record(self, name: str) -> Path:
        """Return the file that names the running process."""
        return self.run / f"{name}.json"

    def create(self) -> None:
        """Make the directories; keys and data are for their owner only."""
        for directory in (self.cluster, self.etcd, self.pki, self.run, self.home / "logs"):
            directory.mkdir(parents=True, exist_ok=True)
        # A home that exists already keeps its mode: it may be somebody's shared directory.
        for private in (self.cluster, self.etcd, self.pki):
            os.chmod(private, 0o700)  # noqa: PTH101 - Path.chmod is the same call
