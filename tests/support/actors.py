"""Actors of the dev teams, as a login session would give them."""

from nsaas_app.domain.actors import Actor
from nsaas_app.identity.dev import DEV_IDENTITIES, DEV_TEAMS
from nsaas_app.identity.roles import GlobalGroups, actor_from

__all__ = ["actor"]


def actor(name: str) -> Actor:
    """The actor of a dev identity: `frontend-dev`, `admin`, `auditor`, …"""
    return actor_from(
        DEV_IDENTITIES[name], teams=DEV_TEAMS, global_groups=GlobalGroups(), session="test"
    )
