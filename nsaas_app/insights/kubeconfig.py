"""A kubeconfig for a namespace: where the cluster is, and no credential at all."""

import shlex
from typing import Any

import yaml

from ..cluster.mirror import Mirror
from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.errors import UnavailableError
from .lookup import readable

__all__ = ["Kubeconfigs"]

_HOW = (
    "This file holds no credential. Put what your cluster asks for under users[0].user: an exec\n"
    "plugin of your identity provider, or the user of a kubeconfig you have already."
)


class Kubeconfigs:
    """Writes kubeconfigs."""

    def __init__(
        self, *, directory: Directory, mirror: Mirror | None, server: str, is_local: bool
    ) -> None:
        self._directory = directory
        self._mirror = mirror
        self._server = server
        self._is_local = is_local

    def write(self, name: str, *, actor: Actor) -> str:
        """Write the file for one namespace and one person.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
            UnavailableError: no cluster is configured.
        """
        record = readable(self._directory, name, actor=actor)
        if self._mirror is None:
            raise UnavailableError("No cluster is configured: there is nowhere to connect to.")
        endpoint = self._mirror.cluster.endpoint
        where: dict[str, str] = {"server": self._server or endpoint.server}
        if endpoint.authority:
            where["certificate-authority-data"] = endpoint.authority
        context = {"cluster": record.cluster, "namespace": name, "user": actor.subject}
        document: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": record.cluster, "cluster": where}],
            "contexts": [{"name": name, "context": context}],
            "current-context": name,
            "users": [{"name": actor.subject, "user": {}}],
        }
        notes = "".join(f"# {line}\n" for line in self._notes(actor).splitlines())
        return notes + yaml.safe_dump(document, sort_keys=False)

    def _notes(self, actor: Actor) -> str:
        if not self._is_local:
            return _HOW
        groups = (word for group in actor.groups for word in ("--as-group", group))
        act = shlex.join(["kubectl", "--as", actor.subject, *groups])
        return (
            "This file holds no credential. In this local run the kubeconfig in the portal's home\n"
            f"directory acts as you: {act}"
        )
