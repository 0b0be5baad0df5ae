"""All reports about namespaces and teams, in one place for the edges."""

from dataclasses import dataclass

from .access import AccessReports
from .endings import Endings
from .kubeconfig import Kubeconfigs
from .network import Networks
from .objects import Objects
from .offerings import Offerings
from .performance import Performances
from .sizing import Sizings
from .team_use import TeamUses
from .topology import Topologies
from .trends import Trends
from .usage import Usages
from .warnings import WarningReports
from .workloads import WorkloadReports

__all__ = ["Reports"]


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports. None of them changes anything."""

    usage: Usages
    trends: Trends
    network: Networks
    access: AccessReports
    objects: Objects
    kubeconfig: Kubeconfigs
    workloads: WorkloadReports
    topology: Topologies
    endings: Endings
    warnings: WarningReports
    team_use: TeamUses
    sizing: Sizings
    performance: Performances
    offerings: Offerings
