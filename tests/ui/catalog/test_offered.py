"""The catalog without a browser: each choice shows what it makes, features why they are not."""

import pytest
import yaml

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.domain.features import FEATURES, NOT_MADE
from nsaas_app.domain.templates import TEMPLATES
from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.insights.features import feature_offers
from nsaas_app.insights.integrations import integrations_among
from nsaas_app.insights.offerings import Offerings
from nsaas_app.manifests.network_policies import NetworkSettings
from nsaas_app.ui.catalog.offered_rows import FeatureRow, item_address
from nsaas_app.ui.catalog.state import CatalogState
from tests.ui.conftest import OpenTab
from tests.ui.examples import NOW

CHOICES = [
    *(("tiers", tier.value) for tier in Tier),
    *(("environments", environment.value) for environment in Environment),
    *(("templates", template.id) for template in TEMPLATES),
]
OFFERINGS = Offerings(settings=NetworkSettings())


@pytest.mark.parametrize(("kind", "item"), CHOICES)
def test_every_choice_shows_the_objects_it_makes(kind: str, item: str) -> None:
    offered = OFFERINGS.of(kind, item)
    for one in offered.objects:
        manifest = yaml.safe_load(one.manifest)
        assert one.identity == f"{manifest['kind']}/{manifest['metadata']['name']}"
    kinds = {one.identity.partition("/")[0] for one in offered.objects}
    whole = {"Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding"}
    assert kinds == ({"ResourceQuota", "LimitRange"} if kind == "tiers" else whole)


def test_a_tiers_quota_is_that_of_its_column() -> None:
    quota = yaml.safe_load(OFFERINGS.of("tiers", "large").objects[0].manifest)
    assert quota["spec"]["hard"]["requests.cpu"] == TIERS[Tier.LARGE].quota["requests.cpu"]


@pytest.mark.parametrize(("kind", "item"), [("tiers", "huge"), ("nothing", "small"), ("tiers", "")])
def test_what_is_no_choice_is_not_found(kind: str, item: str) -> None:
    with pytest.raises(NotFoundError):
        OFFERINGS.of(kind, item)


def test_a_feature_that_is_not_there_says_why() -> None:
    offers = feature_offers(integrations_among([], {}, now=NOW))
    rows = {row.key: row for row in map(FeatureRow.of, offers)}
    assert list(rows) == [feature.id for feature in FEATURES]
    assert all(row.creates and row.reason.startswith(NOT_MADE) for row in rows.values())
    assert "API velero.io is not installed on this cluster." in rows["backup"].reason
    assert (rows["backup"].seen_at != "", rows["gpu-access"].seen_at) == (True, "")
    # What nobody looked at is not said to be absent.
    assert {offer.reason for offer in feature_offers([])} == {NOT_MADE}


async def test_a_choice_is_opened_by_the_address(open_tab: OpenTab) -> None:
    assert item_address("tiers", "small") == "/catalog?item=small"
    tab = await open_tab("/catalog?item=small", "frontend-viewer")
    await tab.until(lambda: tab.of(CatalogState).get("is_loaded"), "the page loads")
    offered = tab.of(CatalogState)["offered"]
    assert offered["title"] == "Tier small"
    assert offered["close_href"] == "/catalog"

    await tab.go("/catalog?kind=environments&item=small")
    await tab.until(lambda: not tab.of(CatalogState)["item"], "that is no environment")
    assert tab.of(CatalogState)["offered"]["title"] == ""
