"""The five programs of the control plane, and the flags each is started with."""

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

from .certificates import AUTHORITY, ETCD_AUTHORITY, SERVICE_ACCOUNTS, Pair
from .layout import Layout
from .ports import Ports

__all__ = ["Component", "Profile", "Start"]

OBJECTS: Final = Path(__file__).parent / "objects"
"""Files that ship with the package: audit policy, simulated behaviour, first objects."""


class Component(enum.StrEnum):
    """One process of the control plane, in the order in which they start."""

    ETCD = "etcd"
    APISERVER = "kube-apiserver"
    CONTROLLER_MANAGER = "kube-controller-manager"
    SCHEDULER = "kube-scheduler"
    KWOK = "kwok"


class Profile(enum.Enum):
    """What the data is worth."""

    DURABLE = "durable"
    """For people: survives a power failure."""
    THROWAWAY = "throwaway"
    """For tests and benchmarks: survives a kill, not a power failure, and stops at once."""


_CONTROLLERS: Final = (
    "namespace-controller",
    "serviceaccount-controller",
    "serviceaccount-token-controller",
    "resourcequota-controller",
    "root-ca-certificate-publisher-controller",
    "clusterrole-aggregation-controller",
    "pod-garbage-collector-controller",
    "garbage-collector-controller",
    "deployment-controller",
    "replicaset-controller",
    "statefulset-controller",
    "daemonset-controller",
    "job-controller",
    "cronjob-controller",
    "horizontal-pod-autoscaler-controller",
    "disruption-controller",
    "endpoints-controller",
    "endpointslice-controller",
    "persistentvolume-binder-controller",
    # Volumes carry finalizers that only these two remove: without them a namespace with a
    # volume claim would stay Terminating for ever.
    "persistentvolumeclaim-protection-controller",
    "persistentvolume-protection-controller",
    "validatingadmissionpolicy-status-controller",
    "ttl-after-finished-controller",
)
"""What the portal and its users' workloads need. The rest costs start-up time and memory."""


@dataclass(frozen=True, slots=True)
class Start:
    """Everything a command line depends on."""

    layout: Layout
    ports: Ports
    profile: Profile

    @property
    def server(self) -> str:
        """The URL of the API server."""
        return f"https://127.0.0.1:{self.ports.apiserver}"

    def arguments(self, component: Component) -> list[str]:
        """Return the arguments of one component."""
        match component:
            case Component.ETCD:
                return self._etcd()
            case Component.APISERVER:
                return self._apiserver()
            case Component.CONTROLLER_MANAGER:
                return self._controller_manager()
            case Component.SCHEDULER:
                return [self._kubeconfig(component), "--leader-elect=false", "--secure-port=0"]
            case Component.KWOK:
                return [
                    self._kubeconfig(component),
                    f"--config={OBJECTS / 'stages.yaml'}",
                    "--manage-all-nodes=true",
                    # Wide enough that every pod of a benchmark gets an address.
                    "--cidr=10.128.0.1/9",
                ]
            case _:
                assert_never(component)

    def _pair(self, name: str) -> Pair:
        return Pair.of(self.layout.pki, name)

    def _kubeconfig(self, component: Component) -> str:
        return f"--kubeconfig={self.layout.component_kubeconfig(component)}"

    def _etcd(self) -> list[str]:
        client = f"https://127.0.0.1:{self.ports.etcd}"
        peer = f"https://127.0.0.1:{self.ports.etcd_peer}"
        authority, own = self._pair(ETCD_AUTHORITY), self._pair("etcd")
        flags = [
            "--name=local",
            f"--data-dir={self.layout.etcd}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=local={peer}",
            *(
                f"--{prefix}{flag}"
                for prefix in ("", "peer-")
                for flag in (
                    f"cert-file={own.certificate}",
                    f"key-file={own.key}",
                    f"trusted-ca-file={authority.certificate}",
                    "client-cert-auth=true",
                )
            ),
            # Alone, etcd elects itself: short times only make it ready sooner.
            "--heartbeat-interval=10",
            "--election-timeout=100",
            "--log-level=error",
        ]
        if self.profile is Profile.THROWAWAY:
            flags.append("--unsafe-no-fsync")
        return flags

    def _apiserver(self) -> list[str]:
        own, tokens = self._pair("kube-apiserver"), self._pair(SERVICE_ACCOUNTS)
        database = self._pair("etcd-client")
        return [
            f"--etcd-servers=https://127.0.0.1:{self.ports.etcd}",
            f"--etcd-cafile={self._pair(ETCD_AUTHORITY).certificate}",
            f"--etcd-certfile={database.certificate}",
            f"--etcd-keyfile={database.key}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            f"--secure-port={self.ports.apiserver}",
            f"--tls-cert-file={own.certificate}",
            f"--tls-private-key-file={own.key}",
            f"--client-ca-file={self._pair(AUTHORITY).certificate}",
            "--anonymous-auth=false",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={tokens.certificate}",
            f"--service-account-signing-key-file={tokens.key}",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--endpoint-reconciler-type=none",
            "--allow-privileged=true",
            # New nodes would carry the taint not-ready until a controller that we leave out
            # removes it: the simulated ones are ready from the start.
            "--disable-admission-plugins=TaintNodesByCondition",
            f"--audit-policy-file={OBJECTS / 'audit-policy.yaml'}",
            f"--audit-log-path={self.layout.audit_log}",
            # What the log says has happened, and what has happened is in the log: it is evidence.
            "--audit-log-mode=blocking",
            "--audit-log-maxsize=1024",
            "--audit-log-maxbackup=1",
            "--profiling=false",
        ]

    def _controller_manager(self) -> list[str]:
        return [
            self._kubeconfig(Component.CONTROLLER_MANAGER),
            f"--service-account-private-key-file={self._pair(SERVICE_ACCOUNTS).key}",
            f"--root-ca-file={self._pair(AUTHORITY).certificate}",
            "--leader-elect=false",
            "--secure-port=0",
            f"--controllers={','.join(_CONTROLLERS)}",
            # The defaults would let only about twenty namespaces a second become usable.
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
            # Who tries something out does not wait a quarter of a minute for an autoscaler.
            "--horizontal-pod-autoscaler-sync-period=2s",
        ]
