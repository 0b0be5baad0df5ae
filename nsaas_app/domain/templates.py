"""Templates: a good start for a kind of work. Every parameter changes the spec that comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .environments import Environment
from .errors import FieldIssue, InvalidFieldsError
from .merge_patch import merge_patch
from .network import Egress, NetworkPreset, cidr_issues
from .tiers import Tier

__all__ = [
    "TEMPLATES",
    "Parameter",
    "ParameterType",
    "Template",
    "parameter_issues",
    "spec_from_template",
    "template_of",
]

Document = Mapping[str, Any]


class ParameterType(StrEnum):
    """What a value of a parameter is."""

    CHOICE = "choice"
    CIDR = "cidr"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One question of a template."""

    name: str
    label: str
    type: ParameterType
    help: str
    effect: Callable[[Document, str], Document]
    """Gives the spec's document with the value put in."""
    default: str | None = None
    """None makes it required; an empty text leaves the spec as it is."""
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    """Bounds of an integer."""

    def why_not(self, value: str) -> str:
        """Say why a value is none of this parameter's; nothing when it is."""
        if value == "":
            return "" if self.default == "" else "Give a value."
        match self.type:
            case ParameterType.CHOICE:
                allowed = ", ".join(self.choices)
                return "" if value in self.choices else f"{value!r} is none of {allowed}."
            case ParameterType.CIDR:
                return " ".join(issue.message for issue in cidr_issues((value,)))
            case ParameterType.INTEGER:
                is_number = value.isascii() and value.isdigit() and len(value) <= _DIGITS
                if is_number and self.minimum <= int(value) <= self.maximum:
                    return ""
                return f"Give a whole number from {self.minimum} to {self.maximum}."


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of work."""

    id: str
    title: str
    description: str
    environments: tuple[Environment, ...]
    tier: Tier
    preset: NetworkPreset
    egress: Egress
    parameters: tuple[Parameter, ...]
    labels: Mapping[str, str]

    @property
    def defaults(self) -> dict[str, str]:
        """Values of the parameters that need no answer."""
        return {one.name: one.default for one in self.parameters if one.default is not None}


_DIGITS: Final = 6


def _exposed(document: Document, value: str) -> Document:
    is_open = value == "gateway"
    return dict(merge_patch(document, {"network": {"accept_from_gateway": is_open}}))


def _outbound(document: Document, value: str) -> Document:
    return dict(merge_patch(document, {"network": {"egress": value}}))


def _reaches(document: Document, value: str) -> Document:
    """Add an address range to those that pods may talk to; others but these are closed then."""
    known = document["network"].get("cidrs", ())
    cidrs = list(dict.fromkeys((*known, value)))
    network = {"egress": Egress.CIDRS.value, "cidrs": cidrs}
    return dict(merge_patch(document, {"network": network}))


def _lives(document: Document, value: str) -> Document:
    return dict(merge_patch(document, {"expires_in_days": int(value)}))


def _database(document: Document, value: str) -> Document:
    return dict(merge_patch(document, {"labels": {"database": value}}))


def _sized(document: Document, value: str) -> Document:
    return dict(merge_patch(document, {"tier": value}))


def _rests(document: Document, value: str) -> Document:
    """Let it run on at night, or leave the schedule to the environment."""
    return {**document, "sleep": None} if value == "never" else document


def _exposure(default: str) -> Parameter:
    return Parameter(
        "exposure",
        "Exposure",
        ParameterType.CHOICE,
        "Who calls it: only the namespace's own network, or users through the platform's gateway.",
        _exposed,
        default=default,
        choices=("internal", "gateway"),
    )


def _range(name: str, label: str, text: str, *, default: str | None) -> Parameter:
    return Parameter(name, label, ParameterType.CIDR, text, _reaches, default=default)


def _days(default: int, maximum: int) -> Parameter:
    return Parameter(
        "days",
        "Lifetime in days",
        ParameterType.INTEGER,
        "When the work is over; the end can be put off.",
        _lives,
        default=str(default),
        minimum=1,
        maximum=maximum,
    )


_DEV, _TEST, _STAGING, _PRODUCTION = Environment

TEMPLATES: Final = (
    Template(
        "basic-web-app",
        "Basic web application",
        "A web front end that talks to its team's services.",
        (_DEV, _TEST, _STAGING, _PRODUCTION),
        Tier.SMALL,
        NetworkPreset.TEAM_SHARED,
        Egress.INTERNET_HTTPS,
        (
            _exposure("gateway"),
            Parameter(
                "outbound",
                "Outbound traffic",
                ParameterType.CHOICE,
                "What it calls beside its team: nothing, the cluster, or the internet by HTTPS.",
                _outbound,
                default=Egress.INTERNET_HTTPS.value,
                choices=(
                    Egress.NONE.value,
                    Egress.CLUSTER_ONLY.value,
                    Egress.INTERNET_HTTPS.value,
                ),
            ),
        ),
        {"workload": "web"},
    ),
    Template(
        "microservice-api",
        "Microservice with a database",
        "An isolated API that reaches its database and nothing else.",
        (_TEST, _STAGING, _PRODUCTION),
        Tier.MEDIUM,
        NetworkPreset.ISOLATED,
        Egress.NONE,
        (
            _exposure("internal"),
            _range(
                "database_cidr",
                "Database network",
                "Where the database listens, such as 198.51.100.0/28.",
                default=None,
            ),
            Parameter(
                "database_type",
                "Database",
                ParameterType.CHOICE,
                "Kept as a label, for people and dashboards.",
                _database,
                default="postgresql",
                choices=("postgresql", "mysql", "mongodb"),
            ),
        ),
        {"workload": "api"},
    ),
    Template(
        "batch-jobs",
        "Batch jobs",
        "Jobs for a limited time, closed to everybody else.",
        (_DEV, _TEST, _STAGING),
        Tier.SMALL,
        NetworkPreset.ISOLATED,
        Egress.CLUSTER_ONLY,
        (
            Parameter(
                "load",
                "Load",
                ParameterType.CHOICE,
                "How much runs at the same time: it decides the tier.",
                _sized,
                default=Tier.SMALL.value,
                choices=(Tier.SMALL.value, Tier.MEDIUM.value),
            ),
            _range(
                "source_cidr",
                "Data source",
                "An address range outside the cluster; empty for data inside it.",
                default="",
            ),
            _days(14, 30),
        ),
        {"workload": "batch"},
    ),
    Template(
        "data-pipeline",
        "Data pipeline",
        "Reads from one network and writes to another.",
        (_STAGING, _PRODUCTION),
        Tier.MEDIUM,
        NetworkPreset.ISOLATED,
        Egress.NONE,
        (
            _range("source_cidr", "Source", "The network it reads from.", default=None),
            _range(
                "sink_cidr", "Sink", "The network it writes to; empty for the same.", default=""
            ),
        ),
        {"workload": "pipeline"},
    ),
    Template(
        "ml-workspace",
        "Machine-learning workspace",
        "Notebooks and experiments with room to work, for a limited time.",
        (_DEV, _STAGING),
        Tier.MEDIUM,
        NetworkPreset.TEAM_SHARED,
        Egress.INTERNET_HTTPS,
        (
            _exposure("internal"),
            _range(
                "data_cidr",
                "Data network",
                "Where the data lies; given, it is all that can be reached outside the team.",
                default="",
            ),
            _days(30, 90),
            Parameter(
                "sleeps",
                "Sleep",
                ParameterType.CHOICE,
                "Whether experiments stop at night, where the environment has a schedule.",
                _rests,
                default="nights",
                choices=("nights", "never"),
            ),
        ),
        {"workload": "ml"},
    ),
)


def template_of(template_id: str) -> Template:
    """Find a template.

    Raises:
        InvalidFieldsError: there is none of that id.
    """
    known = {template.id: template for template in TEMPLATES}
    if template_id not in known:
        message = f"{template_id!r} is none of {', '.join(known)}."
        raise InvalidFieldsError([FieldIssue("template", message)])
    return known[template_id]


def parameter_issues(template: Template, parameters: Mapping[str, object]) -> list[FieldIssue]:
    """Check every answer; issues name `parameters.<name>`."""
    names = [one.name for one in template.parameters]
    issues = [
        FieldIssue(f"parameters.{name}", f"{template.id} has no such parameter.")
        for name in parameters
        if name not in names
    ]
    given = {**template.defaults, **parameters}
    issues += [
        FieldIssue(f"parameters.{one.name}", why)
        for one in template.parameters
        if (why := one.why_not(_written(given.get(one.name, ""))))
    ]
    return issues


def spec_from_template(
    template_id: str, parameters: Mapping[str, object], overrides: Document
) -> dict[str, Any]:
    """Write the spec's document: the template, then its parameters, then what somebody says.

    Args:
        template_id: which one.
        parameters: answers by name; texts and whole numbers.
        overrides: a merge patch of the result, in the contract's field names.

    Raises:
        InvalidFieldsError: no such template, an answer that is none, or an environment it is not
            made for.
    """
    template = template_of(template_id)
    issues = parameter_issues(template, parameters)
    environment = overrides.get("environment")
    is_known = isinstance(environment, str) and environment in set(Environment)
    if is_known and environment not in template.environments:
        allowed = ", ".join(template.environments)
        issues.append(FieldIssue("environment", f"{template.id} is made for {allowed}."))
    if issues:
        raise InvalidFieldsError(issues)
    document: Document = {
        "tier": template.tier.value,
        "network": {"preset": template.preset.value, "egress": template.egress.value},
        "labels": dict(template.labels),
    }
    given = {**template.defaults, **parameters}
    for one in template.parameters:
        if value := _written(given[one.name]):
            document = one.effect(document, value)
    written = dict(merge_patch(document, overrides))
    if "sleep" in overrides and overrides["sleep"] is None:
        written["sleep"] = None
    return written


def _written(value: object) -> str:
    """Write an answer as text: numbers come as numbers from JSON."""
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip() if is_plain else repr(value)
