"""kubectl as a function: arguments in, output out, its own words in the error."""

from pathlib import Path

from .commands import run
from .errors import LocalClusterError

__all__ = ["run_kubectl"]


async def run_kubectl(
    program: Path, kubeconfig: Path, *arguments: str, stdin: str | None = None
) -> str:
    """Run one command and return what it printed.

    Raises:
        LocalClusterError: The command failed; the message holds its standard error.
    """
    # What another cluster offered on the same port must not be taken for ours, and nothing of ours
    # is left in the user's own cache.
    cache = kubeconfig.parent / "cluster" / "kubectl-cache"
    command = [str(program), f"--kubeconfig={kubeconfig}", f"--cache-dir={cache}", *arguments]
    done = await run(command, stdin=stdin)
    if done.code != 0:
        raise LocalClusterError(
            f"kubectl {arguments[0]} failed: {done.errors.strip()}",
            f"Look at the state of the cluster: kubectl --kubeconfig {kubeconfig} get all -A",
        )
    return done.output
