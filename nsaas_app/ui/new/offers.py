"""What the wizard offers whatever is typed: teams, features, the usual duration."""

from ... import runtime
from ...domain.actors import Actor
from ...domain.requests import RequestKind
from ...identity.permissions import Permission, may_anywhere, refusal_of
from ...insights.features import feature_offers
from ..figures import duration
from .features import FeatureLine
from .sources import teams_to_ask_for

__all__ = ["offers"]


async def offers(actor: Actor) -> dict[str, object]:
    """Read the vars of what can be chosen.

    Raises:
        ForbiddenError: their role reads only.
    """
    if not may_anywhere(actor, Permission.NAMESPACE_REQUEST):
        raise refusal_of(Permission.NAMESPACE_REQUEST, actor)
    portal = runtime.current()
    usual = portal.requests.usual_duration(RequestKind.PROVISION)
    wait = portal.requests.usual_approval()
    offered_features = feature_offers(await portal.checkup.integrations(actor=actor))
    return {
        "teams": [str(team.name) for team in await teams_to_ask_for(actor)],
        "features": [FeatureLine.of(one) for one in offered_features],
        "has_gateway": bool(portal.settings.gateway_namespaces),
        "may_adopt": may_anywhere(actor, Permission.NAMESPACE_ADOPT),
        "usual": "" if usual is None else duration(usual.p50_ms),
        "usual_most": duration(usual.p95_ms) if usual and usual.tells_most else "",
        "usual_wait": "" if wait is None else duration(wait.p50_ms),
    }
