"""The access section's vars, computed from bindings and proofs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from ...domain.access import AccessGrant, SubjectKind
from ...insights.access import QUESTIONS, BindingLine, Proof
from ..figures import iso
from ..words import Tone, word_of
from .patches import grant_key

__all__ = ["QUESTION_LABELS", "AnswerLine", "GrantLine", "ProofLine", "grant_lines", "proof_vars"]

QUESTION_LABELS: Final = [question.label for question in QUESTIONS]

_SOURCES: Final = {
    SubjectKind.GROUP.value: "Whoever the identity provider puts into this group",
    SubjectKind.USER.value: "This one person",
    SubjectKind.SERVICE_ACCOUNT.value: "Pods that run as this account",
}


@dataclass(frozen=True)
class GrantLine:
    """One subject with one role."""

    key: str
    kind: str
    name: str
    role: str
    source: str
    binding: str
    is_ours: bool
    expires_at: str
    grant: str
    """What a request to take it away names; empty where the portal did not give it."""

    @classmethod
    def of(cls, line: BindingLine) -> Self:
        """Describe who has which role."""
        role = line.role.removeprefix("nsaas-")
        return cls(
            key=f"{line.binding}-{line.kind}-{line.name}",
            kind=line.kind,
            name=line.name,
            role=word_of(role),
            source=_SOURCES.get(line.kind, ""),
            binding=line.binding,
            is_ours=line.is_ours,
            expires_at=iso(line.expires_at),
            grant=grant_key({"kind": line.kind, "name": line.name, "role": role})
            if line.is_ours
            else "",
        )

    @classmethod
    def of_ended(cls, grant: AccessGrant) -> Self:
        """Describe whose role is over: no binding gives it any more."""
        kind, role = grant.kind.value, grant.role.value
        return cls(
            key=f"ended-{kind}-{grant.name}-{role}",
            kind=kind,
            name=grant.name,
            role=word_of(role),
            source=_SOURCES[grant.kind],
            binding="",
            is_ours=True,
            expires_at=iso(grant.expires_at),
            grant=grant_key({"kind": kind, "name": grant.name, "role": role}),
        )


@dataclass(frozen=True)
class AnswerLine:
    """Whether one subject may do one thing."""

    key: str
    label: str
    word: str
    tone: str
    raw: str


@dataclass(frozen=True)
class ProofLine:
    """What one subject may do."""

    key: str
    kind: str
    name: str
    answers: tuple[AnswerLine, ...]

    @classmethod
    def of(cls, proof: Proof) -> Self:
        """Describe the answers; a yes to what is reserved stands out."""
        who = proof.who
        key = f"{who.kind}-{who.name}".lower().replace(" ", "-")
        return cls(
            key=key,
            kind=who.kind,
            name=who.name,
            answers=tuple(
                AnswerLine(
                    key=f"{key}-{question.key}",
                    label=question.label,
                    word="Yes" if answer else "No",
                    tone=_tone(is_allowed=answer, is_reserved=question.is_reserved).value,
                    raw="yes" if answer else "no",
                )
                for question, answer in zip(QUESTIONS, proof.answers, strict=True)
            ),
        )


def _tone(*, is_allowed: bool, is_reserved: bool) -> Tone:
    if not is_allowed:
        return Tone.NONE
    return Tone.WARN if is_reserved else Tone.OK


def grant_lines(
    bindings: Sequence[BindingLine], ended: Sequence[AccessGrant] = ()
) -> list[GrantLine]:
    """Describe every subject, and last those whose access is over."""
    return [
        *(GrantLine.of(line) for line in bindings),
        *(GrantLine.of_ended(grant) for grant in ended),
    ]


def proof_vars(proofs: Sequence[Proof]) -> dict[str, object]:
    """Compute the table of proofs with the time of the oldest one."""
    return {
        "proofs": [ProofLine.of(proof) for proof in proofs],
        "proven_at": iso(min(proof.at for proof in proofs)) if proofs else "",
    }
