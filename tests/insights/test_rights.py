"""Rights: the shipped role is complete on the real API, and what lacks is named with its rule."""

from typing import Any

from nsaas_app.cluster.client import Cluster, Rule
from nsaas_app.insights.rights import missing_rights, review_rights
from nsaas_app.insights.shipped import read_shipped
from tests.support.controlplane import MANIFESTS

RULES = read_shipped(MANIFESTS).rules


def rule(group: str, resource: str, *verbs: str, names: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "apiGroups": [group], "resources": [resource], "verbs": list(verbs),
        "resourceNames": list(names),
    }  # fmt: skip


async def test_the_portals_account_has_every_right_of_the_shipped_role(cluster: Cluster) -> None:
    report = await review_rights(cluster, RULES)
    assert report.wanted > 50
    assert (report.missing, report.is_complete) == ((), True)


async def test_a_right_that_lacks_is_named_with_the_rule_to_add(cluster: Cluster) -> None:
    more = rule("", "secrets", "get", "list"), rule("", "podtemplates", "get", names=("one",))
    report = await review_rights(cluster, (*RULES, *more))
    assert [(one.resource, one.verbs, one.names) for one in report.missing] == [
        ("secrets", ("get", "list"), ()), ("podtemplates", ("get",), ("one",)),
    ]  # fmt: skip
    assert report.missing[1].rule == (
        '- {apiGroups: [""], resources: [podtemplates], verbs: [get], resourceNames: [one]}'
    )


def test_a_right_by_name_is_none_for_all() -> None:
    named = Rule(["get"], ["x"], ["things"], ["one"])
    assert missing_rights((rule("x", "things", "get", names=("one",)),), (named,)) == (1, ())
    assert missing_rights((rule("x", "things", "get"),), (named,))[1]
    assert missing_rights((rule("x", "things", "get", names=("two",)),), (named,))[1]


def test_stars_mean_everything() -> None:
    everything = Rule(["*"], ["*"], ["*"])
    assert missing_rights(RULES, (everything,))[1] == ()
    assert len(missing_rights(RULES, ())[1]) > 10
