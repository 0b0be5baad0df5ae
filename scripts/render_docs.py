"""Write docs/rules.md from the tables that the product itself reads; `--check` only compares."""

import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from nsaas_app.domain.actors import Role
from nsaas_app.domain.environments import POLICIES
from nsaas_app.domain.failures import FAILURES
from nsaas_app.domain.tiers import CPU_RATIO, TIERS, Tier
from nsaas_app.identity.permissions import TABLE
from nsaas_app.provisioning.approvals import APPROVAL_RULES
from nsaas_app.provisioning.rules import RULES

__all__ = ["RULES_PAGE", "rules_page"]

RULES_PAGE: Final = Path(__file__).parents[1] / "docs" / "rules.md"

_HEAD: Final = """\
# The rules

Everything that decides whether a request is accepted, and what a namespace gets. Written by
`python scripts/render_docs.py` from the tables in the code; change those, then run it again.
"""


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines] + [""]


def _days(span: timedelta | None) -> str:
    if span is None:
        return "none"
    return f"{span.days} d" if span >= timedelta(days=1) else f"{span.seconds // 3600} h"


def _rules() -> list[str]:
    rows = [(f"`{r.name}`", r.says, " ".join(f"`{c}`" for c in r.codes) or "-") for r in RULES]
    return ["## Admission", "", *_table(("Rule", "Says", "Refused as"), rows)]


def _approvals() -> list[str]:
    rows = [
        (f"`{rule.name}`", ", ".join(role.value for role in rule.roles), rule.why)
        for rule in APPROVAL_RULES
    ]
    return ["## Approvals", "", *_table(("Rule", "Needs", "Why"), rows)]


def _permissions() -> list[str]:
    rows = [
        (f"`{permission.value}`", *("yes" if role in roles else "-" for role in Role))
        for permission, roles in TABLE.items()
    ]
    says = (
        "For a thing of a team: the role that counts is the one in that team; admin and auditor "
        "count everywhere. A thing of a team in which somebody has no role is absent to them. "
        "An API token needs the scope as well: `approve` for `request:decide`, `read` for what "
        "only reads, `write` for the rest. Developers cancel and retry their own requests only."
    )
    head = ("Permission", *(role.value for role in Role))
    return ["## Who may do what", "", says, "", *_table(head, rows)]


def _environments() -> list[str]:
    policies = POLICIES.values()
    rows = [
        ("default tier", *(p.default_tier for p in policies)),
        ("tiers", *(", ".join(p.tiers) for p in policies)),
        ("default network", *(p.default_network for p in policies)),
        ("networks", *(", ".join(p.networks) for p in policies)),
        ("Pod Security", *(p.pod_security for p in policies)),
        ("lifetime, default", *(_days(p.default_ttl) for p in policies)),
        ("lifetime, at most", *(_days(p.max_ttl) for p in policies)),
        ("extensions", *("any" if p.renewals is None else p.renewals for p in policies)),
        ("cost centre", *("required" if p.cost_center_required else "-" for p in policies)),
        ("restorable for", *(_days(p.grace) for p in policies)),
        ("per new team", *(p.max_per_team for p in policies)),
        ("developers are", *(p.developer_role for p in policies)),
    ]
    return ["## Environments", "", *_table(("", *POLICIES), rows)]


def _tiers() -> list[str]:
    sizes = TIERS.values()
    quota = [(f"`{key}`", *(s.quota[key] for s in sizes)) for key in TIERS[Tier.MICRO].quota]
    container = [
        ("container limit", *(f"{s.default_cpu}, {s.default_memory}" for s in sizes)),
        ("container request", *(f"{s.request_cpu}, {s.request_memory}" for s in sizes)),
        ("container at least", *(f"{s.min_cpu}, {s.min_memory}" for s in sizes)),
        ("container at most", *(f"{s.max_cpu}, {s.max_memory}" for s in sizes)),
        ("volume claim", *(f"{s.min_pvc} to {s.max_pvc}" for s in sizes)),
        ("CPU limit / request", *(f"at most {CPU_RATIO}" for _ in sizes)),
    ]
    return ["## Tiers", "", *_table(("", *TIERS), quota + container)]


def _failures() -> list[str]:
    rows = [(f"`{f.code}`", f.cause, f.fix, f.who_can_fix, f.retry) for f in FAILURES.values()]
    head = ("Code", "Cause", "Fix", "Who can fix it", "Retry")
    return ["## Failures", "", *_table(head, rows)]


def rules_page() -> str:
    """The page as it should be."""
    parts = (_rules(), _approvals(), _permissions(), _environments(), _tiers(), _failures())
    return "\n".join([_HEAD, *(line for part in parts for line in part)]).rstrip() + "\n"


def main() -> int:
    """Write the page, or say whether it is up to date."""
    if "--check" in sys.argv[1:]:
        return int(RULES_PAGE.read_text() != rules_page())
    RULES_PAGE.write_text(rules_page())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
