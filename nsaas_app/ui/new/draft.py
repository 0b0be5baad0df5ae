"""The wizard's draft: what somebody typed, and the defaults that follow environment and team."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from ...domain.access import AccessGrant, AccessRole, SubjectKind
from ...domain.environments import POLICIES, Environment, EnvironmentPolicy
from ...domain.errors import FieldIssue
from ...domain.network import DEFAULT_EGRESS, Egress, NetworkPreset
from ...domain.spec import SpecDraft
from ...domain.spec_draft import draft_from_document
from ...domain.teams import Team
from ...domain.templates import parameter_issues, spec_from_template, template_of
from ...domain.tiers import Tier
from ..pairs import pairs_in
from .overriding import overrides_from

__all__ = [
    "CHOICES",
    "TEXTS",
    "Draft",
    "GrantDraft",
    "answered",
    "begun_from",
    "edited",
    "suggested_name",
    "with_defaults",
]


@dataclass(frozen=True)
class GrantDraft:
    """One line of the access list."""

    kind: str = SubjectKind.GROUP.value
    name: str = ""
    role: str = AccessRole.DEVELOPER.value
    until: str = ""
    """The last day of it, such as 2026-12-31; empty without an end."""

    @classmethod
    def from_grant(cls, grant: AccessGrant) -> "GrantDraft":
        """Take a checked grant back into the form."""
        until = grant.expires_at.date().isoformat() if grant.expires_at else ""
        return cls(grant.kind.value, grant.name, grant.role.value, until)

    def entry(self) -> dict[str, str]:
        """Hand the line to the checks; access ends with its last day, in UTC."""
        entry = {"kind": self.kind, "name": self.name.strip(), "role": self.role}
        return entry | ({"expires_at": f"{self.until}T23:59:59+00:00"} if self.until else {})


@dataclass(frozen=True)
class Draft:
    """Everything the form holds, as text. `chosen` names what a person set by hand."""

    team: str = ""
    app: str = ""
    name: str = ""
    environment: str = Environment.DEVELOPMENT.value
    tier: str = Tier.SMALL.value
    network: str = NetworkPreset.TEAM_SHARED.value
    egress: str = Egress.INTERNET_HTTPS.value
    cidrs: str = ""
    gateway: str = ""
    """`yes` lets the gateway in; the open network lets everybody in anyway."""
    display_name: str = ""
    description: str = ""
    cost_center: str = ""
    owner: str = ""
    expires_in_days: str = ""
    sleep_timezone: str = ""
    sleep_windows: str = ""
    """One window a line; none is: it never sleeps by itself."""
    access: tuple[GrantDraft, ...] = ()
    labels: str = ""
    """One `key=value` a line."""
    annotations: str = ""
    over_request_cpu: str = ""
    over_limit_cpu: str = ""
    over_request_memory: str = ""
    over_limit_memory: str = ""
    over_storage: str = ""
    over_pods: str = ""
    justification: str = ""
    confirm: str = ""
    features: tuple[str, ...] = ()
    """Ids, as a document named them; the form itself offers none that cannot be had."""
    also: tuple[str, ...] = ()
    """Other environments that get a namespace of the same base name: a set."""
    adopts: str = ""
    """The namespace that is there already and shall be taken over; empty for a new one."""
    chosen: tuple[str, ...] = ()
    template: str = ""
    """Id of the template it began from; empty without one."""
    parameters: dict[str, str] = field(default_factory=dict)
    """Every answer to the template, as text."""

    def spec(self) -> SpecDraft:
        """Hand the draft to the checks: texts as typed, None where the default is wanted."""
        is_open = self.network == NetworkPreset.OPEN.value
        cidrs = tuple(part for part in self.cidrs.replace(",", " ").split() if part)
        given = self.from_template()
        return SpecDraft(
            accept_from_gateway=None if is_open else self.gateway == "yes",
            labels={**given.labels, **pairs_in(self.labels)},
            annotations=pairs_in(self.annotations),
            overrides=self.overrides(),
            features=self.features,
            name=self.name.strip(),
            team=self.team,
            environment=self.environment,
            tier=self.tier,
            preset=self.network,
            egress=None if is_open else self.egress,
            cidrs=cidrs if self.egress == Egress.CIDRS.value and not is_open else (),
            display_name=self.display_name.strip(),
            description=self.description.strip(),
            cost_center=self.cost_center.strip() if "cost_center" in self.chosen else None,
            owner=self.owner.strip() or None,
            access=tuple(grant.entry() for grant in self.access)
            if "access" in self.chosen
            else None,
            expires_in_days=_days(self.expires_in_days),
            **self._sleep(),
        )

    def _sleep(self) -> dict[str, Any]:
        windows = tuple(line.strip() for line in self.sleep_windows.splitlines() if line.strip())
        zone = self.sleep_timezone.strip()
        return {"sleep_timezone": zone if windows else None, "sleep_windows": windows}

    def overrides(self) -> dict[str, str]:
        """Read the numbers that shall differ from the tier's."""
        return overrides_from(asdict(self))

    def template_issues(self) -> list[FieldIssue]:
        """Say which answers are none, and where the template is not made for the environment."""
        if not self.template:
            return []
        template = template_of(self.template)
        issues = parameter_issues(template, self.parameters)
        if self.environment not in template.environments:
            allowed = ", ".join(template.environments)
            issues.append(FieldIssue("environment", f"{template.id} is made for {allowed}."))
        return issues

    def from_template(self) -> SpecDraft:
        """Read what the template gives by the answers that are some."""
        if not self.template:
            return SpecDraft()
        template = template_of(self.template)
        broken = {issue.field for issue in parameter_issues(template, self.parameters)}
        good = {
            name: value
            for name, value in self.parameters.items()
            if f"parameters.{name}" not in broken
        }
        if any(one.default is None and one.name not in good for one in template.parameters):
            # A required answer is missing: what the template gives without any stands.
            network = {"preset": template.preset.value, "egress": template.egress.value}
            plain = {"tier": template.tier.value, "network": network}
            return draft_from_document({**plain, "labels": dict(template.labels)})
        return draft_from_document(spec_from_template(self.template, good, {}))


_STRUCTURES: Final = frozenset(
    {"access", "chosen", "template", "parameters", "features", "also", "adopts"}
)
TEXTS: Final = frozenset(asdict(Draft())) - _STRUCTURES
"""Fields a browser may set. Any other name in an event is refused."""


CHOICES: Final[Mapping[str, frozenset[str]]] = {
    "environment": frozenset(Environment),
    "tier": frozenset(Tier),
    "network": frozenset(NetworkPreset),
    "egress": frozenset(Egress),
    "gateway": frozenset({"", "yes"}),
}
"""What these fields may hold."""


def _days(text: str) -> int | None:
    """Read a number of days; what is no number becomes one that no policy allows."""
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else -1  # noqa: PLR2004


def suggested_name(draft: Draft) -> str:
    """Join team, app and environment the way names are usually read."""
    if not draft.team or not draft.app.strip():
        return ""
    return f"{draft.team}-{draft.app.strip()}-{Environment(draft.environment).short}"


def edited(draft: Draft, field: str, value: str, *, team: Team | None) -> Draft:
    """Put one text into the draft and let every default follow that nobody chose by hand.

    A choice that is none of the offered ones changes nothing.
    """
    if field in CHOICES and value not in CHOICES[field]:
        return draft
    if field == "name" and draft.adopts:
        return draft
    chosen = tuple(dict.fromkeys((*draft.chosen, field)))
    # An emptied name is a wish for the suggestion again.
    if field == "name" and not value:
        chosen = tuple(each for each in chosen if each != "name")
    changes: dict[str, Any] = {field: value, "chosen": chosen}
    if field == "environment":
        changes["also"] = tuple(other for other in draft.also if other != value)
    return with_defaults(replace(draft, **changes), team=team)


def with_defaults(draft: Draft, *, team: Team | None) -> Draft:
    """Fill in what follows from environment and team, except what a person chose."""
    environment = Environment(draft.environment)
    policy = POLICIES[environment]
    defaults: dict[str, Any] = {
        "name": suggested_name(draft),
        "tier": policy.default_tier.value,
        "network": policy.default_network.value,
        "expires_in_days": str(policy.default_ttl.days) if policy.default_ttl else "",
        "sleep_windows": "\n".join(policy.sleeps) if draft.sleep_timezone else "",
    }
    if team is not None:
        grants = team.default_access(environment)
        defaults["access"] = tuple(GrantDraft.from_grant(grant) for grant in grants)
        defaults["cost_center"] = team.cost_center
    given = draft.from_template()
    if draft.template:
        defaults |= _template_defaults(given, policy)
    draft = replace(draft, **_kept(defaults, draft, policy))
    if "egress" in draft.chosen:
        return draft
    egress = DEFAULT_EGRESS[NetworkPreset(draft.network)].value
    if draft.network == given.preset and given.egress is not None:
        egress = given.egress
    return replace(draft, egress=egress)


def _template_defaults(given: SpecDraft, policy: EnvironmentPolicy) -> dict[str, Any]:
    """Fill in what the template gives, as far as the environment allows it."""
    defaults: dict[str, Any] = {
        "cidrs": " ".join(given.cidrs),
        "gateway": "yes" if given.accept_from_gateway else "",
    }
    if given.tier in policy.tiers:
        defaults["tier"] = given.tier
    if given.preset in policy.networks:
        defaults["network"] = given.preset
    if given.sleep_windows == ():
        defaults["sleep_windows"] = ""
    if given.expires_in_days is not None and policy.max_ttl is not None:
        defaults["expires_in_days"] = str(given.expires_in_days)
    return defaults


def begun_from(draft: Draft, template_id: str, *, team: Team | None) -> Draft:
    """Begin again from a template, in an environment that it is made for.

    Raises:
        InvalidFieldsError: there is no such template.
    """
    template = template_of(template_id)
    environment = draft.environment
    if environment not in template.environments:
        environment = template.environments[0].value
    answers = {one.name: one.default or "" for one in template.parameters}
    begun = replace(draft, template=template.id, parameters=answers, environment=environment)
    return with_defaults(begun, team=team)


def answered(draft: Draft, name: str, value: str, *, team: Team | None) -> Draft:
    """Put one answer in and let what follows from it follow; other names change nothing."""
    if name not in draft.parameters:
        return draft
    return with_defaults(replace(draft, parameters={**draft.parameters, name: value}), team=team)


def _kept(defaults: Mapping[str, Any], draft: Draft, policy: EnvironmentPolicy) -> dict[str, Any]:
    """Drop the defaults of what was chosen, unless the environment forbids the choice."""
    forbidden = {
        "tier": draft.tier not in policy.tiers,
        "network": draft.network not in policy.networks,
        "expires_in_days": policy.max_ttl is None,
        "sleep_windows": not policy.may_sleep,
    }
    return {
        field: value
        for field, value in defaults.items()
        if field not in draft.chosen or forbidden.get(field, False)
    }
