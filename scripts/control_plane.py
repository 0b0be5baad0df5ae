"""Fetch or build the programs of the local control plane, once per machine, and tell how."""

import asyncio
import sys

from nsaas_app.cli.progress_display import ProgressDisplay
from nsaas_app.localcluster import LocalClusterError, ensure_binaries

__all__ = ["main"]


def main() -> None:
    """Leave with one sentence when they cannot be had."""
    try:
        with ProgressDisplay() as display:
            asyncio.run(ensure_binaries(display))
    except LocalClusterError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
