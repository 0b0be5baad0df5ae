"""What the use cases say of a draft: a new namespace, a set of them, or one to take over."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import FieldIssue, InvalidFieldsError
from ...domain.requests import RequestKind
from ...domain.teams import Team
from ...provisioning.checks import Checked
from ...provisioning.provisioner import Submission
from .draft import Draft
from .members import MemberLine, base_of, set_issues, wish_of

__all__ = ["Answer", "asked", "handed_in"]


@dataclass(frozen=True)
class Answer:
    """The checks of a draft, and of every member where it is a set."""

    checked: Checked
    members: tuple[Checked, ...] = ()

    @property
    def lines(self) -> list[MemberLine]:
        """The members as the review shows them."""
        return [
            MemberLine.of(member.spec, approval=member.approval.why if member.approval else "")
            for member in self.members
            if member.spec is not None
        ]


async def asked(draft: Draft, actor: Actor, *, team: Team | None) -> Answer:
    """Check a draft. Writes nothing; a broken rule is an issue, never an error."""
    portal = runtime.current()
    if draft.adopts:
        # The name is taken: that is the point.
        return Answer(
            await portal.provisioner.check_spec(draft.spec(), actor=actor, kind=RequestKind.ADOPT)
        )
    checked = await portal.provisioner.check(draft.spec(), actor=actor)
    checked = replace(checked, issues=(*checked.issues, *set_issues(draft)))
    if not draft.also or not base_of(draft) or team is None:
        return Answer(checked)
    found = await portal.sets.check(wish_of(draft, team=team), actor=actor)
    # What the form says itself was checked above.
    others = [issue for issue in _at_form(found.issues, draft) if issue.field == "also"]
    approval = checked.approval or next(
        (one.approval for one in found.members if one.approval is not None), None
    )
    return Answer(
        replace(checked, issues=(*checked.issues, *others), approval=approval), found.members
    )


async def handed_in(draft: Draft, submission: Submission, *, team: Team | None) -> str:
    """Submit a draft; gives the address of what came of it.

    Raises:
        PortalError: what a submit is refused for; fields are those of the form.
    """
    portal = runtime.current()
    if draft.adopts:
        request = await portal.adoptions.submit(draft.spec(), submission)
        return f"/requests/{request.request_id}"
    if draft.also:
        try:
            requests = await portal.sets.submit(wish_of(draft, team=team), submission)
        except InvalidFieldsError as error:
            raise InvalidFieldsError(_at_form(error.issues, draft)) from error
        return f"/requests?set={requests[0].correlation_id}"
    request = await portal.provisioner.submit(draft.spec(), submission)
    return f"/requests/{request.request_id}"


def _at_form(issues: Iterable[FieldIssue], draft: Draft) -> list[FieldIssue]:
    """Place issues of a set: this member's at their own fields, the others' at the choice."""
    placed = []
    for issue in issues:
        environment, _, field = issue.field.partition(".")
        if environment == draft.environment:
            placed.append(replace(issue, field=field))
        else:
            words = f"{environment.capitalize()}: {issue.message}"
            placed.append(FieldIssue("also", words, issue.code))
    return placed
