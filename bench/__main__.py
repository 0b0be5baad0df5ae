"""`python -m bench [NAME…] [OPTIONS]`: run the benchmarks, all of them or those named."""

import argparse
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog

from . import engine, live, provision, reconnect, scale, sweep

__all__ = ["main"]


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--requests", type=int, default=200, help="how many the engine gets")
    parser.add_argument(
        "--namespaces", type=int, default=1000, help="of the fleet of live, reconnect, scale"
    )
    parser.add_argument("--home", type=Path, help="keeps the fleet for the next time")
    asked = parser.parse_args()
    # The rivals use our client: a line for each of their calls would cost them time.
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet, cache_logger_on_first_use=False)
    benchmarks: dict[str, Callable[[], None]] = {
        "provision": provision.main,
        "sweep": sweep.main,
        "engine": partial(engine.main, asked.requests),
        "scale": partial(scale.main, asked.namespaces, asked.home),
        "live": partial(live.main, asked.namespaces, asked.home),
        "reconnect": partial(reconnect.main, asked.namespaces, asked.home),
    }
    for name in asked.names or benchmarks:
        benchmarks[name]()


if __name__ == "__main__":
    main()
