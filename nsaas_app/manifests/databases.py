"""Where the database of a namespace is: as the namespace itself says, or as the platform does."""

from typing import Final

from ..domain.network import Egress
from ..domain.spec import NamespaceSpec
from .network_policies import NetworkSettings
from .peers import Port

__all__ = ["database_networks", "database_port"]

_LABEL: Final = "database"
"""Set by the template of a service with a database; people may set it by hand as well."""
_PORTS: Final = {"postgresql": 5432, "mysql": 3306, "mongodb": 27017}


def database_networks(spec: NamespaceSpec, settings: NetworkSettings) -> tuple[str, ...]:
    """Networks where its database listens; none where nobody told.

    A namespace that says of which type its database is has it in the networks it lets its pods
    out to; of others the platform's settings know.
    """
    if spec.labels.get(_LABEL) and spec.network.egress is Egress.CIDRS:
        return spec.network.cidrs
    return settings.database_cidrs


def database_port(spec: NamespaceSpec, settings: NetworkSettings) -> Port:
    """Protocol and port it listens on."""
    return "TCP", _PORTS.get(spec.labels.get(_LABEL, ""), settings.database_port)
