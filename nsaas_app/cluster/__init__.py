"""The only code that talks to Kubernetes: client, reflectors, cache, faults. Decides nothing."""

import sys
from types import ModuleType
from typing import cast

__all__: list[str] = []

# Where the validator of manifests is installed for development, the client imports it although
# nothing of ours asks for it: three seconds of CPU at every start. It goes without one as well.
sys.modules.setdefault("kubernetes_validate", cast("ModuleType", None))
