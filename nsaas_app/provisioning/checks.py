"""From a draft to a spec: every default filled in, every rule checked, all broken ones told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ..domain.access import AccessGrant, AccessRole, SubjectKind, grant_issues
from ..domain.actors import Actor
from ..domain.approval import Approval
from ..domain.environments import POLICIES, Environment, EnvironmentPolicy
from ..domain.errors import FieldIssue
from ..domain.features import NOT_MADE, feature_of
from ..domain.house_rules import HouseRules
from ..domain.names import NamespaceName, TeamName
from ..domain.network import DEFAULT_EGRESS, Egress, NetworkPreset, NetworkSpec, cidr_issues
from ..domain.overrides import overridden, override_issues, override_warnings
from ..domain.sleep import SleepSchedule
from ..domain.spec import NamespaceSpec, SpecDraft
from ..domain.teams import Team
from ..domain.texts import label_issues, text_issues
from ..domain.tiers import Tier
from .findings import Findings

__all__ = ["MAX_DESCRIPTION", "MAX_DISPLAY_NAME", "SOONEST", "Checked", "check_draft"]

MAX_DISPLAY_NAME: Final = 80
MAX_DESCRIPTION: Final = 500
MAX_OWNER: Final = 253
SOONEST: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a draft: a spec when no rule is broken, else every broken rule."""

    spec: NamespaceSpec | None
    issues: tuple[FieldIssue, ...]
    warnings: tuple[FieldIssue, ...] = ()
    approval: Approval | None = None
    suggestions: tuple[str, ...] = ()
    """Free names, when the wanted one is taken."""


def _tier(draft: SpecDraft, policy: EnvironmentPolicy, env: str, found: Findings) -> Tier | None:
    if draft.tier is None:
        return policy.default_tier
    tier = found.choose("tier", draft.tier, Tier)
    if tier is not None and tier not in policy.tiers:
        allowed = ", ".join(policy.tiers)
        found.add("tier", f"{env} allows the tiers {allowed}, not {tier}.", "POLICY_DENY")
    return tier


def _overrides(draft: SpecDraft, tier: Tier | None, found: Findings) -> dict[str, str]:
    if tier is None or not draft.overrides:
        return {}
    if issues := override_issues(tier, draft.overrides, ceilings=found.house.ceilings):
        found.issues.extend(issues)
        if "overrides" not in found.settled:
            return {}
    overrides = overridden(tier, draft.overrides)
    found.warnings.extend(override_warnings(tier, overrides))
    return overrides


def _network(
    draft: SpecDraft, policy: EnvironmentPolicy, env: str, found: Findings
) -> NetworkSpec | None:
    preset: NetworkPreset | None = policy.default_network
    if draft.preset is not None:
        preset = found.choose("network.preset", draft.preset, NetworkPreset)
    if preset is None:
        return None
    if preset not in policy.networks:
        found.add("network.preset", f"{env} cannot have the {preset} network.", "POLICY_DENY")
    egress: Egress | None = DEFAULT_EGRESS[preset]
    if draft.egress is not None:
        egress = found.choose("network.egress", draft.egress, Egress)
    if preset is NetworkPreset.OPEN:
        # All ports are open already; a narrower wish beside it would only look like a limit.
        return NetworkSpec(preset, DEFAULT_EGRESS[preset])
    if egress is Egress.CIDRS and not draft.cidrs:
        found.add("network.cidrs", "Name at least one CIDR for egress cidrs.")
    if egress is not Egress.CIDRS and draft.cidrs:
        found.add("network.cidrs", "CIDRs count only with egress cidrs.")
    found.issues.extend((*cidr_issues(draft.cidrs), *found.house.egress_issues(draft.cidrs)))
    if egress is None:
        return None
    return NetworkSpec(
        preset, egress, accept_from_gateway=bool(draft.accept_from_gateway), cidrs=draft.cidrs
    )


def _expiry(
    draft: SpecDraft, policy: EnvironmentPolicy, env: str, now: datetime, found: Findings
) -> datetime | None:
    if draft.expires_in_days is not None and draft.expires_at is not None:
        found.add("expires_at", "Give expires_in_days or expires_at, not both.")
    if draft.expires_in_days is not None:
        path, wanted = "expires_in_days", timedelta(days=draft.expires_in_days)
    elif draft.expires_at is not None:
        path, wanted = "expires_at", draft.expires_at - now
    else:
        return now + policy.default_ttl if policy.default_ttl else None
    if policy.max_ttl is None:
        found.add(path, f"{env} has no expiry.", "POLICY_DENY")
    elif wanted < SOONEST:
        found.add(path, "The lifetime must end at least one minute from now.")
    elif wanted > policy.max_ttl:
        message = f"{env} allows a lifetime of at most {policy.max_ttl.days} days."
        found.add(path, message, "POLICY_DENY")
    return now + wanted


def _sleep(
    draft: SpecDraft, policy: EnvironmentPolicy, env: str, timezone: str, found: Findings
) -> SleepSchedule | None:
    if draft.sleep_windows is None:
        is_given = bool(policy.sleeps and timezone)
        return SleepSchedule.parse(timezone, policy.sleeps) if is_given else None
    if not draft.sleep_windows and draft.sleep_timezone is None:
        return None
    if not policy.may_sleep:
        found.add("sleep", f"What runs in {env} never sleeps.", "POLICY_DENY")
        return None
    windows = draft.sleep_windows
    return found.parse(lambda zone: SleepSchedule.parse(zone, windows), draft.sleep_timezone or "")


def _instant(text: str, path: str, found: Findings, now: datetime) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        found.add(path, f"{text!r} is no RFC 3339 time with a zone.")
    elif instant <= now:
        found.add(path, "The time must be in the future.")
    return instant


def _grant(
    index: int, entry: Mapping[str, Any], now: datetime, found: Findings
) -> AccessGrant | None:
    path = f"access[{index}]"
    kind = found.choose(f"{path}.kind", str(entry.get("kind", "")), SubjectKind)
    role = found.choose(f"{path}.role", str(entry.get("role", "")), AccessRole)
    until = entry.get("expires_at")
    expires_at = _instant(str(until), f"{path}.expires_at", found, now) if until else None
    if kind is None or role is None:
        return None
    return AccessGrant(kind, str(entry.get("name", "")), role, expires_at)


def _access(
    draft: SpecDraft, team: Team, environment: Environment, now: datetime, found: Findings
) -> tuple[AccessGrant, ...]:
    if draft.access is None:
        return team.default_access(environment)
    read = [_grant(index, entry, now, found) for index, entry in enumerate(draft.access)]
    grants = tuple(grant for grant in read if grant is not None)
    found.issues.extend(grant_issues(grants))
    if not any(grant.role is AccessRole.LEAD for grant in grants):
        found.add("access", "Somebody must have the role lead.")
    for index, grant in enumerate(grants):
        is_person = grant.kind is not SubjectKind.SERVICE_ACCOUNT
        if (
            environment is Environment.PRODUCTION
            and is_person
            and grant.role is AccessRole.DEVELOPER
        ):
            message = "In production people deploy through a ServiceAccount: give them viewer."
            found.add(f"access[{index}].role", message, "POLICY_DENY")
    return grants


def _texts(draft: SpecDraft, found: Findings) -> None:
    for path, text, limit in (
        ("display_name", draft.display_name, MAX_DISPLAY_NAME),
        ("description", draft.description, MAX_DESCRIPTION),
        ("owner", draft.owner or "", MAX_OWNER),
    ):
        found.issues.extend(text_issues(path, text, limit=limit))
    found.issues.extend(label_issues("labels", draft.labels, are_labels=True))
    found.issues.extend(label_issues("annotations", draft.annotations, are_labels=False))
    for index, feature in enumerate(draft.features):
        found.add(f"features[{index}]", _feature_words(feature), "CRD_MISSING")


def _feature_words(name: str) -> str:
    feature = feature_of(name)
    if feature is None:
        return f"There is no feature {name!r}."
    return f"Feature {feature.id} is not available. {NOT_MADE}"


def _cost_center(
    draft: SpecDraft, policy: EnvironmentPolicy, team: Team, env: str, found: Findings
) -> str:
    text = team.cost_center if draft.cost_center is None else draft.cost_center
    if not text and policy.cost_center_required:
        found.add("cost_center", f"A cost centre is required in {env}.", "POLICY_DENY")
    found.issues.extend(found.house.cost_center_issues(text))
    return text


def _name_warnings(name: NamespaceName, environment: Environment, found: Findings) -> None:
    text = str(name)
    if len(text) < 3 or text[0].isdigit():  # noqa: PLR2004 - the rule's own number
        found.warnings.append(FieldIssue("name", "Short or digit-first names read badly."))
    endings = {env.short: env for env in Environment}
    ending = endings.get(text.rsplit("-", 1)[-1])
    if ending is not None and ending is not environment:
        found.warnings.append(
            FieldIssue("name", f"The name ends like {ending}, the environment is {environment}.")
        )


def check_draft(
    draft: SpecDraft,
    *,
    teams: Mapping[TeamName, Team],
    actor: Actor,
    cluster: str,
    now: datetime,
    timezone: str = "",
    house: HouseRules | None = None,
    settled: frozenset[str] = frozenset(),
) -> Checked:
    """Check everything that needs no look at the cluster or the ledger.

    Args:
        draft: what somebody wrote.
        teams: teams the actor may request for.
        actor: who asks; the default owner.
        cluster: the cluster's name, the only one a draft may name.
        now: start of the lifetime.
        timezone: of the schedule that an environment gives; without one it gives none.
        house: what the administrators set; None is nothing.
        settled: fields that nobody asks to change: a rule they break is a warning.
    """
    found = Findings(house or HouseRules(), settled)
    name = found.parse(NamespaceName.parse, draft.name)
    team_name = found.parse(TeamName.parse, draft.team)
    team = teams.get(team_name) if team_name else None
    if team_name is not None and team is None:
        found.add("team", f"You cannot request namespaces for a team {team_name}.")
    environment = found.choose("environment", draft.environment, Environment)
    if draft.cluster not in (None, "", cluster):
        found.add("cluster", f"There is no cluster {draft.cluster!r}; this portal has {cluster}.")
    _texts(draft, found)
    if environment is None:
        return Checked(None, tuple(found.issues))
    policy, env = POLICIES[environment], environment.value
    tier = _tier(draft, policy, env, found)
    overrides = _overrides(draft, tier, found)
    network = _network(draft, policy, env, found)
    expires_at = _expiry(draft, policy, env, now, found)
    sleep = _sleep(draft, policy, env, timezone, found)
    if name is not None:
        _name_warnings(name, environment, found)
    if team is None:
        return Checked(None, tuple(found.issues), tuple(found.warnings))
    access = _access(draft, team, environment, now, found)
    cost_center = _cost_center(draft, policy, team, env, found)
    found.pass_what_is_settled()
    if found.issues or name is None or tier is None or network is None:
        return Checked(None, tuple(found.issues), tuple(found.warnings))
    spec = NamespaceSpec(
        name=name,
        team=team.name,
        environment=environment,
        tier=tier,
        network=network,
        owner=draft.owner or actor.subject,
        cluster=cluster,
        access=access,
        expires_at=expires_at,
        display_name=draft.display_name,
        description=draft.description,
        cost_center=cost_center,
        labels=dict(draft.labels),
        annotations=dict(draft.annotations),
        sleep=sleep,
        overrides=overrides,
    )
    return Checked(spec, (), tuple(found.warnings))
