"""The one error of the local control plane: what went wrong, and what a person can do about it."""

__all__ = ["LocalClusterError"]


class LocalClusterError(Exception):
    """The local control plane cannot be built, started or used.

    Attributes:
        message: What happened, one sentence.
        fix: What to do about it, one sentence.
    """

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message} {fix}")
        self.message = message
        self.fix = fix
