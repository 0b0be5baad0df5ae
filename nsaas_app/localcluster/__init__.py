"""A real Kubernetes control plane on this machine, for first runs, tests and benchmarks.

etcd, kube-apiserver, kube-controller-manager, kube-scheduler and, for nodes and pods, kwok run as
child processes on loopback. Knows nothing of the rest of the product.
"""

from .binaries import Binaries, ensure_binaries
from .child import Exit
from .cluster import LocalCluster, erase
from .components import Component, Profile
from .errors import LocalClusterError
from .progress import Progress, quiet

__all__ = [
    "Binaries",
    "Component",
    "Exit",
    "LocalCluster",
    "LocalClusterError",
    "Profile",
    "Progress",
    "ensure_binaries",
    "erase",
    "quiet",
]
