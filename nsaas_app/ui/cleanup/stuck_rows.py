"""What is in the way of deletions, as it is shown. Pure."""

from dataclasses import dataclass, field

from ...cleanup.stuck import StuckReport

__all__ = ["StuckLine", "stuck_lines"]


@dataclass(frozen=True)
class StuckLine:
    """One thing in the way of a deletion."""

    key: str
    namespace: str
    title: str
    objects: str
    steps: list[str] = field(default_factory=list)
    look: str = ""
    force: str = ""
    """Empty until it was asked for by its words."""
    raw: str = ""


def stuck_lines(report: StuckReport) -> list[StuckLine]:
    """What is in the way of one deletion, the API services first."""
    words = {
        "api-service": "An API does not answer",
        "finalizer": "Held by a finalizer",
        "content": "Still going away",
        "other": "Refused",
    }
    return [
        StuckLine(
            key=f"{report.namespace}-{position}",
            namespace=report.namespace,
            title=f"{words[one.kind]}: {one.what} ({one.count})",
            objects=", ".join(one.objects),
            steps=list(one.way_out),
            look=one.look,
            force=one.force,
            raw=one.raw,
        )
        for position, one in enumerate(report.blockers)
    ]
