"""Specs for tests: one that says only what matters, and any that could ever be written."""

import string
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import NamespaceName, TeamName, is_reserved
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.teams import Team, TeamGroups
from nsaas_app.domain.tiers import Tier

__all__ = ["FRONTEND", "NOW", "grants", "instants", "labels", "names", "spec_of", "specs"]

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

FRONTEND = Team(
    TeamName("frontend"),
    groups=TeamGroups(
        viewer=("frontend-viewers",), developer=("frontend-devs",), lead=("frontend-leads",)
    ),
)


def spec_of(name: str = "frontend-shop-dev", **fields: Any) -> NamespaceSpec:
    """A small development namespace of team frontend, unless told otherwise."""
    environment = fields.get("environment", Environment.DEVELOPMENT)
    plain: dict[str, Any] = {
        "name": NamespaceName.parse(name),
        "team": FRONTEND.name,
        "environment": environment,
        "tier": Tier.SMALL,
        "network": NetworkSpec(NetworkPreset.TEAM_SHARED, Egress.INTERNET_HTTPS),
        "owner": "frontend-dev",
        "cluster": "local",
        "access": FRONTEND.default_access(environment),
    }
    return NamespaceSpec(**plain | fields)


names = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True).filter(
    lambda text: not is_reserved(text)
)
"""Every name a namespace may have."""

_teams = st.from_regex(r"[a-z0-9][a-z0-9-]{0,30}[a-z0-9]", fullmatch=True)
_printable = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)

instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2120, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
"""Aware instants, not all of them in UTC."""

grants = st.builds(
    AccessGrant,
    st.sampled_from(SubjectKind),
    _printable,
    st.sampled_from(AccessRole),
    st.none() | instants,
)

_word = st.text(string.ascii_letters + string.digits, min_size=1, max_size=20)
labels = st.dictionaries(st.builds("{}/{}".format, _word.map(str.lower), _word) | _word, _word)

_networks = st.builds(
    NetworkSpec,
    st.sampled_from(NetworkPreset),
    st.sampled_from(Egress),
    accept_from_gateway=st.booleans(),
    cidrs=st.lists(st.sampled_from(["198.51.100.0/24", "2001:db8::/32"])).map(tuple),
)


_overrides = st.dictionaries(
    st.sampled_from(["limits.cpu", "limits.memory"]), st.sampled_from(["9", "10"])
)
"""Numbers no tier has: they would be none."""


@st.composite
def specs(draw: st.DrawFn) -> NamespaceSpec:
    """Any complete spec."""
    text = st.text(max_size=40)
    return NamespaceSpec(
        name=NamespaceName.parse(draw(names)),
        team=TeamName.parse(draw(_teams)),
        environment=draw(st.sampled_from(Environment)),
        tier=draw(st.sampled_from(Tier)),
        network=draw(_networks),
        owner=draw(_printable),
        cluster=draw(_word),
        access=tuple(draw(st.lists(grants, max_size=4))),
        expires_at=draw(st.none() | instants),
        display_name=draw(text),
        description=draw(text),
        cost_center=draw(text),
        labels=draw(labels),
        annotations=draw(labels),
        certified_at=draw(st.none() | instants),
        overrides=draw(_overrides),
    )
