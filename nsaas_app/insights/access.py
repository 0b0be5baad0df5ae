"""Access of a namespace: which binding gives whom which role, and what the API server says of it.

A proof is a SubjectAccessReview, asked when somebody looks and remembered for a short while, or
until a binding of the namespace changes: the same page open in many browsers asks the cluster once.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from ..cluster.client import Cluster
from ..cluster.mirror import Mirror
from ..cluster.objects import RoleBinding
from ..directory.directory import Directory
from ..domain.access import AccessGrant, SubjectKind
from ..domain.actors import Actor
from ..domain.errors import UnavailableError
from ..provisioning.effects import all_of
from .lookup import readable

__all__ = ["QUESTIONS", "AccessReports", "BindingLine", "Proof", "Question", "Who"]

FRESH_FOR_S: Final = 30.0
MOST_SUBJECTS: Final = 24
"""More are not proven at once: each takes a call for each question."""
AT_ONCE: Final = 8
_SIGNED_IN: Final = "system:authenticated"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing somebody may or may not do in the namespace."""

    key: str
    label: str
    verb: str
    api_group: str
    resource: str
    is_reserved: bool = False
    """Whether nobody but the platform should be able to."""


QUESTIONS: Final = (
    Question("see-pods", "See pods", "get", "", "pods"),
    Question("run-workloads", "Run workloads", "create", "apps", "deployments"),
    Question("read-secrets", "Read secrets", "get", "", "secrets"),
    Question("publish", "Publish by ingress", "create", "networking.k8s.io", "ingresses"),
    Question("give-access", "Give access", "create", "rbac.authorization.k8s.io", "rolebindings"),
    Question(
        "open-network", "Open the network", "create", "networking.k8s.io", "networkpolicies",
        is_reserved=True,
    ),
    Question("change-quota", "Change the quota", "patch", "", "resourcequotas", is_reserved=True),
    Question("delete-namespace", "Delete it", "delete", "", "namespaces", is_reserved=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Who:
    """A subject as the API server sees one."""

    kind: str
    name: str
    user: str
    groups: tuple[str, ...]

    @classmethod
    def of(cls, kind: str, name: str, namespace: str) -> "Who":
        """The subject of a binding in a namespace."""
        match kind:
            case SubjectKind.GROUP:
                return cls(kind, name, "nsaas:member", (name, _SIGNED_IN))
            case SubjectKind.SERVICE_ACCOUNT:
                groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}")
                user = f"system:serviceaccount:{namespace}:{name}"
                return cls(kind, name, user, (*groups, _SIGNED_IN))
            case _:
                return cls(kind, name, name, (_SIGNED_IN,))


_STRANGER: Final = Who("Anybody", "Anybody signed in", "nsaas:stranger", (_SIGNED_IN,))


@dataclass(frozen=True, slots=True)
class BindingLine:
    """One subject of one RoleBinding."""

    kind: str
    name: str
    role: str
    binding: str
    is_ours: bool
    expires_at: datetime | None


Bindings = tuple[BindingLine, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What one subject may do, by the API server's own word."""

    who: Who
    answers: tuple[bool, ...]
    """In the order of the questions."""
    at: datetime
    is_asker: bool = False


class AccessReports:
    """Tells of the access to namespaces."""

    def __init__(
        self,
        *,
        directory: Directory,
        mirror: Mirror | None,
        clock: Callable[[], datetime],
        fresh_for_s: float = FRESH_FOR_S,
    ) -> None:
        self._directory = directory
        self._mirror = mirror
        self._clock = clock
        self._fresh_for_s = fresh_for_s
        self._known: dict[tuple[str, Who, Bindings], tuple[float, Proof]] = {}
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._calls = asyncio.Semaphore(AT_ONCE)

    def bindings(self, name: str, *, actor: Actor) -> Bindings:
        """Everybody a RoleBinding names, from memory; the portal's own bindings first.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        grants = readable(self._directory, name, actor=actor).spec.access
        if self._mirror is None:
            return ()
        lines = [
            line
            for binding in self._mirror.bindings.in_namespace(name)
            for line in _lines(binding, grants)
        ]
        return tuple(sorted(lines, key=lambda line: (not line.is_ours, line.role, line.name)))

    def grants(self, name: str, *, actor: Actor) -> tuple[AccessGrant, ...]:
        """What was asked for, whether or not the cluster has it: a change begins with these.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        return readable(self._directory, name, actor=actor).spec.access

    def ended(self, name: str, *, actor: Actor) -> tuple[AccessGrant, ...]:
        """Access that was given for a while which is over, and that nobody has taken out yet.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        now = self._clock()
        bound = {
            (line.kind, line.name, line.role)
            for line in self.bindings(name, actor=actor)
            if line.is_ours
        }
        return tuple(
            grant
            for grant in readable(self._directory, name, actor=actor).spec.access
            if grant.has_ended(now)
            and (grant.kind.value, grant.name, grant.role.cluster_role) not in bound
        )

    async def prove(self, name: str, *, actor: Actor, is_anew: bool = False) -> tuple[Proof, ...]:
        """Ask the API server what the asker, every subject and a stranger may do.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
            UnavailableError: no cluster answers.
        """
        lines = self.bindings(name, actor=actor)
        if self._mirror is None:
            raise UnavailableError("No cluster is configured: nobody can be asked.")
        asker = Who("You", actor.subject, actor.subject, (*actor.groups, _SIGNED_IN))
        found = dict.fromkeys(Who.of(line.kind, line.name, name) for line in lines)
        subjects = (asker, *list(found)[:MOST_SUBJECTS], _STRANGER)
        self._forget_old()
        if is_anew:
            self._known = {key: each for key, each in self._known.items() if key[0] != name}
        cluster = self._mirror.cluster
        # Who looks at the same time waits for the answers to whoever came first.
        async with self._asking.setdefault(name, asyncio.Lock()):
            calls = [self._prove(cluster, name, who, lines) for who in subjects]
            return tuple(await all_of(calls))

    async def _prove(self, cluster: Cluster, name: str, who: Who, lines: Bindings) -> Proof:
        known = self._known.get((name, who, lines))
        if known is not None:
            return known[1]

        async def ask(question: Question) -> bool:
            async with self._calls:
                return await cluster.review_access(
                    user=who.user,
                    groups=who.groups,
                    verb=question.verb,
                    resource=question.resource,
                    namespace=name,
                    api_group=question.api_group,
                )

        answers = await all_of([ask(question) for question in QUESTIONS])
        proof = Proof(who, tuple(answers), self._clock(), is_asker=who.kind == "You")
        self._known[name, who, lines] = (time.monotonic(), proof)
        return proof

    def _forget_old(self) -> None:
        oldest = time.monotonic() - self._fresh_for_s
        self._known = {key: each for key, each in self._known.items() if each[0] > oldest}


def _lines(binding: RoleBinding, grants: tuple[AccessGrant, ...]) -> list[BindingLine]:
    ends = {(grant.kind.value, grant.name, grant.role.cluster_role): grant.expires_at
            for grant in grants}  # fmt: skip
    role = binding.role_ref.name
    return [
        BindingLine(
            kind=subject.kind,
            name=subject.name,
            role=role,
            binding=binding.metadata.name,
            is_ours=binding.is_managed,
            expires_at=ends.get((subject.kind, subject.name, role)),
        )
        for subject in binding.subjects or ()
    ]
