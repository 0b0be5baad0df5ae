"""Run a program that ends when its starter ends. Executed as a script, never imported by us.

Usage: `python -I -S launcher.py PARENT_PID PIPE_FD PROGRAM ARGUMENT...`. The program keeps the
pid of this script. On Linux the kernel is asked to kill it with its parent; elsewhere (PIPE_FD
is not -1) a forked watcher waits for the end of a pipe that only the parent holds open.
"""

import ctypes
import os
import select
import signal
import sys

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1
_WATCH_SECONDS = 1.0


def _die_with(parent: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) was refused")
    # The parent may have ended before the kernel knew our wish; then nobody is left to tell us.
    if os.getppid() != parent:
        sys.exit("The parent process ended during the start.")


def _watch(pipe: int) -> None:
    program = os.getpid()
    if os.fork():
        # The program must not hold the pipe itself, or its own children would inherit it.
        os.close(pipe)
        return
    os.setsid()
    while not select.select([pipe], [], [], _WATCH_SECONDS)[0]:
        if os.getppid() != program:
            os._exit(0)
    if os.getppid() == program:
        os.kill(program, signal.SIGKILL)
    os._exit(0)


def main(arguments: list[str]) -> None:
    """Tie this process to its parent, then become the program."""
    parent, pipe, *command = arguments
    if int(pipe) < 0:
        _die_with(int(parent))
    else:
        _watch(int(pipe))
    os.execv(command[0], command)  # nosec B606  # noqa: S606 - the caller's choice


if __name__ == "__main__":
    main(sys.argv[1:])
